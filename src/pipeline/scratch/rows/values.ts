/** Rows of observed tables, cut to columns, paired and compared. */

import type { ObservedTable } from "../../../core/observation.ts";

/** Values of a row, in the order of some columns. */
export type Row = readonly (string | null)[];

/** The places of columns in a table's rows; -1 for one that it has not. */
export function placesOf(table: ObservedTable, keys: readonly string[]): readonly number[] {
  return keys.map((key) => table.columns.findIndex((column) => column.key === key));
}

/** The rows, cut to some columns, as texts in order. */
export function rowsBy(table: ObservedTable, keys: readonly string[]): readonly string[] {
  const places = placesOf(table, keys);
  return table.rows.map((row) => JSON.stringify(places.map((at) => row[at] ?? null))).sort();
}

/** Whether two lists of `rowsBy` are the same. */
export function sameRows(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((row, at) => row === other[at]);
}

/** Whether all of a part stands in the whole, as often. */
export function includes(whole: readonly string[], part: readonly string[]): boolean {
  return missingIn(whole, part).length === 0;
}

/** What of a part does not stand in the whole. */
export function missingIn(whole: readonly string[], part: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const row of whole) left.set(row, (left.get(row) ?? 0) + 1);
  return part.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}

/** The old and the new value of a column for each row that can be told from the others by the columns `kept`. */
export function pairs(
  before: ObservedTable,
  after: ObservedTable,
  { kept, key }: { readonly kept: readonly string[]; readonly key: string },
): readonly (readonly [string | null, string | null])[] {
  const [oldAt = -1] = placesOf(before, [key]);
  const [newAt = -1] = placesOf(after, [key]);
  if (newAt < 0 || oldAt < 0) return [];
  const byRow = (table: ObservedTable, at: number) => {
    const places = placesOf(table, kept);
    return Map.groupBy(
      table.rows,
      (row: Row) => JSON.stringify(places.map((place) => row[place] ?? null)),
    ).entries().map(([row, list]) => [row, list.map((one) => one[at] ?? null)] as const);
  };
  const now = new Map(byRow(after, newAt));
  return [...byRow(before, oldAt)].flatMap(([row, values]) => {
    const others = now.get(row) ?? [];
    if (kept.length === 0 || values.length > 1) {
      const sorted = (list: readonly (string | null)[]) => [...list].sort();
      return sorted(values).map((value, at) => [value, sorted(others)[at] ?? null] as const);
    }
    return [[values[0] ?? null, others[0] ?? null] as const];
  });
}

/** True for a value that a new type writes in another way at most: `1`, `1.00`, `'1'`. */
export function sameValue(old: string, now: string): boolean {
  const [a, b] = [old, now].map((text) => text.replace(/^'(.*)'$/s, "$1").trim());
  return a === b || (a !== "" && Number(a) === Number(b));
}

/** True for values of one type that are written alike, or are the same number with other zeros behind the point. */
export function isSameAgain(old: string | null, now: string | null): boolean {
  if (old === now) return true;
  return old !== null && now !== null && DECIMAL.test(old) && DECIMAL.test(now) &&
    bare(old) === bare(now);
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

function bare(number: string): string {
  return number.includes(".") ? number.replace(/\.?0+$/, "") : number;
}
