/** `mysql-column-reorder`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** The order of columns changes. */
export const mysqlColumnReorder: Rule = {
  code: "mysql-column-reorder",
  title: "The order of columns changes",
  why:
    "Code that reads SELECT * by position, or inserts without naming columns, takes one column for another; and many servers copy the table for it.",
  instead: "Add columns at the end, and leave the others where they are.",
  severity: "warning",
  engines: ["mariadb", "mysql"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, a int, b int);",
    sql: "ALTER TABLE t MODIFY b int AFTER id;",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY, a int, b int);",
    sql: "ALTER TABLE t ADD COLUMN c int;",
  }],
  check: (migration) =>
    alarmsOnOld(migration, ({ operation, table }) =>
      operation.action === "move-column" ||
        (operation.action === "add-column" && operation.column?.isPlaced === true)
        ? `${operation.name} moves other columns of ${table.name}`
        : null),
};
