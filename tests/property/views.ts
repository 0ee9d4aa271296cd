/** What the views of random schemas read, in either dialect. */

import type { Random } from "./random.ts";

/** A table or another view, under an alias. */
export interface Part {
  from: string;
  columns: string[];
}

/** One part or two, of relations that are there. */
export function randomParts(
  sources: readonly { readonly name: string; readonly columns: readonly string[] }[],
  random: Random,
): Part[] {
  return Array.from({ length: random.int(1, 2) }, () => {
    const { name, columns } = random.pick(sources);
    return { from: name, columns: random.some(columns, 4) };
  });
}

/** Takes out the columns that are gone, for a view goes on without them; false when nothing is left of a part. */
export function keepKnown(
  parts: readonly Part[],
  known: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  for (const part of parts) {
    part.columns = part.columns.filter((name) => known.get(part.from)?.has(name) ?? false);
  }
  return parts.every(({ columns }) => columns.length > 0);
}
