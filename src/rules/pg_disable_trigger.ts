/** `pg-disable-trigger`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** Triggers are disabled. */
export const pgDisableTrigger: Rule = {
  code: "pg-disable-trigger",
  title: "Triggers are disabled",
  why: "Rows that are written meanwhile skip them; ALL also skips the checks of foreign keys.",
  instead:
    "Leave them on; make the trigger's function return early for the migration's session instead.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY);",
    sql: "ALTER TABLE t DISABLE TRIGGER ALL;",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY);",
    sql: "ALTER TABLE t ENABLE ROW LEVEL SECURITY;",
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation, table }) =>
        operation.action === "set" && operation.name === "session_replication_role" &&
          operation.value !== "origin"
          ? "Rows are written without triggers and foreign keys"
          : operation.action === "disable-trigger" && table !== null
          ? `Rows of ${table.name} are written without ${
            operation.value === "all" ? "triggers and foreign keys" : "the trigger"
          }`
          : null,
    ),
};
