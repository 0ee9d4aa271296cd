/** `prefer-text`. */

import type { Rule } from "./rule.ts";
import { columnsOfType } from "./alarms.ts";

/** A column has a length that a check could have. */
export const preferText: Rule = {
  code: "prefer-text",
  title: "A column has a length that a check could have",
  why: "Another limit later needs an ALTER TABLE; text takes no more room.",
  instead: "Use text, with a CHECK on its length where there must be one.",
  severity: "info",
  isOptional: true,
  engines: ["postgres"],
  bad: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a varchar(20));" }],
  good: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a text);" }],
  check: (migration) => columnsOfType(migration, /^varchar/),
};
