/** `require-schema-qualification`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A name depends on the search path of whoever runs the migration. */
export const requireSchemaQualification: Rule = {
  code: "require-schema-qualification",
  title: "A name is written without its schema",
  why: "Where it is found, or made, depends on the search_path of the session.",
  instead: "Write schema.name.",
  severity: "info",
  isOptional: true,
  engines: ["postgres"],
  bad: [{ setup: "", sql: "CREATE TABLE t (id bigint PRIMARY KEY);" }],
  good: [{ setup: "", sql: "CREATE TABLE public.t (id bigint PRIMARY KEY);" }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { kind, on, isTemporary } }) =>
        HAVE_SCHEMAS.has(kind) && isTemporary !== true && on !== "" && !on.includes(".")
          ? `${on} is written without its schema`
          : null,
    ),
};

const HAVE_SCHEMAS = new Set([
  "table",
  "view",
  "materialized view",
  "sequence",
  "type",
  "domain",
  "function",
]);
