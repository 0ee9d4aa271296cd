/** `rename-table`. */

import type { Examined, Rule } from "./rule.ts";
import { lastName } from "../core/name.ts";
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
  good: [{ setup: "", sql: "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u;" }, {
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users RENAME TO people; CREATE VIEW users AS SELECT * FROM people;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        operation.action === "rename" && operation.kind === "table" &&
          !isViewMade(migration, operation.on)
          ? `Code that uses ${table.name} fails until it is deployed with ${operation.newName}`
          : null,
    ),
};

/** True where a view of the old name is made, for the code that still uses it. */
function isViewMade({ statements, nameKey }: Examined, name: string): boolean {
  return statements.some(({ operations }) =>
    operations.some(({ action, kind, on }) =>
      action === "create" && kind === "view" && nameKey(lastName(on)) === nameKey(lastName(name))
    )
  );
}
