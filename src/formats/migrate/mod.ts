/** golang-migrate: `000001_add_email.up.sql` and `000001_add_email.down.sql`. */

import { books } from "./books.ts";
import type { MigrationFormat } from "../format.ts";
import { pairFile } from "../pairs.ts";
import { renderMigrate } from "./write.ts";
import { parseMigrate } from "./read.ts";

/** golang-migrate's files, and those of tools that pair `.up.sql` and `.down.sql` as it does. */
export const migrate: MigrationFormat = {
  name: "migrate",
  title: "golang-migrate",
  writes: true,
  wants: (path) => pairFile(path) !== null,
  recognises(files) {
    const pairs = files.filter((file) => pairFile(file.path) !== null).length;
    return pairs === 0 ? 0 : 0.9 * pairs / files.length;
  },
  parse: parseMigrate,
  render: renderMigrate,
  books,
  apply: (folder) => `migrate -path ${folder} -database "$DATABASE_URL" up`,
};
