/** `pg-vacuum-full`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A table is rewritten by VACUUM FULL. */
export const pgVacuumFull: Rule = {
  code: "pg-vacuum-full",
  title: "A table is rewritten by VACUUM FULL",
  why: "It holds an ACCESS EXCLUSIVE lock until the whole table was copied.",
  instead: "Plain VACUUM frees room for new rows; pg_repack rewrites a table online.",
  severity: "error",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "VACUUM FULL users;",
    outside: true,
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "VACUUM users;",
    outside: true,
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, value, on }, isNew }) =>
        action === "rebuild" && value === "vacuum full" && !isNew
          ? `${on === "" ? "Every table" : on} is rewritten while reads and writes wait`
          : null,
    ),
};
