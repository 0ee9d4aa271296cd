/** `pg-validate-same-tx`. */

import type { ExaminedStatement, Rule } from "./rule.ts";
import { onOldTables } from "./tables.ts";

/** A constraint is added NOT VALID and validated in the same transaction. */
export const pgValidateSameTx: Rule = {
  code: "pg-validate-same-tx",
  title: "A constraint is added NOT VALID and validated in the same transaction",
  why: "The strong lock of ADD CONSTRAINT is kept while the rows are read: nothing is won.",
  instead: "Validate in a migration of its own.",
  severity: "error",
  engines: ["postgres"],
  bad: [{
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);",
    sql:
      "BEGIN; ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT fk; COMMIT;",
  }],
  good: [{
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);",
    sql:
      "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;",
  }],
  check: (migration) => {
    const all = onOldTables(migration);
    return all.flatMap(({ statement, operation, table }) => {
      const { action, name } = operation;
      if (action !== "validate-constraint") return [];
      const added = all.some((other) =>
        other.operation.action === "add-constraint" && other.operation.constraint?.name === name &&
        other.table.id === table.id && isTogether(other.statement, statement)
      );
      return added
        ? [{
          statement,
          object: table.name,
          message:
            `The lock of ADD CONSTRAINT ${name} on ${table.name} is kept while rows are read`,
        }]
        : [];
    });
  },
};

/** Whether two statements are one, or in one transaction. */
function isTogether(one: ExaminedStatement, other: ExaminedStatement): boolean {
  return one === other || one.transaction !== null && one.transaction === other.transaction;
}
