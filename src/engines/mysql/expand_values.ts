/** Whether two values differ, as columns of an expansion compare them. */

import { quote } from "./quote.ts";

/** A collation may take texts for equal that are not; their bytes tell. */
export function differs(one: string, other: string, type: string): string {
  if (!TEXTS.test(type)) return `NOT (${one} <=> ${other})`;
  return `NOT (${bytes(one)} <=> ${bytes(other)})`;
}

function bytes(value: string): string {
  return `CAST(CONVERT(${value} USING utf8mb4) AS BINARY)`;
}

const TEXTS = /^(?:(?:var)?char|(?:tiny|medium|long)?text|enum|set)\b/i;

/** Assignments that leave columns as they are: one with ON UPDATE has the time else, and a trigger sees a row that is written. */
export function itself(columns: readonly string[], row = ""): readonly string[] {
  return columns.map((name) => `${row}${quote(name)} = ${row}${quote(name)}`);
}
