/** `sqlite-add-column-restriction`. */

import { alarms } from "./alarms.ts";
import type { Rule } from "./rule.ts";

/** SQLite adds no such column. */
export const sqliteAddColumnRestriction: Rule = {
  code: "sqlite-add-column-restriction",
  title: "SQLite cannot add such a column to a table",
  why:
    "ADD COLUMN takes no UNIQUE and no PRIMARY KEY; a default that is no constant, a STORED column and a reference with a default other than NULL pass on an empty table and fail with one row.",
  instead:
    "Make a new table with the column, copy the rows, drop the old one and rename the new one; or add the column without the clause and an index for UNIQUE.",
  severity: "error",
  engines: ["sqlite"],
  bad: [
    {
      setup: "CREATE TABLE t (id INTEGER PRIMARY KEY);",
      sql: "ALTER TABLE t ADD COLUMN at TEXT DEFAULT CURRENT_TIMESTAMP;",
    },
    {
      setup: "CREATE TABLE t (id INTEGER PRIMARY KEY);",
      sql: "ALTER TABLE t ADD COLUMN email TEXT UNIQUE;",
    },
  ],
  good: [{
    setup: "CREATE TABLE t (id INTEGER PRIMARY KEY);",
    sql: "ALTER TABLE t ADD COLUMN n INTEGER DEFAULT 1;",
  }],
  check: (migration) =>
    alarms(migration, ({ statement, operation: { action, column } }) => {
      if (action !== "add-column" || column === undefined) return null;
      const { name } = column;
      if (column.isUnique) return `${name} cannot be added as UNIQUE`;
      if (column.isPrimary) return `${name} cannot be added as PRIMARY KEY`;
      if (column.generated === "stored") return `${name} cannot be added as STORED`;
      const text = column.default ?? "";
      if (text === "(expression)" || /^current_(?:time|date|timestamp)$/i.test(text)) {
        return `The default of ${name} is no constant: with one row the statement fails`;
      }
      if (column.hasCheck && statement.failure !== null) {
        return `The default of ${name} does not pass its check: ${statement.failure}`;
      }
      return column.references !== null && text !== ""
        ? `${name} refers to ${column.references} and has a default: with one row the statement fails`
        : null;
    }),
};
