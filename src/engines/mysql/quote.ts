/** Names and texts as SQL text. */

import { splitName } from "../../core/name.ts";
import { RESERVED } from "./reserved.ts";

/** A name as it stands in a statement: bare where that is safe, else in backquotes. */
export function quote(name: string): string {
  if (PLAIN.test(name) && !RESERVED.has(name.toUpperCase())) return name;
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Several names with commas, as inside parentheses. */
export function quoteList(names: readonly string[]): string {
  return names.map(quote).join(", ");
}

/** A name that may be in another database, part by part. */
export function quotePath(name: string): string {
  return splitName(name).map(quote).join(".");
}

/** Assignments that leave columns as they are: one with ON UPDATE has the time else, and a trigger sees a row that is written. */
export function itself(columns: readonly string[], row = ""): readonly string[] {
  return columns.map((name) => `${row}${quote(name)} = ${row}${quote(name)}`);
}

/** A text as a string literal, for sessions in which a backslash escapes. */
export function literal(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r").replaceAll("\0", "\\0").replaceAll("\x1a", "\\Z");
  return `'${escaped}'`;
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_$]*$/;
