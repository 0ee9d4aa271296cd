/** `mysql-copy`. */

import type { Rule } from "./rule.ts";

/** The server copies the table, row by row. */
export const mysqlCopy: Rule = {
  code: "mysql-copy",
  title: "The server copies the table row by row while writes wait",
  why:
    "It takes the statement with ALGORITHM=COPY only: every row is read and written, writes wait until it is done, and replicas fall behind.",
  instead:
    "On a large table use gh-ost or pt-online-schema-change, or add a new column, fill it in batches and swap.",
  severity: "error",
  engines: ["mariadb", "mysql"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, n int);",
    sql: "ALTER TABLE t MODIFY n bigint;",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, n int);",
    sql: "ALTER TABLE t ADD COLUMN m int;",
  }],
  check: ({ statements }) =>
    statements.flatMap((statement) => {
      const { measured, operations } = statement;
      if (measured?.algorithm !== "COPY") return [];
      const table = operations[0]?.on ?? "";
      const why = measured.reason === undefined ? "" : ` (${measured.reason})`;
      return [{ statement, object: table, message: `${table} is copied row by row${why}` }];
    }),
};
