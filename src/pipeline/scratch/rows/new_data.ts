/** Rows that are written between UP and DOWN: what the new schema takes and the old one does not, and what becomes of it. */

import { lastName } from "../../../core/name.ts";
import type { NewData, Observation, ObservedTable } from "../../../core/observation.ts";
import type { NewDataVerdict, Verdict } from "../../../core/proof.ts";
import { keyOf } from "./intent.ts";
import { isWordIn } from "./scope.ts";
import { missingIn, pairs, rowsBy, sameRows } from "./values.ts";

/** Rows that were written after UP. */
export interface Written {
  readonly data: readonly NewData[];
  /** What was seen behind them. */
  readonly seen: Observation;
}

/** What a DOWN that was refused says of new rows: those that its message speaks of, or all. */
export function refusedData(
  { data }: Written,
  failure: Extract<Verdict, { readonly state: "error" }>,
): readonly NewDataVerdict[] {
  const said = `${failure.message} ${failure.detail ?? ""}`;
  const isOf = ({ tableName, column }: NewData, text: string) =>
    column === null ? isWordIn(lastName(tableName), text) : isWordIn(keyOf(column), text);
  const tests = [
    (one: NewData) => isOf(one, said) && said.includes(one.value.replaceAll("'", "")),
    (one: NewData) => isOf(one, said),
    (one: NewData) => isOf(one, failure.sql) && isWordIn(lastName(one.tableName), failure.sql),
  ];
  const named = tests.map((test) => data.filter(test)).find((list) => list.length > 0) ?? [];
  const message = failure.message.replace(/^\S+:\d+: /, "");
  return (named.length > 0 ? named : data).map((one) => ({
    ...verdictOf(one, "refused", message),
    refusedBy: failure.sql,
  }));
}

/** New rows, or values of theirs, that DOWN did not keep although the old schema has a place for them. */
export function lostData(
  { data, seen }: Written,
  { middle, first, last }: {
    readonly middle: Observation;
    readonly first: Observation;
    readonly last: Observation;
  },
): readonly NewDataVerdict[] {
  return data.flatMap((one): readonly NewDataVerdict[] => {
    const tables = [middle, seen, first, last].map((look) => look.tables.get(one.table));
    const [before, written, start, end] = tables;
    if (!before || !written || !start || !end) return [];
    const count = written.rows.length - before.rows.length;
    const kept = end.rows.length - start.rows.length;
    if (kept < count) return [verdictOf(one, "lost", "the row is gone after DOWN")];
    const key = one.column === null ? null : keyOf(one.column);
    if (key === null || !has(end, key)) return [];
    const fresh = missingIn(rowsBy(before, [key]), rowsBy(written, [key]));
    const left = missingIn(rowsBy(start, [key]), rowsBy(end, [key]));
    const gone = missingIn(left, fresh);
    if (gone.length === 0 || isRenamed(start, before, { key, fresh, left })) return [];
    const instead = missingIn(fresh, left)[0];
    return [verdictOf(one, "lost", `it is ${valueIn(instead)} after DOWN`)];
  });
}

/** Whether UP gave values of old rows the name that the new one has, and DOWN gave it the old one: a renamed label. */
function isRenamed(
  start: ObservedTable,
  middle: ObservedTable,
  { key, fresh, left }: {
    readonly key: string;
    readonly fresh: readonly string[];
    readonly left: readonly string[];
  },
): boolean {
  const keys = start.columns.map((column) => column.key).filter((one) => has(middle, one));
  const kept = keys.filter((one) => sameRows(rowsBy(start, [one]), rowsBy(middle, [one])));
  const named = pairs(start, middle, { kept, key }).map(([was, is]) =>
    `${JSON.stringify([is])} ${JSON.stringify([was])}`
  );
  return fresh.length === left.length &&
    fresh.every((value, at) => named.includes(`${value} ${left[at]}`));
}

function has(table: ObservedTable, key: string): boolean {
  return table.columns.some((column) => column.key === key);
}

/** The one value of a row as `rowsBy` gives it. */
function valueIn(row: string | undefined): string {
  const [value = null]: readonly (string | null)[] = row === undefined ? [] : JSON.parse(row);
  return row === undefined ? "gone" : value === "" ? "''" : value ?? "NULL";
}

function verdictOf(
  { tableName, column, kind, value }: NewData,
  fate: NewDataVerdict["fate"],
  message: string,
): NewDataVerdict {
  return { table: tableName, column, kind, value, fate, message, isTold: false };
}
