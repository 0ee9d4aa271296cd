/** `pg-drop-index-not-concurrent`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** An index is dropped while its table waits. */
export const pgDropIndexNotConcurrent: Rule = {
  code: "pg-drop-index-not-concurrent",
  title: "An index is dropped while its table waits",
  why:
    "DROP INDEX takes an ACCESS EXCLUSIVE lock on the table: short, but it waits behind every running query and everybody else behind it.",
  instead: "DROP INDEX CONCURRENTLY, outside of a transaction.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id int PRIMARY KEY, email text); CREATE INDEX i ON users (email);",
    sql: "DROP INDEX i;",
  }],
  good: [{
    setup: "CREATE TABLE users (id int PRIMARY KEY, email text); CREATE INDEX i ON users (email);",
    sql: "DROP INDEX CONCURRENTLY i;",
    outside: true,
  }],
  check: (migration) => {
    const { before, nameKey } = migration;
    const tableOf = (index: string) =>
      before.find(({ indexes }) =>
        indexes.some(({ name }) =>
          nameKey(name) === nameKey(index) || nameKey(index).endsWith(`.${nameKey(name)}`)
        )
      );
    return alarms(migration, ({ operation: { action, kind, isConcurrent, on } }) => {
      const table = action === "drop" && kind === "index" && isConcurrent !== true
        ? tableOf(on)
        : undefined;
      return table === undefined
        ? null
        : `Reads and writes of ${table.name} wait while ${on} is dropped`;
    });
  },
};
