/** Line and column of an offset. */

import type { ErrorDetails } from "../../errors.ts";

/** Line and column of an offset in a script, with the line's text, as errors carry them; the file is the caller's to name. */
export function whereabouts(sql: string, at: number): Pick<ErrorDetails, "place" | "source"> {
  const before = sql.slice(0, at);
  const start = before.lastIndexOf("\n") + 1;
  const end = sql.indexOf("\n", at);
  let line = 1;
  for (let i = before.indexOf("\n"); i >= 0; i = before.indexOf("\n", i + 1)) line++;
  return {
    place: { file: "", line, column: at - start + 1 },
    source: sql.slice(start, end < 0 ? sql.length : end),
  };
}
