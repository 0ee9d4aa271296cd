/** `transaction-nesting`. */

import type { ExaminedStatement, Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A script begins or ends a transaction although the runner does. */
export const transactionNesting: Rule = {
  code: "transaction-nesting",
  title: "A script begins or ends a transaction although the runner does",
  why:
    "COMMIT ends the runner's transaction: what follows runs without one, and the runner's own COMMIT fails or does nothing.",
  instead: "Leave BEGIN and COMMIT to the runner, or use its mark for no transaction.",
  severity: "warning",
  isOptional: true,
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "BEGIN; ALTER TABLE users ADD COLUMN x text; COMMIT;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN x text;",
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ statement, operation: { action } }) =>
        (action === "begin" || action === "commit") &&
          (migration.isWrapped || isNested(migration.statements, statement))
          ? "A transaction is open already, or ended by the runner"
          : null,
    ),
};

/** True for a BEGIN inside of a transaction that a BEGIN before it began. */
function isNested(all: readonly ExaminedStatement[], { index }: ExaminedStatement): boolean {
  const marks = all.slice(0, index + 1).flatMap(({ operations }) =>
    operations.flatMap(({ action }) => /^(?:begin|commit|rollback)$/.test(action) ? [action] : [])
  );
  return marks.at(-1) === "begin" && marks.at(-2) === "begin";
}
