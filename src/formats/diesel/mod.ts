/** Diesel: a folder `<version>_<name>` with `up.sql`, `down.sql` and at times `metadata.toml`. */

import { books } from "./books.ts";
import { renderDiesel } from "./write.ts";
import type { MigrationFormat } from "../format.ts";
import { parseDiesel } from "./read.ts";

/** Diesel's folders. */
export const diesel: MigrationFormat = {
  name: "diesel",
  title: "Diesel",
  writes: true,
  wants: (path) => /^[^/.][^/]*\/(?:up\.sql|down\.sql|metadata\.toml)$/.test(path),
  recognises(files) {
    const own = files.filter((file) => diesel.wants(file.path));
    return own.some((file) => file.path.endsWith("/up.sql")) ? own.length / files.length : 0;
  },
  parse: parseDiesel,
  render: renderDiesel,
  books,
  apply: (folder) => `diesel migration run --migration-dir ${folder}`,
};
