/** `rename-column`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";
import { rebuilds } from "./tables.ts";

/** A column is renamed. */
export const renameColumn: Rule = {
  code: "rename-column",
  title: "A column is renamed",
  why: "Code that is deployed uses the old name and fails until the new release is everywhere.",
  instead: "Add the new column, write both, copy, and drop the old one in a later release.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users RENAME COLUMN email TO mail;",
  }],
  good: [{ setup: "", sql: "CREATE TABLE t (a int); ALTER TABLE t RENAME COLUMN a TO b;" }],
  check: (migration) => [
    ...alarmsOnOld(
      migration,
      ({ operation, table }) =>
        operation.action === "rename-column"
          ? `Code that uses ${table.name}.${operation.name} fails until it is deployed with ${operation.newName}`
          : null,
    ),
    ...rebuilds(migration).flatMap(({ statement, table, renames }) =>
      [...renames].map(([from, to]) => ({
        statement,
        object: table.name,
        message: `Code that uses ${table.name}.${from} fails until it is deployed with ${to}`,
      }))
    ),
  ],
};
