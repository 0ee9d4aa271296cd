/** SQLAlchemy's `text()`, which `op.execute` makes of a string: `:name` is a bound value there, and `\:` a colon. */

import type { LiteralPiece } from "../code_tokens.ts";

/** As the oldest and the newest SQLAlchemy have it: `:name` behind a colon, a letter or a backslash is none. */
const BOUND = /(?<![:\p{L}\p{N}_\\]):[\p{L}\p{N}_]+(?!:)/u;

/** A statement as `text()` must get it: where it would see a bound value or an escape, every colon is escaped. */
export function escapedColons(sql: string): string {
  return BOUND.test(sql) || sql.includes("\\:") ? sql.replaceAll(":", "\\:") : sql;
}

/** Where a text has a bound value, its offset; else -1. */
export function boundValue(text: string): number {
  return text.search(BOUND);
}

/** The pieces of a text without the backslashes that escape colons. */
export function withoutColonEscapes(pieces: readonly LiteralPiece[]): readonly LiteralPiece[] {
  const text = pieces.map(({ value }) => value).join("");
  const dropped = new Set<number>();
  for (const { index } of text.matchAll(/\\:[\p{L}\p{N}_$]*(?![:\p{L}\p{N}_$])/gu)) {
    dropped.add(index);
  }
  if (dropped.size === 0) return pieces;
  const out: LiteralPiece[] = [];
  let offset = 0;
  for (const piece of pieces) {
    const { start, end, value } = piece;
    const isPlain = end - start === value.length;
    let from = 0;
    for (let at = 0; at <= value.length; at++) {
      if (at < value.length && !dropped.has(offset + at)) continue;
      if (isPlain && at > from) {
        out.push({ start: start + from, end: start + at, value: value.slice(from, at) });
      } else if (!isPlain && at === value.length) {
        const kept = [...value].filter((_, index) => !dropped.has(offset + index)).join("");
        out.push({ start, end, value: kept });
      }
      from = at + 1;
    }
    offset += value.length;
  }
  return out;
}
