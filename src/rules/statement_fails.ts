/** `statement-fails`. */

import type { Rule } from "./rule.ts";

/** The server refuses a statement, whatever rows there are. */
export const statementFails: Rule = {
  code: "statement-fails",
  title: "The server refuses a statement",
  why: "The migration does not run, not even on empty tables.",
  instead: "Mend the statement; `aim validate` runs the whole history.",
  severity: "error",
  engines: ["postgres", "sqlite", "mariadb", "mysql"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, n int);",
    sql: "UPDATE t SET n = 1, n = 2 WHERE id = 1;",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, n int);",
    sql: "UPDATE t SET n = 1 WHERE id = 1;",
  }],
  check: ({ statements }) =>
    statements.flatMap((statement) =>
      statement.failure === null || statement.isRefusedByRows
        ? []
        : [{ statement, message: `The statement fails: ${statement.failure}` }]
    ),
};
