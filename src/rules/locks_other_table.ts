/** `locks-other-table`. */

import type { TableShape } from "../core/shape.ts";
import type { Rule } from "./rule.ts";
import { type Touch, touches } from "./tables.ts";

/** A table is locked that the statement does not name. */
export const locksOtherTable: Rule = {
  code: "locks-other-table",
  title: "A table is locked that the statement does not name",
  why: "A foreign key, a view or a trigger brings another, maybe busier, table into it.",
  instead: "Set lock_timeout, and run it in a transaction of its own.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint CONSTRAINT fk REFERENCES users);",
    sql: "ALTER TABLE orders DROP CONSTRAINT fk;",
  }],
  good: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "ALTER TABLE users ADD COLUMN x text;",
  }],
  check: (migration) => {
    const all = touches(migration);
    return migration.statements.flatMap((statement) => {
      const named = all.filter((touch) => touch.statement === statement);
      const known = new Set(named.flatMap(({ operation, table }) => namesOf(operation, table)));
      const isNamed = (relation: string) =>
        known.has(migration.nameKey(relation)) ||
        known.has(migration.nameKey(relation.slice(relation.indexOf(".") + 1)));
      return (statement.measured?.locks ?? [])
        .filter(({ relation, blocks }) => blocks !== "nothing" && !isNamed(relation))
        .filter(({ relation }) => !ancestorsOf(relation, migration.before).some(isNamed))
        .filter(({ relation }) => migration.before.some(({ name }) => name === relation))
        .map(({ relation, blocks }) => ({
          statement,
          object: relation,
          message: `${
            blocks === "writes" ? "Writes" : "Reads and writes"
          } of ${relation} wait as well`,
        }));
    });
  },
};

/** The tables that a table is a partition or a child of: who names one of these names it too. */
function ancestorsOf(relation: string, tables: readonly TableShape[]): readonly string[] {
  const parents = tables.find(({ name }) => name === relation)?.parents ?? [];
  return parents.flatMap((parent) => [parent, ...ancestorsOf(parent, tables)]);
}

/** Names of the tables that an operation speaks of. */
function namesOf(operation: Touch["operation"], table: Touch["table"]): readonly string[] {
  const { on, name = "", constraint, column, columns = [], constraints = [] } = operation;
  return [
    on,
    name,
    ...table === null ? [] : [table.name],
    ...[constraint, column, ...columns, ...constraints].flatMap((clause) =>
      clause?.references === null || clause === undefined ? [] : [clause.references]
    ),
  ].filter((part) => part !== "");
}
