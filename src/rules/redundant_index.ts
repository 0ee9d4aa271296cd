/** `redundant-index`. */

import type { IndexClause } from "../core/operation.ts";
import type { TableShape } from "../core/shape.ts";
import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";
import { tableNamed } from "./tables.ts";

/** An index begins as another one does. */
export const redundantIndex: Rule = {
  code: "redundant-index",
  title: "An index begins as another one does, or is the same",
  why: "The longer one serves the same queries; the shorter one only costs.",
  instead: "Drop the one that is the beginning of the other.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX long ON t (a, b);",
    sql: "CREATE INDEX short ON t (a);",
  }, {
    setup: "CREATE TABLE t (id int PRIMARY KEY, a int);",
    sql: "CREATE INDEX again ON t (id);",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX long ON t (a, b);",
    sql: "CREATE INDEX other ON t (b);",
  }],
  check: (migration) => {
    const { before, after, nameKey } = migration;
    return alarms(migration, ({ operation: { action, index, on, name } }) => {
      const table = tableNamed(after, on, nameKey);
      if (action !== "create" || index === undefined || table === null) return null;
      if (index.isUnique || index.isPartial || index.method !== "btree") return null;
      const had = new Set(tableNamed(before, on, nameKey)?.indexes.map((one) => one.name));
      const isOther = (other: string) =>
        name === undefined ? had.has(other) : nameKey(other) !== nameKey(name);
      const longer = othersOf(table).find(({ name, columns }) =>
        isOther(name) && isBeginning(index, columns.map(nameKey), nameKey)
      );
      return longer === undefined ? null : `${longer.name} begins with the same columns`;
    });
  },
};

function othersOf({ indexes, primaryKey, uniques }: TableShape) {
  return [
    ...indexes.filter(({ isPartial, method }) => !isPartial && method === "btree"),
    { name: "the primary key", columns: primaryKey },
    ...uniques.map((columns) => ({ name: "a unique key", columns })),
  ];
}

function isBeginning(
  { columns }: IndexClause,
  longer: readonly string[],
  nameKey: (name: string) => string,
): boolean {
  return columns.length > 0 && columns.length <= longer.length &&
    columns.every((column, at) => nameKey(column) === longer[at]);
}
