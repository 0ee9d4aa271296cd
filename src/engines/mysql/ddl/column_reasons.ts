/** Why a column is changed. */

import type { Reason } from "../../../core/reason.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { attributeSet, becomes, ceases, subjectOf } from "../../common/statement.ts";
import type { ColumnFacts } from "../facts.ts";

/** The reasons of a column that gets other facts. */
export function reasonsOf(
  column: SchemaObject,
  had: ColumnFacts,
  has: ColumnFacts,
): readonly Reason[] {
  const reasons: Reason[] = [];
  if (had.type !== has.type) reasons.push(attributeSet(column, "type", has.type));
  if (had.charset !== has.charset) {
    reasons.push(attributeSet(column, "character set", has.charset ?? null));
  }
  if (had.collation !== has.collation) {
    reasons.push(attributeSet(column, "collation", has.collation ?? null));
  }
  if (had.not_null !== has.not_null) {
    reasons.push((has.not_null === true ? becomes : ceases)(column, "NOT NULL"));
  }
  if (had.default !== has.default || had.no_default !== has.no_default) {
    reasons.push(attributeSet(column, "default", has.default ?? null));
  }
  return reasons.length > 0 ? reasons : [{ action: "replace", object: subjectOf(column) }];
}

/** True where nothing but the loss of a default is left to do, which has a clause of its own. */
export function onlyDropsDefault(had: ColumnFacts, has: ColumnFacts): boolean {
  const { default: _, no_default: __, ...before } = had;
  const { default: ___, no_default: ____, ...after } = has;
  return has.no_default === true && JSON.stringify(before) === JSON.stringify(after);
}
