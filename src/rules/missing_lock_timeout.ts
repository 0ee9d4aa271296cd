/** `pg-missing-lock-timeout`. */

import type { Rule } from "./rule.ts";

/** A strong lock is waited for without an end. */
export const missingLockTimeout: Rule = {
  code: "pg-missing-lock-timeout",
  title: "A strong lock is waited for without a limit",
  why:
    "While the statement waits behind one long query, everything that comes after it waits behind the statement: even an instant ALTER TABLE can stop all traffic.",
  instead: "SET lock_timeout = '2s' before it, and let the runner try again when it fails.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id bigint PRIMARY KEY);",
    sql: "ALTER TABLE users ADD COLUMN name text;",
  }],
  good: [{
    setup: "CREATE TABLE users (id bigint PRIMARY KEY);",
    sql: "SET lock_timeout = '2s'; ALTER TABLE users ADD COLUMN name text;",
  }],
  check: ({ statements }) => {
    const first = statements.find(({ measured }) =>
      measured !== null && measured.lockTimeout === 0 &&
      measured.locks.some(({ blocks }) => blocks !== "nothing")
    );
    if (first?.measured === undefined || first.measured === null) return [];
    const lock = first.measured.locks.find(({ blocks }) => blocks !== "nothing");
    return [{
      statement: first,
      object: lock?.relation ?? "",
      message: `No lock_timeout while ${lock?.mode} on ${lock?.relation} is waited for`,
    }];
  },
};
