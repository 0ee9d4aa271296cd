/** `rename-table`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A table is renamed. */
export const renameTable: Rule = {
  code: "rename-table",
  title: "A table is renamed",
  why: "Code that is deployed uses the old name and fails until the new release is everywhere.",
  instead:
    "Make a view of the old name, which can be written to as long as it is simple, and drop it in a later release.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users RENAME TO people;",
  }],
  good: [{ setup: "", sql: "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u;" }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        operation.action === "rename" && operation.kind === "table"
          ? `Code that uses ${table.name} fails until it is deployed with ${operation.newName}`
          : null,
    ),
};
