/** `uncommitted-transaction`. */

import type { Rule } from "./rule.ts";

/** A transaction is begun and not ended. */
export const uncommittedTransaction: Rule = {
  code: "uncommitted-transaction",
  title: "A transaction is begun and not ended",
  why: "When the connection closes, the server takes all of it back.",
  instead: "Write COMMIT at the end.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mariadb", "mysql"],
  bad: [{
    setup: "",
    sql: "BEGIN; CREATE TABLE a (id bigint PRIMARY KEY);",
    outside: true,
  }],
  good: [{
    setup: "",
    sql: "BEGIN; CREATE TABLE a (id bigint PRIMARY KEY); COMMIT;",
    outside: true,
  }],
  check: ({ statements }) => {
    const all = statements.flatMap((statement) =>
      statement.operations.map(({ action }) => ({ statement, action }))
    );
    const last = all.findLast(({ action }) => /^(?:begin|commit|rollback)$/.test(action));
    return last?.action !== "begin"
      ? []
      : [{ statement: last.statement, message: "BEGIN has no COMMIT" }];
  },
};
