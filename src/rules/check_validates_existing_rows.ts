/** `check-validates-existing-rows`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A check looks at all rows while reads and writes wait. */
export const checkValidatesExistingRows: Rule = {
  code: "check-validates-existing-rows",
  title: "A check looks at all rows while reads and writes wait",
  why: "ADD CONSTRAINT ... CHECK holds its lock until every row was looked at.",
  instead:
    "Add it NOT VALID, and VALIDATE CONSTRAINT in a later migration: that reads the table without blocking anybody.",
  severity: "warning",
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer);",
    sql: "ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0);",
  }],
  good: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer);",
    sql: "ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0) NOT VALID;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        (operation.action === "add-constraint" && operation.constraint?.type === "check" &&
            !operation.constraint.isUnvalidated) ||
          (operation.action === "add-column" && operation.column?.hasCheck === true)
          ? `All rows of ${table.name} are checked while reads and writes wait`
          : null,
    ),
};
