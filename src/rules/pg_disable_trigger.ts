/** `pg-disable-trigger`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

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
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        operation.action === "disable-trigger"
          ? `Rows of ${table.name} are written without ${
            operation.value === "all" ? "triggers and foreign keys" : "the trigger"
          }`
          : null,
    ),
};
