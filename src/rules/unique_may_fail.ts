/** `unique-may-fail`. */

import type { Rule } from "./rule.ts";
import type { TableShape } from "../core/shape.ts";
import { refusedRebuilds } from "./refused_rebuilds.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A unique key is added although rows may hold the same values twice. */
export const uniqueMayFail: Rule = {
  code: "unique-may-fail",
  title: "A unique key is added although rows may hold the same values twice",
  why:
    "One pair of equal rows makes the statement fail; CONCURRENTLY then leaves an invalid index behind.",
  instead: "Look for duplicates first, decide which row stays, and merge them.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "CREATE UNIQUE INDEX users_email ON users (email);",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text UNIQUE);",
    sql: "CREATE UNIQUE INDEX users_email ON users (email, id);",
  }],
  check: (migration) => [
    ...alarmsOnOld(migration, ({ statement, operation, table }) => {
      const { action, index, constraint, column, isConcurrent } = operation;
      if (column?.isUnique === true && statement.isRefusedByRows) {
        return `Rows of ${table.name} all get the same ${column.name}`;
      }
      const columns = action === "create" && index?.isUnique === true
        ? index.columns
        : (constraint?.type === "unique" || constraint?.type === "primary key") &&
            constraint.index === null
        ? constraint.columns
        : null;
      if (columns === null || isUniqueAlready(table, columns, migration.nameKey)) return null;
      const also = isConcurrent === true ? ", which leaves an invalid index" : "";
      return statement.isRefusedByRows || statement.failure !== null || columns.length > 0
        ? `Rows of ${table.name} may have the same ${columns.join(", ")} twice${also}`
        : null;
    }),
    ...refusedRebuilds(migration, /^UNIQUE constraint/, "may have the same values twice"),
  ],
};

/** True where some of the columns are a key of the table. */
function isUniqueAlready(
  { primaryKey, uniques, indexes }: TableShape,
  columns: readonly string[],
  nameKey: (name: string) => string,
): boolean {
  const wanted = new Set(columns.map(nameKey));
  const keys = [
    primaryKey,
    ...uniques,
    ...indexes.filter(({ isUnique, isPartial }) => isUnique && !isPartial).map((one) =>
      one.columns
    ),
  ];
  return keys.some((key) => key.length > 0 && key.every((column) => wanted.has(nameKey(column))));
}
