/** ALTER ... OWNER TO. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { CommonFacts } from "../../catalog/common.ts";
import type { With } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { planned } from "./statement.ts";
import { attributeSet } from "../../../common/statement.ts";

/** Hands the object over where the owners differ (`before` null: the object is new). `ref` is the object as SQL: `TABLE users`. */
export function ownerStatements(
  before: With<CommonFacts> | null,
  after: With<CommonFacts>,
  ref: string,
): readonly PlannedStatement[] {
  if (before?.facts.owner === after.facts.owner) return [];
  const owner = ownerName(after);
  return [
    planned(
      after,
      `ALTER ${ref} OWNER TO ${owner}`,
      attributeSet(after, "owner", owner),
    ),
  ];
}

/** The owner of an object as SQL; the connected user, when it has no owner of its own. */
export function ownerName(object: With<CommonFacts>): string {
  const owner = object.facts.owner;
  return owner === undefined ? "CURRENT_USER" : ident(owner);
}
