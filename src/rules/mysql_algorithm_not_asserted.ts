/** `mysql-algorithm-not-asserted`. */

import type { Rule } from "./rule.ts";

/** Nothing makes the server refuse a slower way than was expected. */
export const mysqlAlgorithmNotAsserted: Rule = {
  code: "mysql-algorithm-not-asserted",
  title: "ALTER TABLE does not say how the table may be altered",
  why:
    "Where the server of production cannot do it the quick way (another version, another column in the table), it copies the table without a word.",
  instead:
    "Add the ALGORITHM and LOCK that were measured: the statement then fails at once instead of stopping writes.",
  severity: "info",
  engines: ["mariadb", "mysql"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY);",
    sql: "ALTER TABLE t ADD COLUMN n int;",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY);",
    sql: "ALTER TABLE t ADD COLUMN n int, ALGORITHM=INSTANT;",
  }],
  check: ({ statements }) =>
    statements.flatMap((statement) => {
      const { measured, operations } = statement;
      const isSaid = operations.some(({ action, name }) =>
        action === "set-option" && name === "algorithm"
      );
      const algorithm = measured?.algorithm;
      if (isSaid || algorithm === undefined) return [];
      const table = operations[0]?.on ?? "";
      const message = `${table} is altered without ALGORITHM=${algorithm}, which the server takes`;
      return [{ statement, object: table, message }];
    }),
};
