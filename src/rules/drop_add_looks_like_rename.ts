/** `drop-add-looks-like-rename`. */

import type { Rule } from "./rule.ts";
import { columnNamed, onOldTables } from "./tables.ts";

/** A column is dropped and one of the same type is added. */
export const dropAddLooksLikeRename: Rule = {
  code: "drop-add-looks-like-rename",
  title: "A column is dropped and one of the same type is added",
  why: "If it was meant as a rename, the values are lost: the new column begins empty.",
  instead:
    "ALTER TABLE ... RENAME COLUMN keeps the values; to do it without a break, add the new column, copy, and drop the old one in a later release.",
  severity: "error",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users DROP COLUMN email; ALTER TABLE users ADD COLUMN mail text;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users RENAME COLUMN email TO mail;",
  }],
  check: (migration) => {
    const { after, nameKey } = migration;
    const all = onOldTables(migration);
    return all.flatMap(({ statement, operation, table }) => {
      if (operation.action !== "add-column" || operation.column === undefined) return [];
      const now = after.find(({ name }) => name === table.name);
      const type = columnNamed(now ?? null, operation.name, nameKey)?.type;
      const dropped = all.find((other) =>
        other.operation.action === "drop-column" && other.table.id === table.id &&
        columnNamed(table, other.operation.name, nameKey)?.type === type
      );
      if (dropped === undefined || type === undefined) return [];
      const isCopied = all.some((other) =>
        other.operation.action === "update" && other.table.id === table.id &&
        [dropped.operation.name, operation.name].every((name) =>
          name !== undefined && other.statement.sql.includes(name)
        )
      );
      if (isCopied) return [];
      const [old, made] = [dropped.operation.name, operation.name];
      return [{
        statement,
        object: `${table.name}.${made}`,
        message: `${table.name}.${old} is dropped and ${made} of the same type is added, empty`,
      }];
    });
  },
};
