/** SQL that gives a session its defaults back. */

import { SESSION_SETTINGS } from "../../runtimes/mysql_server/session_start.ts";

/** Settings that scripts change and that decide what later statements mean or are allowed. */
const COMMON = [
  "sql_mode",
  "autocommit",
  "foreign_key_checks",
  "unique_checks",
  "sql_notes",
  "sql_safe_updates",
  "sql_quote_show_create",
  "default_storage_engine",
  "innodb_strict_mode",
  "explicit_defaults_for_timestamp",
  "group_concat_max_len",
  "max_sort_length",
  "time_zone",
  "lc_time_names",
  "auto_increment_increment",
  "auto_increment_offset",
  "lock_wait_timeout",
];

const OWN = {
  mysql: [
    "sql_require_primary_key",
    "sql_generate_invisible_primary_key",
    "show_create_table_verbosity",
  ],
  mariadb: ["check_constraint_checks", "system_versioning_alter_history", "old_mode"],
} as const;

/** The reset of a family; the session stays in its database. */
export function resetOf(family: "mysql" | "mariadb"): string {
  const settings = [...COMMON, ...OWN[family]];
  return `ROLLBACK; UNLOCK TABLES; SET ${
    settings.map((name) => `SESSION ${name} = DEFAULT`).join(", ")
  }; ${SESSION_SETTINGS}`;
}
