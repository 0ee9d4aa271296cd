/** `pg-concurrently-in-transaction`. */

import type { Operation } from "../core/operation.ts";
import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** CONCURRENTLY stands in a transaction. */
export const pgConcurrentlyInTransaction: Rule = {
  code: "pg-concurrently-in-transaction",
  title: "CONCURRENTLY stands in a transaction",
  why: "The server refuses it there: the migration fails when it is run.",
  instead: "Give it a migration of its own, with the runner's mark for no transaction.",
  severity: "error",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "BEGIN; CREATE INDEX CONCURRENTLY i ON users (email); COMMIT;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "CREATE INDEX CONCURRENTLY i ON users (email);",
    outside: true,
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ statement, operation: { isConcurrent, action } }) =>
        isConcurrent === true && action !== "refresh" &&
          (statement.transaction !== null || isCode(statement.operations))
          ? "CONCURRENTLY cannot run inside a transaction block"
          : null,
    ),
};

/** A block of code is a transaction of its own. */
function isCode(operations: readonly Operation[]): boolean {
  return operations.some(({ action }) => action === "run-code");
}
