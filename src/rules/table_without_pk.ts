/** `table-without-pk`. */

import type { Rule } from "./rule.ts";
import { tableNamed, touches } from "./tables.ts";

/** A table has no primary key. */
export const tableWithoutPk: Rule = {
  code: "table-without-pk",
  title: "A table has no primary key",
  why: "Rows cannot be told apart: logical replication, updates by key and most tools need one.",
  instead: "Give it a primary key.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{ setup: "", sql: "CREATE TABLE t (a int);" }],
  good: [{ setup: "", sql: "CREATE TABLE t (a int PRIMARY KEY);" }],
  check: (migration) =>
    touches(migration).flatMap(
      ({ statement, operation: { action, kind, on, isTemporary, name } }) => {
        if (action !== "create" || kind !== "table" || isTemporary === true || name !== undefined) {
          return [];
        }
        const table = tableNamed(migration.after, on, migration.nameKey);
        if (table === null || table.primaryKey.length > 0) return [];
        return [{ statement, object: table.name, message: `${table.name} has no primary key` }];
      },
    ),
};
