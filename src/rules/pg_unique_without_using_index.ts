/** `pg-unique-without-using-index`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A unique constraint builds its index while reads and writes wait. */
export const pgUniqueWithoutUsingIndex: Rule = {
  code: "pg-unique-without-using-index",
  title: "A unique constraint builds its index while reads and writes wait",
  why: "ADD UNIQUE holds an ACCESS EXCLUSIVE lock until the index is built.",
  instead: "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX.",
  severity: "error",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD CONSTRAINT u UNIQUE (email);",
  }],
  good: [{
    setup:
      "CREATE TABLE users (id integer PRIMARY KEY, email text); CREATE UNIQUE INDEX u ON users (email);",
    sql: "ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        (operation.constraint?.type === "unique" && operation.constraint.index === null) ||
          operation.column?.isUnique === true
          ? `The index of the unique key is built while reads and writes of ${table.name} wait`
          : null,
    ),
};
