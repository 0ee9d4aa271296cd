/** `redundant-index`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";
import { tableNamed } from "./tables.ts";

/** An index begins as another one does. */
export const redundantIndex: Rule = {
  code: "redundant-index",
  title: "An index begins as another one does",
  why: "The longer one serves the same queries; the shorter one only costs.",
  instead: "Drop the one that is the beginning of the other.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX long ON t (a, b);",
    sql: "CREATE INDEX short ON t (a);",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX long ON t (a, b);",
    sql: "CREATE INDEX other ON t (b);",
  }],
  check: (migration) =>
    alarms(migration, ({ operation }) => {
      const { index, on, name = "" } = operation;
      if (index === undefined || index.isUnique || index.isPartial) return null;
      const table = tableNamed(migration.after, on, migration.nameKey);
      const key = (column: string) => migration.nameKey(column);
      const longer = table?.indexes.find((other) =>
        key(other.name) !== key(name) && !other.isPartial &&
        other.columns.length > index.columns.length &&
        index.columns.every((column, at) => key(column) === key(other.columns[at] ?? ""))
      );
      return longer === undefined ? null : `${longer.name} begins with the same columns`;
    }),
};
