/** Places in a text: offsets in UTF-16 units from 0, lines and columns from 1. The one way between them. */

/** A place as errors carry it, with the text of its line. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly source: string;
}

/** The place of an offset. Lines end at a line feed; a carriage return before it is no part of `source`. */
export function positionAt(text: string, offset: number): Position {
  const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < start; at = text.indexOf("\n", at + 1)) line++;
  const source = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
  return { line, column: offset - start + 1, source };
}

/** The offset of a place; the end of its line where the column is beyond it, the end of the text where the line is. */
export function offsetOf(
  text: string,
  { line, column }: Pick<Position, "line" | "column">,
): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return Math.min(start + column - 1, end < 0 ? text.length : end);
}
