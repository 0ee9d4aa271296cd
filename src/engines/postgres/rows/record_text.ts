/** The text of a whole row, as the server writes it. */

/**
 * The values of a row by what `record_out` writes of it: `(1,"a, b",,"")` is `1`, `a, b`, NULL and nothing. Each value is the text of its
 * type's output function. Throws for a text that is none.
 */
export function valuesOfRecord(text: string): (string | null)[] {
  if (!text.startsWith("(") || !text.endsWith(")")) throw new Error("It is not the text of a row");
  const end = text.length - 1;
  const values: (string | null)[] = [];
  if (end === 1) return values;
  for (let at = 1; at <= end; at++) {
    const [value, next] = text[at] === '"' ? quotedAt(text, at) : plainAt(text, at, end);
    values.push(value);
    at = next;
  }
  return values;
}

/** What stands without quotes, and where it ends; NULL where nothing does. */
function plainAt(text: string, start: number, end: number): readonly [string | null, number] {
  const comma = text.indexOf(",", start);
  const stop = comma < 0 ? end : comma;
  return [stop === start ? null : text.slice(start, stop), stop];
}

/** What stands in quotes, where quotes and backslashes are doubled, and where the comma or the end behind it is. */
function quotedAt(text: string, start: number): readonly [string, number] {
  let stop = text.indexOf('"', start + 1);
  while (stop >= 0 && text[stop + 1] === '"') stop = text.indexOf('"', stop + 2);
  if (stop < 0) throw new Error("A value in the text of a row does not end");
  const value = text.slice(start + 1, stop).replaceAll('""', '"').replaceAll("\\\\", "\\");
  return [value, stop + 1];
}
