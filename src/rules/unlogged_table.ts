/** `unlogged-table`. */

import type { Rule } from "./rule.ts";

/** A table is made that a crash empties. */
export const unloggedTable: Rule = {
  code: "unlogged-table",
  title: "A table is unlogged",
  why: "A crash of the server empties it, and replicas do not have its rows.",
  instead: "Keep it for what can be made again.",
  severity: "info",
  isOptional: true,
  engines: ["postgres"],
  bad: [{ setup: "", sql: "CREATE UNLOGGED TABLE t (id bigint PRIMARY KEY);" }],
  good: [{ setup: "", sql: "CREATE TABLE t (id bigint PRIMARY KEY);" }],
  check: ({ statements }) =>
    statements.flatMap((statement) =>
      statement.operations.filter(({ action, value }) =>
        value === "unlogged" && (action === "create" || action === "set-option")
      ).map(({ on }) => ({ statement, object: on, message: `A crash empties ${on}` }))
    ),
};
