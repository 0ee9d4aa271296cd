/** `pg-validate-same-tx`. */

import type { Rule } from "./rule.ts";
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
      if (action !== "validate-constraint" || statement.transaction === null) return [];
      const added = all.some((other) =>
        other.operation.action === "add-constraint" && other.operation.constraint?.name === name &&
        other.table.id === table.id && other.statement.transaction === statement.transaction
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
