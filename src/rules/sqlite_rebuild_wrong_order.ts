/** `sqlite-rebuild-wrong-order`. */

import type { Rule } from "./rule.ts";
import { touches } from "./tables.ts";

/** A rebuild that begins with renaming the old table. */
export const sqliteRebuildWrongOrder: Rule = {
  code: "sqlite-rebuild-wrong-order",
  title: "A table is rebuilt by renaming the old one first",
  why:
    "ALTER TABLE ... RENAME takes the references of other tables, views and triggers with it: afterwards they name the old table, which is dropped.",
  instead:
    "Make the new table under another name, copy the rows, drop the old table, and rename the new one last.",
  severity: "error",
  engines: ["sqlite"],
  bad: [{
    setup: "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT);",
    sql:
      "ALTER TABLE t RENAME TO t_old; CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t SELECT * FROM t_old; DROP TABLE t_old;",
  }],
  good: [{
    setup: "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT);",
    sql:
      "CREATE TABLE t_new (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t_new SELECT * FROM t; DROP TABLE t; ALTER TABLE t_new RENAME TO t;",
  }],
  check: (migration) => {
    const { nameKey } = migration;
    const all = touches(migration);
    const keeps =
      migration.statements.find(({ operations }) =>
        operations.some(({ action, name, value = "" }) =>
          action === "set" && name === "legacy_alter_table" && /^(?:on|1|yes|true)$/.test(value)
        )
      )?.index ?? Infinity;
    return all.flatMap(({ statement, operation: { action, kind, on, newName = "" }, table }) => {
      if (action !== "rename" || kind !== "table" || table === null) return [];
      // Then references stay as they are written.
      if (statement.index > keeps) return [];
      const later = all.filter((other) => other.statement.index > statement.index);
      const isMade = later.some(({ operation }) =>
        operation.action === "create" && operation.kind === "table" &&
        nameKey(operation.on) === nameKey(on)
      );
      const isDropped = later.some(({ operation }) =>
        operation.action === "drop" && nameKey(operation.on) === nameKey(newName)
      );
      return isMade && isDropped
        ? [{
          statement,
          object: table.name,
          message: `References to ${on} follow it to ${newName}, which is dropped`,
        }]
        : [];
    });
  },
};
