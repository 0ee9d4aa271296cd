/** Rows after UP and DOWN against those before: all that was there must be there again. */

import type { Observation, ObservedTable } from "../../../core/observation.ts";
import type { Effect } from "./effects.ts";
import { type Intent, keyOf, mayMoveValues, tableOf } from "./intent.ts";
import { isKept, type Loss } from "./losses.ts";
import { withPartitions } from "./partitions.ts";
import { difference } from "./row_effects.ts";
import { isSameAgain, missingIn, pairs, placesOf, rowsBy, sameRows } from "./values.ts";

/** What UP is to change, and what is known to be lost by it. */
export interface Return {
  readonly intent: Intent;
  readonly lost: readonly Loss[];
  /** Effects of UP that are known, by their keys. */
  readonly known: ReadonlySet<string>;
  /** True where what is dropped must come back as it was, not merely as a part of something else. */
  readonly isExact: boolean;
}

/** What is not as it was before UP; what UP lost already, and said or was told, is left out. */
export function returnEffects(
  first: Observation,
  last: Observation,
  { intent, lost, known, isExact }: Return,
): readonly Effect[] {
  const emptied = new Set(lost.filter(({ column }) => column === null).map(({ table }) => table));
  const [start, end] = withPartitions(without(first, emptied), without(last, emptied), {
    ...intent,
    to: intent.from,
    storing: new Set([...first.tables.keys(), ...last.tables.keys()]),
  });
  return [...start.tables].flatMap(([id, before]): readonly Effect[] => {
    const after = end.tables.get(id);
    const gone = lost.filter(({ table }) => table === id);
    if (after === undefined || known.has(`table ${id}`)) return [];
    const columns = before.columns.map(({ key }) => key).filter((key) =>
      !gone.some(({ column }) => column === key) && !known.has(`values ${id}.${key}`) &&
      after.columns.some((column) => column.key === key)
    );
    return tableReturn(before, after, { columns, intent, isExact });
  });
}

/** Without the tables whose rows are lost as a whole, also where these are a part of another one's. */
function without(observation: Observation, ids: ReadonlySet<string>): Observation {
  const tables = new Map([...observation.tables].filter(([id]) => !ids.has(id)));
  return { ...observation, tables };
}

function tableReturn(
  before: ObservedTable,
  after: ObservedTable,
  { columns, intent, isExact }: Pick<Return, "intent" | "isExact"> & {
    readonly columns: readonly string[];
  },
): readonly Effect[] {
  const [old, now] = [rowsBy(before, columns), rowsBy(after, columns)];
  if (sameRows(old, now)) return [];
  const moved = movedColumns(before.id, intent);
  const dropped = droppedColumns(before, intent);
  if (before.rows.length !== after.rows.length) {
    return missingIn(now, old).length === 0 ? [] : [difference(before, after, columns)];
  }
  const same = columns.filter((key) => sameRows(rowsBy(before, [key]), rowsBy(after, [key])));
  const found = columns.filter((key) => !same.includes(key)).flatMap((key) =>
    !isExact && dropped.has(key) && isBack(before, after, key)
      ? []
      : columnReturn(before, after, { same, key, isMoved: moved.has(key) })
  );
  return found.length > 0 || same.length < columns.length
    ? found
    : [difference(before, after, columns)];
}

function columnReturn(
  before: ObservedTable,
  after: ObservedTable,
  { same, key, isMoved }: {
    readonly same: readonly string[];
    readonly key: string;
    readonly isMoved: boolean;
  },
): readonly Effect[] {
  const { id, name } = before;
  // A value that rows got which had none is what the change of the column said of it.
  const wrong = pairs(before, after, { kept: same, key }).find(([was, is]) =>
    !isSameAgain(was, is) && (was !== null || !isMoved)
  );
  if (wrong === undefined) return [];
  const [was, is] = wrong;
  return [{
    key: `return ${id}.${key}`,
    kind: is === null ? "lost" : "altered",
    table: name,
    column: key,
    before: was,
    after: is,
    text: `the values of column ${name}.${key}: UP keeps them, DOWN does not restore them`,
    isLoss: isMoved,
  }];
}

/** Columns that go by the changes, so that what brings them back may be put together of other values. */
function droppedColumns({ id, columns }: ObservedTable, intent: Intent): ReadonlySet<string> {
  const own = intent.changes.filter((change) => change.op === "drop");
  if (own.some((change) => change.id === id)) return new Set(columns.map(({ key }) => key));
  return new Set(
    own.filter((change) => change.kind === "column" && change.before.parent === id)
      .map((change) => keyOf(change.id)),
  );
}

/** Whether each value stands in the column again, as it was or as a word of a longer one. */
function isBack(before: ObservedTable, after: ObservedTable, key: string): boolean {
  const [from = -1] = placesOf(before, [key]);
  const [to = -1] = placesOf(after, [key]);
  const rows = [{ rows: after.rows.map((row) => [row[to] ?? null]) }];
  return before.rows.every((row) => isKept(row[from] ?? "", rows) || row[from] === null);
}

/** Columns of a table that are altered, or made again, by either direction. */
function movedColumns(table: string, intent: Intent): ReadonlySet<string> {
  const own = intent.changes.filter((change) =>
    change.kind === "column" && mayMoveValues(change) && tableOf(change.id, intent) === table
  );
  return new Set([...own.map(({ id }) => keyOf(id)), ...intent.converted.get(table) ?? []]);
}
