/** `drop-not-null`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";
import { columnNamed } from "./tables.ts";

/** A column may be NULL from now on. */
export const dropNotNull: Rule = {
  code: "drop-not-null",
  title: "A column may be NULL from now on",
  why: "Code that reads the column may not expect NULL.",
  instead: "Deploy code that takes NULL first.",
  severity: "info",
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL);",
    sql: "ALTER TABLE t ALTER COLUMN n DROP NOT NULL;",
  }],
  good: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer);",
    sql: "ALTER TABLE t ALTER COLUMN n SET DEFAULT 1;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        operation.action === "drop-not-null" &&
          columnNamed(table, operation.name, migration.nameKey)?.isRequired !== false &&
          // What a primary key needs stays required, whatever the statement leaves out.
          !table.primaryKey.some((name) =>
            migration.nameKey(name) === migration.nameKey(operation.name ?? "")
          )
          ? `Code that reads ${table.name}.${operation.name} gets NULL`
          : null,
    ),
};
