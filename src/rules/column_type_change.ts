/** `column-type-change`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";
import { columnNamed, rebuilds } from "./tables.ts";

/** A column gets another type. */
export const columnTypeChange: Rule = {
  code: "column-type-change",
  title: "A column gets another type",
  why: "Code that reads or writes the column may not expect the new type.",
  instead: "Deploy code that takes both types first.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer);",
    sql: "ALTER TABLE t ALTER COLUMN n TYPE text;",
  }],
  good: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n varchar(20));",
    sql: "ALTER TABLE t ALTER COLUMN n TYPE varchar(40);",
  }],
  check: (migration) => [
    ...alarmsOnOld(migration, ({ operation, table }) => {
      if (operation.action !== "change-type") return null;
      const { after, nameKey } = migration;
      const now = after.find(({ id }) => id === table.id) ?? null;
      const old = columnNamed(table, operation.name, nameKey);
      const name = operation.newName ?? operation.name;
      const type = columnNamed(now, name, nameKey)?.type ?? operation.value ?? "";
      if (old === null || bare(old.type) === bare(type)) return null;
      return `${table.name}.${operation.name} is ${type} instead of ${old.type}`;
    }),
    ...rebuilds(migration).flatMap(({ statement, table, after }) =>
      table.columns.flatMap(({ name, type }) => {
        const now = columnNamed(after, name, migration.nameKey);
        if (now === null || bare(now.type) === bare(type)) return [];
        const message = `${table.name}.${name} is ${now.type} instead of ${type}`;
        return [{ statement, object: `${table.name}.${name}`, message }];
      })
    ),
  ],
};

/** A type without its length. */
function bare(type: string): string {
  return type.toLowerCase().replace(/\(.*?\)/, "");
}
