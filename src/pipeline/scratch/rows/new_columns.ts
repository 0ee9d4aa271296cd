/** New columns with a default: rows that are there have it as well as those that come. */

import type { Change } from "../../../core/change.ts";
import type { ObservedTable } from "../../../core/observation.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { Effect } from "./effects.ts";
import { type Intent, keyOf } from "./intent.ts";
import { placesOf } from "./values.ts";

/** Columns whose default none of the rows has got. */
export function defaultEffects(
  before: ObservedTable,
  after: ObservedTable,
  own: readonly Change[],
  intent: Intent,
): readonly Effect[] {
  if (after.rows.length === 0) return [];
  const isEmpty = ({ columns, rows }: ObservedTable, key: string) => {
    const [at = -1] = placesOf({ ...after, columns, rows }, [key]);
    return at >= 0 && rows.every((row) => row[at] === null);
  };
  const gone = own.flatMap((change) =>
    change.op === "drop" && change.kind === "column" ? [keyOf(change.id)] : []
  );
  // A column that was renamed keeps what it held, be it nothing.
  if (gone.some((key) => isEmpty(before, key))) return [];
  return own.flatMap((change): readonly Effect[] => {
    if (change.op !== "create" || change.kind !== "column") return [];
    const key = keyOf(change.id);
    // A column that a table has of its type comes without the default, which is the table's own.
    if (intent.changes.some(({ kind, id }) => kind === "attribute" && keyOf(id) === key)) return [];
    if (!hasDefault(change.after, intent) || !isEmpty(after, key)) return [];
    return [{
      key: `values ${before.id}.${key}`,
      kind: "altered",
      table: before.name,
      column: key,
      before: null,
      after: null,
      text:
        `the values of column ${before.name}.${key}: rows that were there do not have its default`,
    }];
  });
}

function hasDefault(column: SchemaObject, { to }: Intent): boolean {
  if (column.facts.generated !== undefined) return false;
  const defaults = [
    column.facts.default,
    ...[...to.objects.values()].filter(({ kind, parent }) =>
      kind === "default" && parent === column.id
    )
      .map(({ facts }) => facts.expression),
  ].filter((value) => typeof value === "string");
  return defaults.some((value) => !/^\(*null\b/i.test(value));
}
