/** `pg-enum-new-value-same-tx`. */

import type { Rule } from "./rule.ts";

/** A new enum value is used in the transaction that adds it. */
export const pgEnumNewValueSameTx: Rule = {
  code: "pg-enum-new-value-same-tx",
  title: "A new enum value is used in the transaction that adds it",
  why: "The server refuses it: the value can be used only after COMMIT.",
  instead: "Add the value in a migration of its own, before the one that uses it.",
  severity: "error",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE m (id int PRIMARY KEY, x mood);",
    sql: "ALTER TYPE mood ADD VALUE 'ok'; INSERT INTO m VALUES (99, 'ok');",
  }],
  good: [{ setup: "CREATE TYPE mood AS ENUM ('sad');", sql: "ALTER TYPE mood ADD VALUE 'ok';" }],
  check: ({ statements }) =>
    statements.flatMap((statement) =>
      /unsafe use of new value/.test(statement.failure ?? "")
        ? [{ statement, message: `The server refuses it: ${statement.failure}` }]
        : []
    ),
};
