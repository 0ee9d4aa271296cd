/** Values for columns that DOWN adds again without theirs and that must differ from row to row. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { fold } from "../tokens.ts";
import { affinityOf } from "./affinity.ts";
import { rowidColumn, rowidName } from "./rowid.ts";
import {
  columnNames,
  isGenerated,
  isKey,
  isUniqueIndex,
  isWithoutRowid,
  localName,
} from "./member.ts";
import type { TableChange } from "../../common/table_change.ts";

/**
 * In DOWN, expressions over the old row for new columns, by their folded names: one column of each key that would otherwise
 * be the same in all rows. Elsewhere it is for the user to say what new columns hold, and there are none.
 */
export function distinctValues(
  { before, after, columns, constraints }: TableChange,
  context: PlanContext,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  if (context.hints.isDown !== true || isWithoutRowid(before)) return values;
  const rowid = rowidName(columns.from);
  if (rowid === null) return values;
  const alias = rowidColumn(columns.to, constraints.to, after);
  const isLeft = (column: SchemaObject) =>
    column === alias || isGenerated(column) || (!isNotNull(column) && !hasDefault(column));
  const fresh = new Map(columns.added.map((column) => [fold(localName(column)), column]));
  for (const key of [...constraints.to, ...context.members(context.to, after.id)]) {
    if (!isKey(key) && !isUniqueIndex(key)) continue;
    const names = columnNames(key);
    const added = names.flatMap((name) => fresh.get(name) ?? []);
    if (added.length === 0 || added.some(isLeft) || names.some((name) => values.has(name))) {
      continue;
    }
    const column = added.find((one) => !isText(one)) ?? added[0];
    if (column === undefined) continue;
    values.set(
      fold(localName(column)),
      !isNotNull(column) ? "NULL" : isText(column) ? `CAST(${rowid} AS TEXT)` : rowid,
    );
  }
  return values;
}

function isNotNull(column: SchemaObject): boolean {
  return factsOf(column, "column").not_null === true;
}

function hasDefault(column: SchemaObject): boolean {
  return factsOf(column, "column").default !== undefined;
}

function isText(column: SchemaObject): boolean {
  return ["TEXT", "BLOB"].includes(affinityOf(factsOf(column, "column").type));
}
