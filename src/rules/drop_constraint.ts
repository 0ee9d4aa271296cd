/** `drop-constraint`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A constraint is dropped. */
export const dropConstraint: Rule = {
  code: "drop-constraint",
  title: "A constraint is dropped",
  why:
    "What it kept out can be written from now on, and adding it again later may find rows that do not fit.",
  instead: "Make sure that the code keeps the rule, or that it is not one any more.",
  severity: "warning",
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer CONSTRAINT c CHECK (n > 0));",
    sql: "ALTER TABLE t DROP CONSTRAINT c;",
  }],
  good: [{
    setup: "",
    sql:
      "CREATE TABLE t (id integer CONSTRAINT c CHECK (id > 0)); ALTER TABLE t DROP CONSTRAINT c;",
  }, {
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer);",
    sql: "ALTER TABLE t ADD CONSTRAINT c CHECK (n IS NOT NULL); ALTER TABLE t DROP CONSTRAINT c;",
  }],
  check: (migration) =>
    alarmsOnOld(migration, ({ statement, operation, table }) => {
      if (operation.action !== "drop-constraint") return null;
      // What the migration adds itself, or clears away before it does, held for nobody yet.
      const isOwn = migration.statements.some(({ index, operations }) =>
        operations.some(({ action, name, on }) =>
          action === "add-constraint" && name === operation.name && on === operation.on &&
          (operation.isConditional === true || index < statement.index)
        )
      );
      // A foreign key goes with its columns, and IF EXISTS may find none.
      const key = table.foreignKeys.find(({ name }) => name === operation.name);
      const isWithColumns = key !== undefined && key.columns.every((column) =>
        migration.statements.some(({ operations }) =>
          operations.some((other) =>
            other.action === "drop-column" && other.on === operation.on && other.name === column
          )
        )
      );
      const isNone = operation.isConditional === true &&
        !table.constraints.includes(operation.name ?? "");
      return isOwn || isWithColumns || isNone
        ? null
        : `${operation.name} does not hold for ${table.name} any more`;
    }),
};
