/** `lossy-type-change`. */

import type { Rule } from "./rule.ts";

/** Values are not the same after a change of type, and nobody is told. */
export const lossyTypeChange: Rule = {
  code: "lossy-type-change",
  title: "Values are rounded or cut by a change of type, without an error",
  why:
    "Rows with fractions, long texts and times were put into the column before the statement; they came out changed. The old values are gone, and DOWN does not bring them back.",
  instead:
    "Add a new column of the new type, fill it, compare, and keep the old one for a release.",
  severity: "error",
  engines: ["postgres", "sqlite", "mariadb", "mysql"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, price numeric(10, 2));",
    sql: "ALTER TABLE t ALTER COLUMN price TYPE numeric(10, 1);",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, price numeric(10, 2));",
    sql: "ALTER TABLE t ALTER COLUMN price TYPE numeric(12, 2);",
  }, {
    setup: "CREATE TABLE t (id int PRIMARY KEY, n int);",
    sql: "ALTER TABLE t ALTER COLUMN n TYPE text;",
  }],
  check: ({ statements, losses }) =>
    losses.flatMap(({ table, column, index, from, to }) => {
      const statement = statements[index];
      return statement === undefined ? [] : [{
        statement,
        object: `${table}.${column}`,
        message: `${table}.${column} loses values: ${shown(from)} becomes ${shown(to)}`,
      }];
    }),
};

function shown(value: string | null): string {
  if (value === null) return "NULL";
  return value.length > 40 ? `${value.slice(0, 40)}...` : value;
}
