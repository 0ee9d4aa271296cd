/** Changes of a table that ALTER TABLE can do. */

import type { TableChange } from "../../common/table_change.ts";
import type { Alteration, PlanContext } from "../../object_kind.ts";
import { addColumns, needsRebuild } from "./add_column.ts";
import { changeInPlace } from "./change_in_place.ts";
import { dropColumns } from "./drop_column.ts";
import { failsOnOf } from "./new_data.ts";

/** The statements, or null when the table must be rebuilt. */
export function alterTable(change: TableChange, context: PlanContext): Alteration | null {
  if (needsRebuild(change, context)) return null;
  const modern = isModern(context);
  const added = addColumns(change, modern);
  const dropped = dropColumns(change, context, modern);
  const changed = changeInPlace(change, context, modern);
  if (added === null || dropped === null || changed === null) return null;
  const [first, ...rest] = [...added, ...dropped.statements, ...changed];
  const failsOn = failsOnOf(change);
  return {
    statements: first === undefined || failsOn === null
      ? [...first === undefined ? [] : [first], ...rest]
      : [{ ...first, failsOn }, ...rest],
    recreates: dropped.recreates,
  };
}

/** SQLite 3.53 can set NOT NULL and add and drop CHECK; without a stated version nothing newer than 3.35 is used. */
function isModern(context: PlanContext): boolean {
  const [major = 0, minor = 0] = (context.hints.deployedVersion ?? "3.35").split(".").map(Number);
  return major > 3 || (major === 3 && minor >= 53);
}
