/** sqlx: `<version>_<name>.sql`, or the pair `<version>_<name>.up.sql` and `.down.sql`. */

import { books } from "./books.ts";
import type { MigrationFormat } from "../format.ts";
import { renderSqlx } from "./write.ts";
import { isTimestamp } from "../versions.ts";
import { isSqlxFile, parseSqlx, sqlxFile } from "./read.ts";

/** sqlx's files. */
export const sqlx: MigrationFormat = {
  name: "sqlx",
  title: "sqlx",
  writes: true,
  wants: isSqlxFile,
  recognises(files) {
    const own = files.map((file) => sqlxFile(file.path)).filter((file) => file !== null);
    if (own.length === 0) return 0;
    const share = own.length / files.length;
    if (own.some((file) => file.kind === "simple")) {
      return share * (own.some((file) => isTimestamp(file.version)) ? 0.7 : 0.5);
    }
    return share * 0.8;
  },
  parse: parseSqlx,
  render: renderSqlx,
  books,
  apply: (folder) => `sqlx migrate run --source ${folder}`,
};
