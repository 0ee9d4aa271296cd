/** `ban-money`. */

import type { Rule } from "./rule.ts";
import { columnsOfType } from "./alarms.ts";

/** A column has the type money. */
export const banMoney: Rule = {
  code: "ban-money",
  title: "A column has the type money",
  why: "Its meaning depends on a setting of the session.",
  instead: "Use numeric, or the smallest unit as bigint.",
  severity: "info",
  isOptional: true,
  engines: ["postgres"],
  bad: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a money);" }],
  good: [{ setup: "", sql: "CREATE TABLE t (id int PRIMARY KEY, a numeric);" }],
  check: (migration) => columnsOfType(migration, /^money$/),
};
