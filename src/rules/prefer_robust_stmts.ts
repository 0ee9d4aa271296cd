/** `prefer-robust-stmts`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A migration without a transaction cannot be run again after it stopped. */
export const preferRobustStmts: Rule = {
  code: "prefer-robust-stmts",
  title: "A statement outside of a transaction cannot be run again",
  why:
    "When a later statement fails, this one stays, and the next run of the migration stops at it.",
  instead: "Write IF NOT EXISTS or IF EXISTS, or let the migration run in a transaction.",
  severity: "info",
  isOptional: true,
  engines: ["postgres"],
  bad: [{
    setup: "",
    sql: "CREATE TABLE a (id bigint PRIMARY KEY);",
    outside: true,
  }],
  good: [{
    setup: "",
    sql: "CREATE TABLE IF NOT EXISTS a (id bigint PRIMARY KEY);",
    outside: true,
  }, { setup: "", sql: "CREATE TABLE a (id bigint PRIMARY KEY);" }],
  check: (migration) =>
    alarms(migration, ({ statement, operation: { action, kind, on, isConditional } }) => {
      const isMade = action === "create" || action === "drop";
      if (!isMade && action !== "add-column" && action !== "drop-column") return null;
      if (statement.transaction !== null || isConditional === true || !CONDITIONAL.has(kind)) {
        return null;
      }
      return `It cannot be run again when ${on} is there already, or gone`;
    }),
};

/** Kinds whose statements take IF EXISTS. */
const CONDITIONAL = new Set(["table", "index", "view", "schema", "extension", "sequence", "type"]);
