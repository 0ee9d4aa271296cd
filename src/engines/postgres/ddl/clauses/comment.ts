/** COMMENT ON. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import { literal } from "../../quote.ts";
import { planned, text } from "./statement.ts";

/**
 * Sets the comment of `after` where it differs from that of `before` (null: the object is new). `ref` is the object as SQL:
 * `TABLE users`, `CONSTRAINT c ON users`; `fact` is where the comment stands.
 */
export function commentStatements(
  before: SchemaObject | null,
  after: SchemaObject,
  ref: string,
  fact = "comment",
): readonly PlannedStatement[] {
  const had = before === null ? null : text(before, fact);
  const has = text(after, fact);
  if (had === has) return [];
  const what = fact === "comment"
    ? ""
    : `the ${fact.replace(/_comment$/, "").replace("_", "-")} of `;
  return [
    planned(
      after,
      `COMMENT ON ${ref} IS ${has === null ? "NULL" : literal(has)}`,
      has === null
        ? `The comment on ${what}${after.kind} ${after.name} is gone`
        : `This is the comment on ${what}${after.kind} ${after.name}`,
    ),
  ];
}
