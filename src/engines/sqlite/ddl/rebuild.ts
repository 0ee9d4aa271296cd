/** How a table is changed where ALTER TABLE cannot: a new table, the rows copied, the old one dropped. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { Alteration, PlanContext } from "../../object_kind.ts";
import { fold } from "../tokens.ts";
import { deduplicate } from "./deduplicate.ts";
import { isKey, localName } from "./member.ts";
import { readersOfColumns } from "./readers.ts";
import { rebuildBySwap } from "./rebuild_by_swap.ts";
import { rebuildInPlace } from "./rebuild_in_place.ts";
import { checksElsewhere } from "./reference_checks.ts";
import { referencesTo } from "./references.ts";
import { askOfMerged, askOfTypes, settleReference, settleRefused } from "./refused_rows.ts";

/**
 * A rebuild that is right inside a transaction, whether foreign keys are enforced there or not. Nobody can switch their
 * enforcement off inside a transaction, and most runners open one.
 */
export function rebuildTable(change: TableChange, context: PlanContext): Alteration {
  const members = context.members(context.from, change.before.id);
  const referenced = referencesTo(change.before.id, context).some((reference) =>
    context.action(reference.child) !== "create"
  );
  const swap = referenced ? null : rebuildBySwap(change, members, context);
  const rebuild = swap ?? rebuildInPlace(change, members, context);
  const { added, changed } = change.constraints;
  const stricter = [...added, ...changed.map(({ after }) => after)];
  const first = [
    ...stricter.filter(isKey).flatMap((key) => deduplicate(key, context)),
    ...stricter.flatMap((check) => settleRefused(check, change, context)),
    ...stricter.flatMap((key) => settleReference(key, change, context)),
  ];
  askOfTypes(change, context);
  askOfMerged(change, context);
  const broken = readersOfDropped(change, members, context).map(({ id }) => id);
  return {
    ...rebuild,
    statements: [...first, ...rebuild.statements],
    ...broken.length === 0 ? {} : { recreates: [...rebuild.recreates ?? [], ...broken] },
  };
}

/** Views and triggers that name a dropped column: with them SQLite refuses every later change of another table. */
function readersOfDropped(
  { before, columns }: TableChange,
  members: readonly SchemaObject[],
  context: PlanContext,
): readonly SchemaObject[] {
  const names = new Set(columns.dropped.map((column) => fold(localName(column))));
  if (names.size === 0 || !checksElsewhere(before.id, context)) return [];
  return readersOfColumns(before.id, names, context).filter((one) => !members.includes(one));
}
