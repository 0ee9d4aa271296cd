/** goose: one `<version>_<name>.sql` with `-- +goose Up` and `-- +goose Down`. */

import { books } from "./books.ts";
import type { MigrationFormat } from "../format.ts";
import { annotations } from "./annotations.ts";
import { renderGoose } from "./write.ts";
import { parseGoose } from "./read.ts";

/** goose's files. */
export const goose: MigrationFormat = {
  name: "goose",
  title: "goose",
  writes: true,
  wants: (path) => /^[^/]*\.(sql|go)$/.test(path),
  recognises(files) {
    const sql = files.filter((file) => /^[^/]*\.sql$/.test(file.path));
    const marked = sql.filter((file) => annotations(file).some(({ word }) => word === "up"));
    return marked.length === 0 ? 0 : marked.length / sql.length;
  },
  parse: parseGoose,
  render: renderGoose,
  books,
  apply: (folder) => `goose -dir ${folder} up`,
};
