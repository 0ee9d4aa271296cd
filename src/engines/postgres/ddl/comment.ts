/** COMMENT ON. */

import type { PlannedStatement, SchemaObject } from "../../../schema.ts";
import { literal } from "../quote.ts";
import { planned, text } from "./statement.ts";

/** Sets the comment of `after` where it differs from that of `before` (null: the object is new). `ref` is the object as SQL: `TABLE users`, `CONSTRAINT c ON users`. */
export function commentStatements(
  before: SchemaObject | null,
  after: SchemaObject,
  ref: string,
): readonly PlannedStatement[] {
  const had = before === null ? null : text(before, "comment");
  const has = text(after, "comment");
  if (had === has) return [];
  return [
    planned(
      after,
      `COMMENT ON ${ref} IS ${has === null ? "NULL" : literal(has)}`,
      has === null
        ? `The comment on ${after.kind} ${after.name} is gone`
        : `${after.kind} ${after.name} has this comment`,
    ),
  ];
}
