/** dbmate: one `<version>_<name>.sql` with `-- migrate:up` and `-- migrate:down`. */

import { books } from "./books.ts";
import type { MigrationFormat } from "../format.ts";
import { renderDbmate } from "./write.ts";
import { hasUpMarker } from "./markers.ts";
import { isDbmateFile, parseDbmate } from "./read.ts";

/** dbmate's files. */
export const dbmate: MigrationFormat = {
  name: "dbmate",
  title: "dbmate",
  writes: true,
  wants: isDbmateFile,
  recognises(files) {
    const own = files.filter((file) => isDbmateFile(file.path));
    const marked = own.filter((file) => hasUpMarker(file.text));
    return marked.length === 0 ? 0 : marked.length / files.length;
  },
  parse: parseDbmate,
  render: renderDbmate,
  books,
  apply: (folder) => `dbmate --migrations-dir ${folder} up`,
};
