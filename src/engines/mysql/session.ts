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

/** The modes of the session but those that refuse dates of zeros, and the one that stands for them among others. */
export const MODES_WITH_ZERO_DATES = ["TRADITIONAL", "NO_ZERO_IN_DATE", "NO_ZERO_DATE"].reduce(
  (modes, name) => `REPLACE(${modes}, '${name}', '')`,
  "@@SESSION.sql_mode",
);

/** Lets a session of MySQL's take such dates until `OWN_MODES`. */
export const LET_ZERO_DATES =
  `SET @aim_sql_mode = @@SESSION.sql_mode, SESSION sql_mode = ${MODES_WITH_ZERO_DATES}`;

/** Gives the session the modes back that it had. */
export const OWN_MODES = "SET SESSION sql_mode = @aim_sql_mode";
