/** Names and keys that the files of rows share. */

import { literal } from "../quote.ts";
import { fold } from "../tokens.ts";

/** A name in quotes in any case: a keyword of a later version as well. */
export function always(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Several of them, with commas. */
export function alwaysList(names: readonly string[]): string {
  return names.map(always).join(", ");
}

/** The same for a column however it is spelled, and for no other. */
export function columnKey(table: string, column: string): string {
  return JSON.stringify([fold(table), fold(column)]);
}

/** What to select from for the tables with these ids, or all: rows of `pragma_table_list` under the name `l`. */
export function tableList(ids: ReadonlySet<string> | undefined): string {
  if (ids === undefined) return "pragma_table_list l";
  const names = [...ids].map((id) => `(${literal(id.slice(id.indexOf(":") + 1))})`);
  if (names.length === 0) return "(SELECT * FROM pragma_table_list LIMIT 0) l";
  return `(VALUES ${names.join(", ")}) n JOIN pragma_table_list(n.column1) l`;
}
