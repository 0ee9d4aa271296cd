/** Lists in brackets, as people write them. */

import { plainRanges } from "../../../../sql/ranges.ts";
import { lexicon } from "../../lexicon.ts";

/** `(a, b)` on one line where it is short, else one item a line. */
export function bracketed(items: readonly string[], width = 60): string {
  const line = items.join(", ");
  return line.length <= width && !line.includes("\n") ? `(${line})` : block(items);
}

/** One item a line, between brackets. */
export function block(items: readonly string[]): string {
  return `(\n${items.map((item) => `  ${indented(item)}`).join(",\n")}\n)`;
}

/** The lines after the first two blanks further in; those inside of literals and names stay as they are. */
function indented(item: string): string {
  if (!item.includes("\n")) return item;
  const plain = plainRanges(item, lexicon);
  return item.replaceAll(
    /\n/g,
    (_, at: number) => plain.some(({ start, end }) => start <= at && at < end) ? "\n  " : "\n",
  );
}
