/** `type-cast-may-fail`. */

import type { Rule } from "./rule.ts";
import { refusedRebuilds } from "./refused_rebuilds.ts";
import { alarmsOnOld } from "./alarms.ts";

/** Values that are there do not fit the new type. */
export const typeCastMayFail: Rule = {
  code: "type-cast-may-fail",
  title: "Values that are there do not fit the new type",
  why:
    "The statement was refused by made rows, which hold the extremes of the old type: rows of production may hold them too.",
  instead: "Look for such values first; convert them with USING.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n text);",
    sql: "ALTER TABLE t ALTER COLUMN n TYPE integer USING n::integer;",
  }],
  good: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer);",
    sql: "ALTER TABLE t ALTER COLUMN n TYPE text;",
  }],
  check: (migration) => [
    ...alarmsOnOld(
      migration,
      ({ statement, operation, table }) =>
        operation.action === "change-type" && statement.isRefusedByRows
          ? `Values of ${table.name}.${operation.name} may not fit the new type: ${statement.failure}`
          : null,
    ),
    ...refusedRebuilds(
      migration,
      /^(?:cannot store|datatype mismatch)/,
      "may not fit the new type",
    ),
  ],
};
