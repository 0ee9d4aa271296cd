/** `sqlite-rebuild-fk-cascade`. */

import type { Examined, Rule } from "./rule.ts";
import { onOldTables } from "./tables.ts";

/** DROP TABLE deletes the rows of children. */
export const sqliteRebuildFkCascade: Rule = {
  code: "sqlite-rebuild-fk-cascade",
  title: "A table that others refer to is dropped while foreign keys are enforced",
  why:
    "DROP TABLE deletes the rows first: ON DELETE CASCADE deletes those of the children, SET NULL empties their keys. PRAGMA foreign_keys does nothing inside of a transaction, and most runners open one.",
  instead:
    "PRAGMA foreign_keys = off before BEGIN, in a file that the runner does not wrap; PRAGMA foreign_key_check before COMMIT.",
  severity: "error",
  engines: ["sqlite"],
  bad: [{
    setup:
      "CREATE TABLE p (id INTEGER PRIMARY KEY, x INT); CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p ON DELETE CASCADE);",
    sql:
      "CREATE TABLE p_new (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO p_new SELECT * FROM p; DROP TABLE p; ALTER TABLE p_new RENAME TO p;",
  }],
  good: [{
    setup:
      "CREATE TABLE p (id INTEGER PRIMARY KEY, x INT); CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p ON DELETE CASCADE);",
    sql:
      "PRAGMA foreign_keys = off; BEGIN; CREATE TABLE p_new (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO p_new SELECT * FROM p; DROP TABLE p; ALTER TABLE p_new RENAME TO p; COMMIT;",
    outside: true,
  }],
  check: (migration) => {
    const { before, nameKey, statements } = migration;
    let isOff = false;
    const off = statements.map(({ operations, transaction }) => {
      for (const { action, name, value = "" } of operations) {
        if (action === "set" && name === "foreign_keys" && transaction === null) {
          isOff = /^(?:off|0|no|false)$/.test(value);
        }
      }
      return isOff;
    });
    return onOldTables(migration).flatMap(({ statement, operation: { action, kind }, table }) => {
      if (action !== "drop" || kind !== "table" || off[statement.index] === true) return [];
      const children = before.filter(({ id, foreignKeys }) =>
        id !== table.id && !isDroppedBefore(migration, id, statement.index) &&
        foreignKeys.some(({ references }) => nameKey(references) === nameKey(table.name))
      );
      if (children.length === 0) return [];
      const names = children.map(({ name }) => name).join(", ");
      return [{
        statement,
        object: table.name,
        message: `DROP TABLE ${table.name} acts on the rows of ${names} as a DELETE does`,
      }];
    });
  },
};

function isDroppedBefore(migration: Examined, id: string, index: number): boolean {
  return onOldTables(migration).some(({ statement, operation: { action, kind }, table }) =>
    statement.index < index && action === "drop" && kind === "table" && table.id === id
  );
}
