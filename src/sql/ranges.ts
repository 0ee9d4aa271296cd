/** What of a text is plain SQL, and what stands in quotes and comments. */

import type { Lexicon } from "./lexicon.ts";
import { afterByteOrderMark, Scanner } from "./scanner.ts";

/** A range of a text, in UTF-16 units, `end` excluded. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A range that is not plain SQL, from its opening mark on; one without an end reaches to the end of the text. */
export interface QuotedRange extends Range {
  readonly kind: "string" | "name" | "comment" | "body";
  /** The letter directly before a string's quote that changes how it is read, as written; else empty. */
  readonly prefix: string;
}

/** All that is not plain SQL, in order. */
export function quotedRanges(sql: string, lexicon: Lexicon): readonly QuotedRange[] {
  const out: QuotedRange[] = [];
  const scanner = new Scanner(sql, lexicon);
  while (scanner.next()) {
    const quoted = quotedRange(scanner, sql);
    if (quoted !== null) out.push(quoted);
  }
  return out;
}

/** The scanner's token as a range, or null where it is plain SQL. */
function quotedRange(scanner: Scanner, sql: string): QuotedRange | null {
  const { kind, open, end } = scanner;
  const what = kind === "bad" ? open : kind;
  if (what !== "string" && what !== "name" && what !== "comment" && what !== "body") return null;
  const first = sql.charAt(scanner.start);
  const prefix = what === "string" && /[A-Za-z]/.test(first) ? first : "";
  return { start: scanner.start + prefix.length, end, kind: what, prefix };
}

/** The ranges of `sql` that are plain SQL. */
export function plainRanges(sql: string, lexicon: Lexicon): readonly Range[] {
  const out: Range[] = [];
  let at = 0;
  for (const { start, end } of quotedRanges(sql, lexicon)) {
    if (start > at) out.push({ start: at, end: start });
    at = end;
  }
  if (at < sql.length) out.push({ start: at, end: sql.length });
  return out;
}

/** True for a text that holds nothing but blanks, comments with an end, and a byte order mark at its beginning. */
export function isOnlyComments(sql: string, lexicon: Lexicon): boolean {
  const scanner = new Scanner(sql, lexicon, afterByteOrderMark(sql));
  while (scanner.next()) {
    if (scanner.kind !== "blank" && scanner.kind !== "comment") return false;
  }
  return true;
}

/** The text without its comments; a blank stands for one that separates what is around it. */
export function withoutComments(sql: string, lexicon: Lexicon): string {
  let bare = "";
  let at = 0;
  for (const { start, end, kind } of quotedRanges(sql, lexicon)) {
    if (kind !== "comment") continue;
    const line = end < sql.length && lexicon.lineEnds.includes(sql.charAt(end)) &&
      !sql.startsWith("/*", start);
    bare += sql.slice(at, start) + (line ? "" : " ");
    at = end;
  }
  return (bare + sql.slice(at)).trim();
}
