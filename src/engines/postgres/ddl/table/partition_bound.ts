/** Bounds of partitions as the server prints them: which overlap, and which take all rows of others. */

import { signs } from "../../signs.ts";

/** A bound, its values as SQL. */
export type Bound =
  | { readonly by: "default" }
  | { readonly by: "list"; readonly values: readonly string[] }
  | { readonly by: "range"; readonly from: readonly string[]; readonly to: readonly string[] }
  | { readonly by: "hash"; readonly modulus: number; readonly remainder: number };

/** Reads `FOR VALUES FROM (10) TO (20)`; null for what the server does not print. */
export function readBound(text: string): Bound | null {
  if (text === "DEFAULT") return { by: "default" };
  const hash = /^FOR VALUES WITH \(modulus (\d+), remainder (\d+)\)$/i.exec(text);
  if (hash !== null) return { by: "hash", modulus: Number(hash[1]), remainder: Number(hash[2]) };
  const lists = bracketedLists(text);
  const [first, second] = lists;
  if (first === undefined) return null;
  if (text.startsWith("FOR VALUES IN ")) return { by: "list", values: first };
  return second === undefined ? null : { by: "range", from: first, to: second };
}

/** True when a row may fit both bounds; values are compared as the usual types are, dates and numbers. */
export function overlap(a: Bound, b: Bound): boolean {
  if (a.by === "default" || b.by === "default") return a.by === b.by;
  if (a.by === "list" && b.by === "list") return a.values.some((value) => b.values.includes(value));
  if (a.by === "hash" && b.by === "hash") {
    return (a.remainder - b.remainder) % commonDivisor(a.modulus, b.modulus) === 0;
  }
  if (a.by === "range" && b.by === "range") {
    return compare(a.from, b.to) < 0 && compare(b.from, a.to) < 0;
  }
  return true;
}

/** True when each row that fits `before` fits `after` as well. */
export function covers(after: Bound, before: Bound): boolean {
  if (after.by === "list" && before.by === "list") {
    return before.values.every((value) => after.values.includes(value));
  }
  if (after.by === "hash" && before.by === "hash") {
    return before.modulus % after.modulus === 0 &&
      before.remainder % after.modulus === after.remainder;
  }
  if (after.by === "range" && before.by === "range") {
    return compare(after.from, before.from) <= 0 && compare(before.to, after.to) <= 0;
  }
  return false;
}

/** The items of the lists in brackets at the top. */
export function bracketedLists(text: string): readonly (readonly string[])[] {
  const lists: string[][] = [];
  let [depth, start] = [0, 0];
  for (const { sign, at } of signs(text, 0)) {
    const isItem = (sign === "," && depth === 1) || (sign === ")" && depth === 1);
    if (isItem) lists.at(-1)?.push(text.slice(start, at).trim());
    if (sign === "(" && depth++ === 0) lists.push([]);
    if (sign === ")") depth--;
    if (isItem || (sign === "(" && depth === 1)) start = at + 1;
  }
  return lists;
}

/** Below zero, zero or above zero; MINVALUE and MAXVALUE make what follows them the same. */
function compare(a: readonly string[], b: readonly string[]): number {
  for (const [at, value] of a.entries()) {
    const order = compareValues(value, b[at] ?? value);
    if (order !== 0) return order;
    if (UNBOUNDED.has(value)) return 0;
  }
  return 0;
}

const UNBOUNDED: ReadonlyMap<string, number> = new Map([["MINVALUE", -1], ["MAXVALUE", 1]]);

function compareValues(a: string, b: string): number {
  if (a === b) return 0;
  const [endA, endB] = [UNBOUNDED.get(a) ?? 0, UNBOUNDED.get(b) ?? 0];
  if (endA !== endB) return endA - endB;
  const [plainA, plainB] = [a, b].map((value) => value.replace(/^'(.*)'$/s, "$1"));
  if (plainA === undefined || plainB === undefined) return 0;
  if (INTEGER.test(plainA) && INTEGER.test(plainB)) return BigInt(plainA) < BigInt(plainB) ? -1 : 1;
  if (NUMBER.test(plainA) && NUMBER.test(plainB)) return Number(plainA) - Number(plainB);
  return plainA < plainB ? -1 : plainA > plainB ? 1 : 0;
}

const INTEGER = /^-?\d+$/;

const NUMBER = /^-?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i;

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
