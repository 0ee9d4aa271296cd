/** Values of results: exact, and the same for both families. */

/** A cell as the driver hands it over. */
interface Cell {
  readonly type: string;
  string(encoding?: BufferEncoding): string | null;
  buffer(): Uint8Array | null;
}

/** The encodings that the driver can be asked for. */
type BufferEncoding = "utf-8";

const INTEGERS = new Set(["TINY", "SHORT", "INT24", "LONG", "LONGLONG", "YEAR"]);

/** Small integers are numbers, everything else is its text; bytes that are no text are text as well, each byte a character. */
export function cellOf(field: unknown): unknown {
  const cell = field as Cell;
  const text = cell.string();
  if (text === null || !INTEGERS.has(cell.type)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}
