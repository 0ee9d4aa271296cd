/** Scripts whose offsets stay those of their files. */

import type { Place } from "../core/statement.ts";
import type { Range } from "../sql/ranges.ts";
import type { Edit, Script, SourceFile } from "./format.ts";

export type { Range };

/** `text` with everything but its line breaks replaced by blanks in each of `ranges`. */
export function blank(text: string, ranges: readonly Range[]): string {
  let out = "";
  let at = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    out += text.slice(at, from) + text.slice(from, end).replace(/[^\r\n]/g, " ");
    at = end;
  }
  return out + text.slice(at);
}

/** The blanks of Go: NEL is one, a byte order mark is none. */
export const GO_BLANK = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** The text without the blanks around it, as Go's `strings.TrimSpace` leaves it. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && GO_BLANK.test(text.charAt(start))) start++;
  while (end > start && GO_BLANK.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** What of a text of `length` lies outside `ranges`, which are in order. */
export function outside(ranges: readonly Range[], length: number): readonly Range[] {
  const out: Range[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    out.push({ start: at, end: start });
    at = end;
  }
  return [...out, { start: at, end: length }];
}

/** The lines of `text` with their offsets; `text` of a line has no line break. */
export function lines(
  text: string,
): readonly { readonly start: number; readonly end: number; readonly text: string }[] {
  const out: { start: number; end: number; text: string }[] = [];
  let start = 0;
  while (start <= text.length) {
    const cut = text.indexOf("\n", start);
    const end = cut < 0 ? text.length : cut + 1;
    out.push({ start, end, text: text.slice(start, end).replace(/\r?\n$/, "") });
    if (cut < 0) break;
    start = end;
  }
  return out;
}

/** `text` with ranges replaced by other texts, and where those stand in the result. */
export function replaceRanges(
  text: string,
  replacements: readonly (Range & { readonly by: string; readonly of?: SourceFile })[],
): { readonly text: string; readonly edits: readonly Edit[] } {
  let out = "";
  let at = 0;
  const edits: Edit[] = [];
  for (const { start, end, by, of } of [...replacements].sort((a, b) => a.start - b.start)) {
    out += text.slice(at, start);
    edits.push({
      start: out.length,
      end: out.length + by.length,
      was: end - start,
      ...(of === undefined ? {} : { of }),
    });
    out += by;
    at = end;
  }
  return { text: out + text.slice(at), edits };
}

/** Where `offset` of a script stands in its file, or in the one that it includes there; inside a value, where that begins. */
export function placeIn(
  script: Pick<Script, "file" | "text" | "edits">,
  offset: number,
): Place {
  let line = 1;
  let column = 1;
  let at = 0;
  const own = (upTo: number) => {
    const part = script.text.slice(at, upTo);
    const cut = part.lastIndexOf("\n");
    if (cut < 0) column += part.length;
    else {
      line += part.split("\n").length - 1;
      column = part.length - cut;
    }
    at = upTo;
  };
  for (const edit of script.edits ?? []) {
    if (edit.start > offset) break;
    if (edit.start === offset && edit.end > offset && edit.of === undefined) break;
    own(edit.start);
    if (offset < edit.end && edit.of !== undefined) {
      const { path, text, edits } = edit.of;
      const inner = { file: path, text, ...(edits === undefined ? {} : { edits }) };
      return placeIn(inner, offset - edit.start);
    }
    if (offset < edit.end) return { file: script.file, line, column };
    line += edit.breaks ?? 0;
    column = (edit.breaks === undefined ? column : 1) + edit.was;
    at = edit.end;
  }
  own(offset);
  return { file: script.file, line, column };
}
