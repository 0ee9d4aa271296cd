/** `pg-statement-while-holding-exclusive-lock`. */

import type { Rule } from "./rule.ts";

/** More is done while an ACCESS EXCLUSIVE lock is held. */
export const pgStatementWhileHoldingExclusiveLock: Rule = {
  code: "pg-statement-while-holding-exclusive-lock",
  title: "More is done while an ACCESS EXCLUSIVE lock is held",
  why:
    "The lock is kept until the transaction ends: everybody waits for the sum of all statements behind it.",
  instead: "Put the statement that needs the lock last, or into a migration of its own.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql:
      "BEGIN; ALTER TABLE users ADD COLUMN x text; UPDATE users SET x = 'a' WHERE id = 1; COMMIT;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN x text;",
  }],
  check: ({ statements }) => {
    const first = statements.find(({ measured, operations }) =>
      measured?.held.some(({ mode }) => mode === "AccessExclusiveLock") === true &&
      operations.some(({ action }) => !QUIET.has(action))
    );
    const lock = first?.measured?.held.find(({ mode }) => mode === "AccessExclusiveLock");
    return first === undefined || lock === undefined ? [] : [{
      statement: first,
      object: lock.relation,
      message: `${lock.relation} is locked for everybody until this is done as well`,
    }];
  },
};

/** What takes no time. */
const QUIET: ReadonlySet<string> = new Set(["set", "begin", "commit", "rollback"]);
