/** `pg-exclusion-constraint`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** An exclusion constraint builds its index while reads and writes wait. */
export const pgExclusionConstraint: Rule = {
  code: "pg-exclusion-constraint",
  title: "An exclusion constraint builds its index while reads and writes wait",
  why:
    "There is no way to add one without an ACCESS EXCLUSIVE lock for as long as its index takes.",
  instead: "Add it in a maintenance window, or to a new table.",
  severity: "error",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD CONSTRAINT x EXCLUDE USING btree (email WITH =);",
  }],
  good: [{ setup: "", sql: "CREATE TABLE t (id int, EXCLUDE USING btree (id WITH =));" }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        operation.constraint?.type === "exclusion"
          ? `The index of the exclusion constraint is built while reads and writes of ${table.name} wait`
          : null,
    ),
};
