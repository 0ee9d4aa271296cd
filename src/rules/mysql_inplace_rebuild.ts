/** `mysql-inplace-rebuild`. */

import type { Rule } from "./rule.ts";

/** The server builds the table anew while it is used. */
export const mysqlInplaceRebuild: Rule = {
  code: "mysql-inplace-rebuild",
  title: "The server builds the table anew",
  why:
    "Reads and writes go on, but all of the table is written again: it takes the disk and the time of that, the log of changes may overflow, and replicas fall behind.",
  instead: "Do it at a quiet hour; on a large table use gh-ost or pt-online-schema-change.",
  severity: "warning",
  engines: ["mariadb", "mysql"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, n int);",
    sql: "ALTER TABLE t MODIFY n int NOT NULL;",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, n int);",
    sql: "ALTER TABLE t ADD INDEX i (n);",
  }],
  check: ({ statements }) =>
    statements.flatMap((statement) => {
      const { measured, operations } = statement;
      const optimized = operations.filter(({ value }) => value === "optimize");
      if (optimized.length > 0) {
        return optimized.map(({ on }) => ({
          statement,
          object: on,
          message: `${on} is built anew while it is used`,
        }));
      }
      if (measured?.algorithm !== "INPLACE") return [];
      return measured.rewrites.map((table) => ({
        statement,
        object: table,
        message: `${table} is built anew while it is used`,
      }));
    }),
};
