/** `set-not-null-scan`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A table is read whole under an ACCESS EXCLUSIVE lock. */
export const setNotNullScan: Rule = {
  code: "set-not-null-scan",
  title: "A table is read whole under an ACCESS EXCLUSIVE lock",
  why:
    "SET NOT NULL looks at every row while reads and writes wait, unless a validated check proves that there is no NULL.",
  instead:
    "ADD CONSTRAINT ... CHECK (c IS NOT NULL) NOT VALID, VALIDATE it in a later migration, then SET NOT NULL and drop the check. Postgres 18 takes ADD CONSTRAINT ... NOT NULL c NOT VALID.",
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
      const { action, constraint } = operation;
      const isKey = action === "add-constraint" && constraint?.type === "primary key" &&
        constraint.index !== null;
      const isClause = action === "add-constraint" && constraint?.type === "not null" &&
        !constraint.isUnvalidated;
      if (action !== "set-not-null" && !isKey && !isClause) return null;
      // Servers before 12 do not look for a check that proves it.
      const isOld = migration.version !== null && migration.version < 12;
      return isOld || statement.measured?.scans.includes(table.name)
        ? `${table.name} is read whole while reads and writes wait`
        : null;
    }),
};
