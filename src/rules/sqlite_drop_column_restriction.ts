/** `sqlite-drop-column-restriction`. */

import { alarmsOnOld } from "./alarms.ts";
import type { Rule } from "./rule.ts";

/** SQLite drops no such column. */
export const sqliteDropColumnRestriction: Rule = {
  code: "sqlite-drop-column-restriction",
  title: "SQLite cannot drop such a column",
  why:
    "DROP COLUMN fails for a column that is a key or part of one, that an index, a check, a generated column, a view or a trigger uses.",
  instead:
    "Drop the index, view or trigger first; for a key make a new table without the column, copy the rows, drop the old one and rename the new one.",
  severity: "error",
  engines: ["sqlite"],
  bad: [{
    setup: "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT UNIQUE);",
    sql: "ALTER TABLE t DROP COLUMN email;",
  }],
  good: [{
    setup: "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT);",
    sql: "ALTER TABLE t DROP COLUMN email;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ statement, operation, table }) =>
        operation.action === "drop-column" && statement.failure !== null
          ? `${table.name}.${operation.name} cannot be dropped: ${statement.failure}`
          : null,
    ),
};
