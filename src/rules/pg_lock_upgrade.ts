/** `pg-lock-upgrade`. */

import type { Rule } from "./rule.ts";

/** A transaction locks a table weakly first, and strongly later. */
export const pgLockUpgrade: Rule = {
  code: "pg-lock-upgrade",
  title: "A transaction that has a weak lock on a table asks for a strong one",
  why:
    "Two that do this at once, the migration and the code or two runs of the migration, each wait for the weak lock of the other: a deadlock, which ends one of them.",
  instead:
    "Begin the transaction with the strongest lock (the ALTER TABLE, or LOCK TABLE), or put what reads and writes rows into a migration of its own.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer);",
    sql: "UPDATE t SET n = 1 WHERE n IS NULL; ALTER TABLE t ALTER COLUMN n SET DEFAULT 1;",
  }],
  good: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer);",
    sql: "ALTER TABLE t ALTER COLUMN n SET DEFAULT 1; UPDATE t SET n = 1 WHERE n IS NULL;",
  }, {
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer);",
    sql: "UPDATE t SET n = 1 WHERE n IS NULL; ALTER TABLE t ALTER COLUMN n SET DEFAULT 1;",
    outside: true,
  }],
  check: ({ statements, deadlocks }) =>
    statements.flatMap((statement) => {
      const { measured } = statement;
      const deadlock = deadlocks.find(({ index }) => index === statement.index);
      const other = deadlock === undefined ? undefined : statements[deadlock.other];
      if (other !== undefined) {
        return [{
          statement,
          object: measured?.locks.find(({ blocks }) => blocks !== "nothing")?.relation ?? "",
          message: `Two sessions that ran it at once ended in a deadlock: one at this statement, ${
            other === statement ? "the other too" : `the other at "${shortened(other.sql)}"`
          }`,
        }];
      }
      if (measured === null) return [];
      const strong = measured.locks.filter(({ blocks }) => blocks !== "nothing");
      const held = new Map<string, string[]>();
      for (const { relation, mode } of measured.held) {
        held.set(relation, [...held.get(relation) ?? [], mode]);
      }
      const found = strong.find(({ relation }) => {
        const modes = held.get(relation) ?? [];
        return modes.includes(WRITES) && modes.every((mode) => WEAK.includes(mode));
      });
      if (found === undefined) return [];
      const { relation, mode } = found;
      return [{
        statement,
        object: relation,
        message: `${mode} on ${relation} is asked for while its rows were written already`,
      }];
    }),
};

/** What UPDATE, DELETE and INSERT take. */
const WRITES = "RowExclusiveLock";

/** Modes that two transactions may have at once. */
const WEAK: readonly string[] = ["AccessShareLock", "RowShareLock", WRITES];

function shortened(sql: string): string {
  const line = sql.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}...` : line;
}
