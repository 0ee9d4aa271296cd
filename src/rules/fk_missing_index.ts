/** `fk-missing-index`. */

import type { Rule } from "./rule.ts";
import { tableNamed, touches } from "./tables.ts";

/** A foreign key has no index on its columns. */
export const fkMissingIndex: Rule = {
  code: "fk-missing-index",
  title: "A foreign key has no index on its columns",
  why: "Each DELETE or UPDATE of the row that is referred to reads the whole table.",
  instead: "Create an index that begins with the columns of the key.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "sqlite"],
  bad: [{
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);",
    sql:
      "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;",
  }],
  good: [{
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint); CREATE INDEX i ON orders (user_id);",
    sql:
      "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;",
  }],
  check: (migration) =>
    touches(migration).flatMap(({ statement, operation }) => {
      const { after, nameKey } = migration;
      const keys = [
        ...[operation.constraint, ...operation.constraints ?? []].flatMap((clause) =>
          clause?.type === "foreign key" ? [clause.columns] : []
        ),
        ...[operation.column, ...operation.columns ?? []].flatMap((clause) =>
          clause === undefined || clause.references === null ? [] : [[clause.name]]
        ),
      ];
      const table = tableNamed(after, operation.on, nameKey);
      if (table === null) return [];
      const leading = [
        table.primaryKey,
        ...table.uniques,
        ...table.indexes.filter(({ isPartial }) => !isPartial).map(({ columns }) => columns),
      ];
      const isServed = (key: readonly string[]) =>
        leading.some((columns) => {
          const start = new Set(columns.slice(0, key.length).map(nameKey));
          return key.every((column) => start.has(nameKey(column)));
        });
      return keys.filter((key) => !isServed(key)).map((key) => ({
        statement,
        object: table.name,
        message: `No index of ${table.name} begins with ${key.join(", ")}`,
      }));
    }),
};
