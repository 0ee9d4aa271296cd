/** `pg-volatile-default`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A column is added with a default that differs from row to row. */
export const pgVolatileDefault: Rule = {
  code: "pg-volatile-default",
  title: "A column is added with a default that differs from row to row",
  why:
    "The server has to compute and write a value for each row: the whole table is rewritten under an ACCESS EXCLUSIVE lock.",
  instead:
    "Add the column without a default, set the default for new rows, and fill the old ones in batches.",
  severity: "error",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN at timestamptz DEFAULT now();",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ statement, operation, table }) =>
        operation.action === "add-column" && (statement.measured?.rewrites.length ?? 0) > 0 &&
          ((operation.column?.default ?? null) !== null ||
            /serial/.test(operation.column?.type ?? "")) &&
          operation.column?.generated === null
          ? `The default of ${operation.name} is computed for every row of ${table.name}`
          : null,
    ),
};
