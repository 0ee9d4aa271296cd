/** COMMENT ON. */

import type { SchemaObject } from "../../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import type { CommonFacts } from "../../catalog/common.ts";
import type { With } from "../../objects.ts";
import { literal } from "../../quote.ts";
import { planned } from "./statement.ts";
import { attributeSet } from "../../../common/statement.ts";

/** Sets the comment of `after` where it differs from that of `before` (null: the object was just made). `ref` is the object as SQL: `TABLE users`. */
export function commentStatements(
  before: With<CommonFacts> | null,
  after: With<CommonFacts>,
  ref: string,
): readonly PlannedStatement[] {
  return partComment(after, ref, {
    had: before?.facts.comment,
    has: after.facts.comment,
    of: "",
  });
}

/** A comment on the object, or on a part of it that has one itself. */
export interface PartComment {
  readonly had: string | undefined;
  readonly has: string | undefined;
  /** The part, before the name of the object: `the index of `. */
  readonly of: string;
}

/** The same for a part of an object; `ref` is the part as SQL: `INDEX users_pkey`. */
export function partComment(
  object: Pick<SchemaObject, "id" | "kind" | "name">,
  ref: string,
  { had, has, of }: PartComment,
): readonly PlannedStatement[] {
  if (had === has) return [];
  return [
    planned(
      object,
      `COMMENT ON ${ref} IS ${has === undefined ? "NULL" : literal(has)}`,
      attributeSet(
        { kind: `${of}${object.kind}`, name: object.name },
        "comment",
        has === undefined ? null : undefined,
      ),
    ),
  ];
}
