/** What a team has settled: answers, lint and policy. */

import { HOURS } from "../../core/policy.ts";
import type { ConfigKey } from "./config_key.ts";

/** Keys of what a team agrees on: rules, approvals and hours. */
export const TEAM_KEYS: readonly ConfigKey[] = [
  {
    key: "answers",
    type: "texts",
    placeholder: "",
    summary: "Answers to choices of `aim generate`, by the ids that it shows",
    fallback: null,
    more:
      'A table: `[answers]` with lines such as `"fill:users.timezone" = "expression=\'UTC\'"`. `data = "assume-empty"` answers every choice about rows: the migration is made for tables without a row in its way, and fails when it meets one. `--answer` and `--assume-empty` go over them.',
    flag: "none",
  },
  {
    key: "lint",
    type: "texts",
    placeholder: "",
    summary: "How much the codes of `aim lint` count: off, info, warning or error",
    fallback: null,
    more:
      'A table: `[lint]` with lines such as `rename-column = "off"`. A rule that is only used where it is asked for is asked for by its severity. `aim explain` lists the codes.',
    flag: "none",
  },
  {
    key: "rule",
    type: "rules",
    placeholder: "",
    summary: "Rules of your own for `aim lint`: queries over the catalog, whose rows are findings",
    fallback: null,
    more:
      "A list of tables: `[[rule]]` with `code`, `sql`, `message` and, if you like, `severity`. The query is run before and after each migration; a row that is new is a finding, and `{column}` in the message is its value.",
    flag: "none",
  },
  {
    key: "fail_on",
    type: "text",
    placeholder: "",
    summary: "From which severity on a finding makes `aim lint` and `aim impact` fail",
    fallback: "error",
    choices: ["error", "warning", "info", "never", "impact"],
    more:
      "`impact` is as `error`, and makes `aim impact` fail besides where a migration drops or renames what code may still use.",
    flag: "none",
  },
  {
    key: "policy.names",
    type: "texts",
    placeholder: "",
    summary: "How new things are to be called, by kind",
    fallback: null,
    more:
      'In the table `[policy]`: `names = { table = "snake_case", index = "*_idx" }`. Kinds are table, column, index, check and foreign key; a pattern is snake_case, or a text in which `*` stands for any characters. `aim lint` finds others as policy-name.',
    flag: "none",
  },
  {
    key: "policy.comments",
    type: "switch",
    placeholder: "",
    summary: "New tables must have a comment",
    fallback: false,
    example: "true",
    more: "In the table `[policy]`; found as policy-comment.",
    flag: "none",
  },
  {
    key: "policy.forbidden_types",
    type: "list",
    placeholder: "",
    summary: "Types that no column is to get, with or without a length",
    fallback: [],
    example: "money",
    more: "In the table `[policy]`; found as policy-forbidden.",
    flag: "none",
  },
  {
    key: "policy.forbidden_statements",
    type: "list",
    placeholder: "",
    summary: "Words that no statement is to begin with",
    fallback: [],
    example: "TRUNCATE",
    more: "In the table `[policy]`; found as policy-forbidden.",
    flag: "none",
  },
  {
    key: "policy.down",
    type: "switch",
    placeholder: "",
    summary: "Every migration must have a DOWN",
    fallback: false,
    example: "true",
    more: "In the table `[policy]`; found as policy-down. Runners that have none are left alone.",
    flag: "none",
  },
  {
    key: "policy.separate_data",
    type: "switch",
    placeholder: "",
    summary: "No migration is to change definitions and rows",
    fallback: false,
    example: "true",
    more: "In the table `[policy]`; found as policy-mixed.",
    flag: "none",
  },
  {
    key: "policy.no_ddl_hours",
    type: "list",
    placeholder: "",
    summary: "Hours in which `aim apply` runs nothing",
    fallback: [],
    example: "mon-fri 08:00-18:00 Europe/Berlin",
    items: {
      pattern: HOURS,
      form: "hours such as 08:00-18:00 or mon-fri 08:00-18:00 Europe/Berlin",
    },
    more:
      "In the table `[policy]`. Days may be left out, for every day, and so may the zone, for UTC; hours may reach over midnight.",
    flag: "none",
  },
];
