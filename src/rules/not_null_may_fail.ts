/** `not-null-may-fail`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";
import { refusedRebuilds } from "./refused_rebuilds.ts";
import { columnNamed, onOldTables } from "./tables.ts";

/** A column becomes required although rows may hold NULL. */
export const notNullMayFail: Rule = {
  code: "not-null-may-fail",
  title: "A column becomes required although rows may hold NULL",
  why: "One row with NULL makes the statement fail.",
  instead:
    "Fill the column first, in batches, and keep new NULLs out by a default or by CHECK (... IS NOT NULL) NOT VALID.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ALTER COLUMN email SET NOT NULL;",
  }, {
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD CONSTRAINT n NOT NULL email;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text CHECK (email IS NOT NULL));",
    sql: "ALTER TABLE users ALTER COLUMN email SET NOT NULL;",
  }, {
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql:
      "UPDATE users SET email = '' WHERE email IS NULL; ALTER TABLE users ALTER COLUMN email SET NOT NULL;",
  }],
  check: (migration) => [
    ...alarmsOnOld(migration, ({ statement, operation, table }) => {
      const { action, constraint } = operation;
      const isClause = constraint?.type === "not null" && !constraint.isUnvalidated;
      if (action !== "set-not-null" && !isClause) return null;
      const name = isClause ? constraint.columns[0] : operation.name;
      const column = columnNamed(table, name, migration.nameKey);
      if (column === null || column.isRequired) return null;
      const isRead = migration.dialect !== "postgres" || statement.measured?.scans.length !== 0;
      // Rows with NULL were there, and the migration has filled them.
      const isFilled = onOldTables(migration).some((other) =>
        other.operation.action === "update" && other.table.id === table.id &&
        other.statement.index < statement.index && other.statement.sql.includes(column.name)
      );
      return statement.isRefusedByRows || (isRead && !isFilled)
        ? `Rows of ${table.name} may hold NULL in ${column.name}`
        : null;
    }),
    ...refusedRebuilds(migration, /^NOT NULL constraint/, "may hold NULL"),
  ],
};
