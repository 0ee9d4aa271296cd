/** Where columns are put, so that they come to stand in the order of the schema. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { quote } from "../quote.ts";

/** What becomes of the columns of a table. */
export interface OrderInput {
  /** Columns that are there and stay, in the order that they have. */
  readonly kept: readonly SchemaObject[];
  /** All columns in the order that they are to have. */
  readonly wanted: readonly SchemaObject[];
  /** True where columns that stay are moved for the sake of the order. */
  readonly moves: boolean;
}

/** Clauses by the ids of those columns that are put somewhere: ` AFTER email`, ` FIRST`, or nothing for the end. */
export function placesOf({ kept, wanted, moves }: OrderInput): ReadonlyMap<string, string> {
  const position = new Map(wanted.map(({ id }, at) => [id, at]));
  const numbers = kept.map(({ id }) => position.get(id) ?? 0);
  const staying = moves ? longestRise(numbers) : new Set(numbers);
  const list = kept.filter(({ id }) => staying.has(position.get(id) ?? 0)).map(({ id }) => id);
  const isKept = new Set(kept.map(({ id }) => id));
  const places = new Map<string, string>();
  wanted.forEach((column, at) => {
    if (list.includes(column.id)) return;
    const before = wanted[at - 1];
    const index = before === undefined ? 0 : list.indexOf(before.id) + 1;
    const isLast = index === list.length && !isKept.has(column.id);
    const place = before === undefined ? " FIRST" : ` AFTER ${quote(lastName(before.name))}`;
    places.set(column.id, isLast ? "" : place);
    list.splice(index, 0, column.id);
  });
  return places;
}

/** The members of a longest rising part of a list of different numbers. */
function longestRise(numbers: readonly number[]): ReadonlySet<number> {
  const best: (readonly number[])[] = [];
  for (const number of numbers) {
    const before = best.filter((rise) => (rise.at(-1) ?? -1) < number)
      .reduce<readonly number[]>((a, b) => (b.length > a.length ? b : a), []);
    best.push([...before, number]);
  }
  return new Set(best.reduce<readonly number[]>((a, b) => (b.length > a.length ? b : a), []));
}
