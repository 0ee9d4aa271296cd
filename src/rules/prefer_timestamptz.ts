/** `prefer-timestamptz`. */

import type { Rule } from "./rule.ts";
import { columnsOfType } from "./alarms.ts";

/** A column has the type timestamp without time zone. */
export const preferTimestamptz: Rule = {
  code: "prefer-timestamptz",
  title: "A column has the type timestamp without time zone",
  why: "It does not say which moment it means: each session reads it in its own zone.",
  instead: "Use timestamptz.",
  severity: "info",
  isOptional: true,
  engines: ["postgres"],
  bad: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a timestamp);" }],
  good: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a timestamptz);" }],
  check: (migration) => columnsOfType(migration, /^timestamp(?:\(|$)/),
};
