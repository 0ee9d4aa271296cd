/** `ban-float`. */

import type { Rule } from "./rule.ts";
import { columnsOfType } from "./alarms.ts";

/** A column keeps numbers that are not exact. */
export const banFloat: Rule = {
  code: "ban-float",
  title: "A column has a floating-point type",
  why: "Most decimal fractions have no exact value in it; sums of money come out wrong.",
  instead: "Use numeric, or whole numbers of the smallest unit.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a real);" }],
  good: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a numeric(10, 2));" }],
  check: (migration) => columnsOfType(migration, /^(?:float|real|double)/),
};
