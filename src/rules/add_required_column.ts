/** `add-required-column`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld, isUnfilled } from "./alarms.ts";

/** A required column without a default is added to a table that may have rows. */
export const addRequiredColumn: Rule = {
  code: "add-required-column",
  title: "A required column without a default is added to a table that may have rows",
  why:
    "With one row in the table the statement fails; code that is deployed and does not know the column fails at every insert.",
  instead: "Add it with a default, or nullable; fill it; then make it required.",
  severity: "error",
  engines: ["postgres", "sqlite"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN age integer NOT NULL;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN age integer NOT NULL DEFAULT 0;",
  }, {
    setup: "",
    sql: "CREATE TABLE t (id integer PRIMARY KEY); ALTER TABLE t ADD COLUMN age integer NOT NULL;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        isUnfilled(operation.column)
          ? `Rows of ${table.name} have no value for the required column ${operation.name}`
          : null,
    ),
};
