/** Owner, privileges, comment and marks of an object in one call. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { commentStatements } from "./comment.ts";
import { extensionMarks, MARKS } from "./extension_dependency.ts";
import { grantStatements, type GrantTarget } from "./grants.ts";
import { ownerStatements } from "./owner.ts";

/** How an object is named in the three statements; null where the kind has no such thing. */
export interface BelongingRefs {
  readonly comment: string | null;
  readonly owner: string | null;
  readonly grants: GrantTarget | null;
}

/** The facts that `belongings` serves. */
export const BELONGINGS: readonly string[] = ["owner", "grants", "revokes", "comment", MARKS];

/** ALTER ... OWNER, GRANT, REVOKE, COMMENT and DEPENDS ON EXTENSION from `before` (null: the object was just created) to `after`. */
export function belongings(
  before: SchemaObject | null,
  after: SchemaObject,
  refs: BelongingRefs,
  context: PlanContext,
): readonly PlannedStatement[] {
  return [
    ...(refs.owner === null ? [] : ownerStatements(before, after, refs.owner)),
    ...(refs.grants === null ? [] : grantStatements(before, after, refs.grants, context)),
    ...(refs.comment === null ? [] : commentStatements(before, after, refs.comment)),
    ...(refs.comment === null ? [] : extensionMarks(before, after, refs.comment)),
  ];
}

/** The same `ref` in all three: `SCHEMA app`. */
export function allRefs(ref: string): BelongingRefs {
  return { comment: ref, owner: ref, grants: { on: ref } };
}

/** The changed facts that are not belongings. */
export function otherFacts(facts: readonly string[]): readonly string[] {
  return facts.filter((fact) => !BELONGINGS.includes(fact));
}
