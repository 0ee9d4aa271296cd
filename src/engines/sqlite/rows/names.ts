/** Names and keys that the files of rows share. */

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
