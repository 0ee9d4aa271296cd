/** `not-null-may-fail`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";
import { columnNamed } from "./tables.ts";

/** A column becomes required although rows may hold NULL. */
export const notNullMayFail: Rule = {
  code: "not-null-may-fail",
  title: "A column becomes required although rows may hold NULL",
  why: "One row with NULL makes the statement fail.",
  instead:
    "Fill the column first, in batches, and keep new NULLs out by a default or by CHECK (... IS NOT NULL) NOT VALID.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ALTER COLUMN email SET NOT NULL;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text CHECK (email IS NOT NULL));",
    sql: "ALTER TABLE users ALTER COLUMN email SET NOT NULL;",
  }],
  check: (migration) =>
    alarmsOnOld(migration, ({ statement, operation, table }) => {
      if (operation.action !== "set-not-null") return null;
      const column = columnNamed(table, operation.name, migration.nameKey);
      if (column === null || column.isRequired) return null;
      const isProven = !statement.isRefusedByRows && statement.measured?.scans.length === 0;
      return isProven ? null : `Rows of ${table.name} may hold NULL in ${column.name}`;
    }),
};
