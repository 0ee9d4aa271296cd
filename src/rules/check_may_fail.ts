/** `check-may-fail`. */

import type { Rule } from "./rule.ts";
import { refusedRebuilds } from "./refused_rebuilds.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A check is added although rows may not pass it. */
export const checkMayFail: Rule = {
  code: "check-may-fail",
  title: "A check is added although rows may not pass it",
  why: "One row that does not pass makes the statement fail.",
  instead:
    "Mend the rows first; on Postgres add the check NOT VALID and validate it in a later migration.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, age integer);",
    sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17);",
  }],
  good: [{
    setup: "",
    sql:
      "CREATE TABLE users (id integer PRIMARY KEY, age integer); ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17);",
  }],
  check: (migration) => [
    ...alarmsOnOld(
      migration,
      ({ statement, operation, table }) =>
        (operation.action === "add-constraint" && operation.constraint?.type === "check" &&
            !operation.constraint.isUnvalidated) ||
          (operation.column?.hasCheck === true && statement.isRefusedByRows)
          ? `Rows of ${table.name} may not pass the check`
          : null,
    ),
    ...refusedRebuilds(migration, /^CHECK constraint/, "may not pass the check"),
  ],
};
