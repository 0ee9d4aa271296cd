/** SQL that gives a session its defaults back. */

import {
  PRIVILEGED_SETTINGS,
  SESSION_SETTINGS,
} from "../../runtimes/mysql_server/session_start.ts";

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
  mysql: ["show_create_table_verbosity"],
  mariadb: ["check_constraint_checks", "system_versioning_alter_history", "old_mode"],
} as const;

/** MySQL takes DEFAULT for OFF where a setting is kept as its opposite, whatever the server's own value is. */
const DEFAULTS: Readonly<Record<string, string>> = {
  foreign_key_checks: "@@GLOBAL.foreign_key_checks",
  unique_checks: "@@GLOBAL.unique_checks",
};

/** The reset of a family; the session stays in its database. */
export function resetOf(family: "mysql" | "mariadb"): string {
  const settings = [...COMMON, ...OWN[family]];
  const reset = `ROLLBACK; UNLOCK TABLES; SET ${
    settings.map((name) => `SESSION ${name} = ${DEFAULTS[name] ?? "DEFAULT"}`).join(", ")
  }; ${SESSION_SETTINGS}`;
  return family === "mysql" ? `${reset}; ${PRIVILEGED_SETTINGS}` : reset;
}
