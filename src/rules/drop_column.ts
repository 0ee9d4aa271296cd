/** `drop-column`. */

import type { Rule } from "./rule.ts";
import { columnNamed, onOldTables, rebuilds } from "./tables.ts";

/** A column with its values goes. */
export const dropColumn: Rule = {
  code: "drop-column",
  title: "A column is dropped with its values",
  why:
    "The values are lost, and code that still reads or writes the column fails from that moment on.",
  instead:
    "Let the code stop using the column in one release and drop it in a later one; keep the values elsewhere if they may be needed.",
  severity: "error",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users DROP COLUMN email;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY);",
    sql: "ALTER TABLE users ADD COLUMN email text; ALTER TABLE users DROP COLUMN email;",
  }],
  check: (migration) => [
    ...onOldTables(migration).flatMap(({ statement, operation, table }) => {
      if (operation.action !== "drop-column") return [];
      const column = columnNamed(table, operation.name, migration.nameKey);
      if (column === null || column.isVirtual) return [];
      const object = `${table.name}.${column.name}`;
      return [{ statement, object, message: `Column ${object} is dropped with its values` }];
    }),
    ...rebuilds(migration).flatMap(({ statement, table, after, renames }) =>
      table.columns.filter(({ name, isVirtual }) =>
        !isVirtual && !renames.has(name) && columnNamed(after, name, migration.nameKey) === null
      )
        .map(({ name }) => ({
          statement,
          object: `${table.name}.${name}`,
          message: `Column ${table.name}.${name} is not in the table that takes its place`,
        }))
    ),
  ],
};
