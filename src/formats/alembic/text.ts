/** SQLAlchemy's `text()`, which `op.execute` makes of a string: `:name` is a bound value there, and `\:` a colon. */

import { type LiteralPiece, withoutSigns } from "../code_tokens.ts";

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
  return withoutSigns(pieces, dropped);
}
