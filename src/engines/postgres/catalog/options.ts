/** Options that the catalog keeps as a list of `name=value`. */

/** The items of a list of options in their order as JSON, an SQL expression; NULL where there is no list. */
export function sortedItems(list: string): string {
  return `CASE WHEN ${list} IS NOT NULL THEN (SELECT json_agg(o ORDER BY o) FROM unnest(${list}) o) END`;
}

/**
 * The options of a column (`pg_attribute` under this alias), an SQL expression; NULL where there are none. Some late minor releases
 * (15.20 and 17.12 are such) keep a number of their own among them, which no statement can set and pg_dump passes over.
 */
export function columnOptions(alias: string): string {
  const options = `${alias}.attoptions`;
  return `(CASE WHEN ${options} IS NOT NULL THEN
      (SELECT array_agg(o) FROM unnest(${options}) o WHERE o NOT LIKE 'pg\\_attver=%') END)`;
}

/** Options by name. */
export type Options = Readonly<Record<string, string>>;

/** The options by name, in the order of their names; null when there are none. */
export function optionRecord(options: readonly string[] | null): Options | null {
  if (options === null || options.length === 0) return null;
  const entries = options.map((option): [string, string] => {
    const at = option.indexOf("=");
    return at < 0 ? [option, ""] : [option.slice(0, at), option.slice(at + 1)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0));
}
