/** The settings of a SQLite connection that are not in the file and must come back with it. */

const NAMES = [
  "foreign_keys",
  "legacy_alter_table",
  "recursive_triggers",
  "ignore_check_constraints",
  "reverse_unordered_selects",
  "writable_schema",
  "query_only",
  "trusted_schema",
  "cell_size_check",
  "full_column_names",
  "short_column_names",
] as const;

/** Reads them, by name. */
export function readSettings(
  read: (sql: string) => readonly object[],
): ReadonlyMap<string, number> {
  const settings = new Map<string, number>();
  for (const name of NAMES) {
    const value: unknown = Object.values(read(`PRAGMA ${name}`)[0] ?? {})[0];
    if (typeof value === "number" || typeof value === "bigint") settings.set(name, Number(value));
  }
  return settings;
}

/** The script that sets them. */
export function settingsScript(settings: ReadonlyMap<string, number>): string {
  return [...settings].map(([name, value]) => `PRAGMA ${name} = ${value};`).join("\n");
}
