/** Lines and columns of many offsets of one text, without counting from its beginning each time. */

/** Where something stands; both from 1. */
export interface LinePlace {
  readonly line: number;
  readonly column: number;
}

/** The place of an offset. */
export function placeOf(text: string, offset: number): LinePlace {
  if (text !== last) {
    last = text;
    starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  }
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** Of the text that was asked for last: uses come file by file. */
let last = "";
let starts: number[] = [0];

/** So many characters of a line around an offset are looked at and shown. */
const ROOM = 500;

/** The line of an offset; of a very long one what is around it. */
export function lineAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf("\n", offset - 1) + 1, offset - ROOM);
  return text.slice(start, offset) + restOfLine(text, offset);
}

/** What of a line stands from an offset on. */
export function restOfLine(text: string, offset: number): string {
  const rest = text.slice(offset, offset + ROOM);
  const end = rest.indexOf("\n");
  return end < 0 ? rest : rest.slice(0, end);
}
