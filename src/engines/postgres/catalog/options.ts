/** Options that the catalog keeps as a list of `name=value`. */

import type { Json } from "../../../schema.ts";

/** The items of a list of options in their order as JSON, an SQL expression; NULL where there is no list. */
export function sortedItems(list: string): string {
  return `CASE WHEN ${list} IS NOT NULL THEN (SELECT json_agg(o ORDER BY o) FROM unnest(${list}) o) END`;
}

/** The options by name, in the order of their names; null when there are none. */
export function optionRecord(options: readonly string[] | null): Json {
  if (options === null || options.length === 0) return null;
  const entries = options.map((option): [string, string] => {
    const at = option.indexOf("=");
    return at < 0 ? [option, ""] : [option.slice(0, at), option.slice(at + 1)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0));
}
