/** Names as SQL text. */

import { KEYWORDS } from "./keywords.ts";

/** A name as it stands in a statement: bare where that is safe, else in double quotes. */
export function quote(name: string): string {
  if (PLAIN.test(name) && !KEYWORDS.has(name.toLowerCase())) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** Several names with commas, as inside parentheses. */
export function quoteList(names: readonly string[]): string {
  return names.map(quote).join(", ");
}

/** A text as a string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
