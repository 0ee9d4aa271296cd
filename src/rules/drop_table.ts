/** `drop-table`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";
import { rebuilds } from "./tables.ts";

/** A table is dropped with its rows. */
export const dropTable: Rule = {
  code: "drop-table",
  title: "A table is dropped with its rows",
  why: "The rows are lost, and code that still uses the table fails from that moment on.",
  instead:
    "Rename the table first and drop it in a later release, when nothing has asked for it; keep a copy of its rows if they may be needed.",
  severity: "error",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "DROP TABLE users;",
  }],
  good: [{ setup: "", sql: "CREATE TABLE scratch (id integer); DROP TABLE scratch;" }],
  check: (migration) => {
    const rebuilt = new Set(rebuilds(migration).map(({ statement }) => statement));
    return alarmsOnOld(
      migration,
      ({ statement, operation, table }) =>
        operation.action === "drop" && operation.kind === "table" && !rebuilt.has(statement)
          ? `Table ${table.name} is dropped with its rows`
          : null,
    );
  },
};
