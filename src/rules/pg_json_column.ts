/** `pg-json-column`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A column has the type json. */
export const pgJsonColumn: Rule = {
  code: "pg-json-column",
  title: "A column has the type json",
  why:
    "json has no equality: DISTINCT, GROUP BY and UNION fail on it, also in code that selects all columns.",
  instead: "Use jsonb.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN data json;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN data jsonb;",
  }],
  check: (migration) =>
    alarms(migration, ({ operation: { action, column, columns = [], on, name, value } }) => {
      const made = [...columns, ...column === undefined ? [] : [column]];
      const found = made.find(({ type }) => type === "json")?.name ??
        (action === "change-type" && value === "json" ? name : undefined);
      return found === undefined ? null : `${on}.${found} is json, which has no equality`;
    }),
};
