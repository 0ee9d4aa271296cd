/** `merge-alter-table`. */

import type { Rule } from "./rule.ts";
import { onOldTables } from "./tables.ts";

/** One table is altered by several statements. */
export const mergeAlterTable: Rule = {
  code: "merge-alter-table",
  title: "One table is altered by several statements",
  why: "Each takes its lock again, and on MySQL may copy the table again.",
  instead: "Write them as one ALTER TABLE.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN a int; ALTER TABLE users ADD COLUMN b int;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN a int, ADD COLUMN b int;",
  }],
  check: (migration) => {
    const seen = new Map<string, number>();
    const said = new Set<string>();
    return onOldTables(migration).flatMap(({ statement, operation: { action }, table }) => {
      if (!ALTERS.test(action)) return [];
      const first = seen.get(table.id) ?? statement.index;
      seen.set(table.id, first);
      if (first === statement.index || said.has(table.id)) return [];
      said.add(table.id);
      const message = `${table.name} is altered by more than one statement`;
      return [{ statement, object: table.name, message }];
    });
  },
};

/** RENAME is left out: on Postgres it cannot share an ALTER TABLE. */
const ALTERS = /^(?:add|drop|change|set|move)-(?:column|constraint|type|default|not-null)$/;
