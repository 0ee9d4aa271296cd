/** `prefer-identity`. */

import type { Rule } from "./rule.ts";
import { columnsOfType } from "./alarms.ts";

/** A column numbers itself by serial. */
export const preferIdentity: Rule = {
  code: "prefer-identity",
  title: "A column numbers itself by serial",
  why: "Its sequence has privileges of its own, and anybody can write another value over it.",
  instead: "Use GENERATED ALWAYS AS IDENTITY.",
  severity: "info",
  isOptional: true,
  engines: ["postgres"],
  bad: [{ setup: "", sql: "CREATE TABLE t (id bigserial PRIMARY KEY);" }],
  good: [{
    setup: "",
    sql: "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
  }],
  check: (migration) => columnsOfType(migration, /serial/),
};
