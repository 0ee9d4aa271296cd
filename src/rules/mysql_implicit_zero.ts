/** `mysql-implicit-zero`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld, isUnfilled } from "./alarms.ts";

/** Rows that are there get a value that nobody chose. */
export const mysqlImplicitZero: Rule = {
  code: "mysql-implicit-zero",
  title: "A required column without a default is added: rows that are there get 0, '' or the like",
  why:
    "The server does not refuse it as others do: every row gets the zero of the type, the first value of an enum, or 0000-00-00, and looks as if somebody had chosen it.",
  instead: "Give it a DEFAULT, or add it nullable, fill it, and make it required.",
  severity: "error",
  engines: ["mariadb", "mysql"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY);",
    sql: "ALTER TABLE t ADD COLUMN n int NOT NULL;",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY);",
    sql: "ALTER TABLE t ADD COLUMN n int NOT NULL DEFAULT 1;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        isUnfilled(operation.column)
          ? `Rows of ${table.name} get a zero value in ${operation.name}`
          : null,
    ),
};
