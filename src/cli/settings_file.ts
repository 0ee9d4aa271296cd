/** The aim.toml that `aim init` writes. */

import { CONFIG_KEYS, type ConfigKey } from "../config/keys.ts";

/** What `aim init` settles; paths as the user wrote them. */
export interface SetupSettings {
  readonly engine: string;
  readonly format: string;
  /** Several in the order in which they are loaded. */
  readonly schema: string | readonly string[];
  readonly migrations: string;
  readonly model: string | null;
  /** Name of the tool whose models are the schema; absent where it is files. */
  readonly orm?: string;
}

/** The file: the settled keys in force, the others as comments with their defaults. */
export function settingsFile(settings: SetupSettings): string {
  const set: Readonly<Record<string, string | readonly string[] | null>> = { ...settings };
  const rows = CONFIG_KEYS.filter(({ flag }) => flag === "all");
  return [
    "# Settings of aim. `aim help config` explains every key.",
    ...rows.map((row) => `# ${row.summary}.\n${line(row, set[row.key] ?? null)}`),
  ].join("\n\n") + "\n";
}

function line(row: ConfigKey, value: string | readonly string[] | null): string {
  if (typeof value === "string") return `${row.key} = ${tomlString(value)}`;
  if (value !== null) return `${row.key} = [${value.map(tomlString).join(", ")}]`;
  const own = Array.isArray(row.fallback) && row.example !== undefined
    ? [row.example]
    : row.fallback;
  const example = own ?? row.example ?? "";
  return `# ${row.key} = ${JSON.stringify(example)}`;
}

/** A TOML basic string; JSON's escapes are a subset of TOML's, but for DEL. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007F");
}
