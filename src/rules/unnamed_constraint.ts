/** `unnamed-constraint`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** The server chooses the name of a constraint. */
export const unnamedConstraint: Rule = {
  code: "unnamed-constraint",
  title: "A constraint is added without a name",
  why:
    "The server makes one up, which may be another on another server: whatever drops or validates it later has to guess.",
  instead: "Write ADD CONSTRAINT name.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id bigint PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD UNIQUE (email);",
  }],
  good: [{
    setup: "CREATE TABLE users (id bigint PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation: { action, constraint }, table }) =>
        action === "add-constraint" && constraint?.name === null &&
          constraint.type !== "primary key"
          ? `The ${constraint.type} constraint of ${table.name} has no name`
          : null,
    ),
};
