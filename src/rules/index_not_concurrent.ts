/** `pg-index-not-concurrent`. */

import type { ExaminedStatement, Rule } from "./rule.ts";
import { onOldTables } from "./tables.ts";

/** An index is built while writers wait. */
export const indexNotConcurrent: Rule = {
  code: "pg-index-not-concurrent",
  title: "An index is built while nobody can write to its table",
  why:
    "CREATE INDEX holds a SHARE lock until it is done, which takes as long as the table is large: every INSERT, UPDATE and DELETE waits.",
  instead:
    "CREATE INDEX CONCURRENTLY, outside of a transaction and alone in its migration. When it fails it leaves an invalid index, which is to be dropped first.",
  severity: "error",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id bigint PRIMARY KEY, email text);",
    sql: "CREATE INDEX users_email_idx ON users (email);",
  }],
  good: [
    {
      setup: "CREATE TABLE users (id bigint PRIMARY KEY, email text);",
      sql: "CREATE INDEX CONCURRENTLY users_email_idx ON users (email);",
      outside: true,
    },
    {
      setup: "",
      sql: "CREATE TABLE users (id bigint, email text); CREATE INDEX i ON users (email);",
    },
  ],
  check: (migration) =>
    onOldTables(migration).flatMap((
      { statement, operation: { action, kind, isConcurrent }, table },
    ) =>
      action === "create" && kind === "index" && isConcurrent !== true && !buildsNothing(statement)
        ? [{
          statement,
          object: table.name,
          message: `Writes to ${table.name} wait while the index is built`,
        }]
        : []
    ),
};

/** True for an index that is there already, and for one of the partitioned table ONLY. */
function buildsNothing({ measured, failure }: ExaminedStatement): boolean {
  return failure === null && measured !== null && measured.builds.length === 0;
}
