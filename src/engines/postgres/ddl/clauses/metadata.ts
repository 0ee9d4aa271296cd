/** Owner, privileges, comment and extension dependencies of an object in one call. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { CommonFacts } from "../../catalog/common.ts";
import type { PostgresContext, With } from "../../objects.ts";
import { commentStatements } from "./comment.ts";
import { extensionDependencies } from "./extension_dependency.ts";
import { grantStatements, type GrantTarget } from "./grants.ts";
import { ownerStatements } from "./owner.ts";

/** How an object is named in the three statements; null where the kind has no such thing. */
export interface MetadataRefs {
  readonly comment: string | null;
  readonly owner: string | null;
  readonly grants: GrantTarget | null;
}

/** The names of the facts that `metadata` serves. */
const METADATA: Readonly<Record<keyof CommonFacts, true>> = {
  owner: true,
  grants: true,
  revokes: true,
  comment: true,
  depends_on_extensions: true,
};

/** ALTER ... OWNER, GRANT, REVOKE, COMMENT and DEPENDS ON EXTENSION from `before` (null: the object was just created) to `after`. */
export function metadata(
  before: With<CommonFacts> | null,
  after: With<CommonFacts>,
  refs: MetadataRefs,
  context: PostgresContext,
): readonly PlannedStatement[] {
  return [
    ...(refs.owner === null ? [] : ownerStatements(before, after, refs.owner)),
    ...(refs.grants === null ? [] : grantStatements(before, after, refs.grants, context)),
    ...(refs.comment === null ? [] : commentStatements(before, after, refs.comment)),
    ...(refs.comment === null ? [] : extensionDependencies(before, after, refs.comment)),
  ];
}

/** The same `ref` in all three: `SCHEMA app`. */
export function allRefs(ref: string): MetadataRefs {
  return { comment: ref, owner: ref, grants: { on: ref } };
}

/** The changed facts that are not metadata. */
export function otherFacts<F extends string>(
  facts: readonly F[],
): readonly Exclude<F, keyof CommonFacts>[] {
  return facts.filter((fact): fact is Exclude<F, keyof CommonFacts> => !(fact in METADATA));
}
