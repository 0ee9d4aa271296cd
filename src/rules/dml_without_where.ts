/** `dml-without-where`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** All rows of a table are changed or deleted at once. */
export const dmlWithoutWhere: Rule = {
  code: "dml-without-where",
  title: "All rows of a table are changed or deleted at once",
  why:
    "It locks every row until the migration ends, and makes the table twice as large; a DELETE without WHERE is often a mistake.",
  instead: "Do it in batches by key, outside of the migration's transaction.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "UPDATE users SET email = lower(email);",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "UPDATE users SET email = lower(email) WHERE id = 1;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        (operation.action === "update" || operation.action === "delete") &&
          operation.hasWhere === false
          ? `All rows of ${table.name} are ${
            operation.action === "update" ? "changed" : "deleted"
          } at once`
          : null,
    ),
};
