/** `ban-char`. */

import type { Rule } from "./rule.ts";
import { columnsOfType } from "./alarms.ts";

/** A column has the type char(n). */
export const banChar: Rule = {
  code: "ban-char",
  title: "A column has the type char(n)",
  why: "It is padded with blanks, which comparisons ignore and most code does not expect.",
  instead: "Use text or varchar.",
  severity: "info",
  isOptional: true,
  engines: ["postgres"],
  bad: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a char(3));" }],
  good: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a text);" }],
  check: (migration) => columnsOfType(migration, /^bpchar/),
};
