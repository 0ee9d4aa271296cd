/** `add-inheritance-column`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A column has a name that a framework reads as the class of a row. */
export const addInheritanceColumn: Rule = {
  code: "add-inheritance-column",
  title: "A column named type is added: Active Record reads it as the class of a row",
  why:
    "Processes that are running begin to look for classes by its values as soon as they see the column.",
  instead: "Use another name, or tell the framework first that it is an ordinary column.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY);",
    sql: "ALTER TABLE users ADD COLUMN type text;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY);",
    sql: "ALTER TABLE users ADD COLUMN kind text;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        operation.action === "add-column" && operation.column?.name.toLowerCase() === "type"
          ? `${table.name}.type may be read as the class of a row`
          : null,
    ),
};
