/** `mysql-non-atomic-migration`. */

import type { Rule } from "./rule.ts";
import { touches } from "./tables.ts";

/** A migration that stops in the middle stays there. */
export const mysqlNonAtomicMigration: Rule = {
  code: "mysql-non-atomic-migration",
  title: "Several definitions stand in one migration",
  why:
    "Each of them commits by itself: when one fails, those before it are there, and the migration can be run neither again nor back.",
  instead: "One definition a migration.",
  severity: "warning",
  engines: ["mariadb", "mysql"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY);",
    sql: "ALTER TABLE t ADD COLUMN a int; CREATE INDEX i ON t (a);",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY);",
    sql: "ALTER TABLE t ADD COLUMN a int, ADD INDEX i (a);",
  }, {
    setup: "",
    sql: "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY);",
  }],
  check: (migration) => {
    const all = touches(migration).filter(({ operation }) => !NO_DEFINITION.has(operation.action));
    const statements = [...new Set(all.map(({ statement }) => statement))];
    const [, second] = statements;
    const isUsed = all.some(({ table, operation }) =>
      table !== null || operation.action === "drop"
    );
    return second === undefined || !isUsed ? [] : [{
      statement: second,
      message: `When it fails, the ${
        statements.length - 1 === 1 ? "definition" : "definitions"
      } before it stay`,
    }];
  },
};

const NO_DEFINITION = new Set([
  "insert",
  "update",
  "delete",
  "set",
  "begin",
  "commit",
  "rollback",
  "run-code",
  "other",
]);
