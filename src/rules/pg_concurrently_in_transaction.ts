/** `pg-concurrently-in-transaction`. */

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
        isConcurrent === true && action !== "refresh" && statement.transaction !== null
          ? "CONCURRENTLY cannot run inside a transaction block"
          : null,
    ),
};
