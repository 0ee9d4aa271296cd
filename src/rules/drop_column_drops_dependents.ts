/** `drop-column-drops-dependents`. */

import type { Rule } from "./rule.ts";
import { onOldTables } from "./tables.ts";

/** More goes than the column. */
export const dropColumnDropsDependents: Rule = {
  code: "drop-column-drops-dependents",
  title: "More goes than the column",
  why:
    "CASCADE drops views and keys that use the column; an index or a constraint on several columns goes without a word when one of them does.",
  instead:
    "Drop each of them by name, so that a reader sees it, and make those again that are to stay.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup:
      "CREATE TABLE users (id int PRIMARY KEY, email text); CREATE VIEW v AS SELECT email FROM users;",
    sql: "ALTER TABLE users DROP COLUMN email CASCADE;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users DROP COLUMN email;",
  }],
  check: (migration) =>
    onOldTables(migration).flatMap(({ statement, operation, table }) => {
      if (operation.action !== "drop-column") return [];
      const key = migration.nameKey(operation.name ?? "");
      const holds = (columns: readonly string[]) =>
        columns.length > 1 && columns.some((column) => migration.nameKey(column) === key);
      const gone = [
        ...statement.measured?.cascades ?? [],
        ...table.indexes.filter(({ columns }) => holds(columns)).map(({ name }) => `index ${name}`),
        ...table.uniques.filter(holds).map((columns) => `the unique key on ${columns.join(", ")}`),
        ...table.foreignKeys.filter(({ columns }) => holds(columns)).map(({ name }) =>
          `the foreign key ${name}`
        ),
      ];
      return gone.length === 0 ? [] : [{
        statement,
        object: `${table.name}.${operation.name}`,
        message: `With ${table.name}.${operation.name} goes ${gone.join(", ")}`,
      }];
    }),
};
