/** `flyway.conf` and `flyway.toml`: what they say of placeholders. */

import { UsageError } from "../../core/error.ts";
import type { SourceFile } from "../format.ts";

/** How Flyway fills in placeholders. */
export interface FlywaySettings {
  /** By name in lower case: Flyway does not tell capitals apart. */
  readonly placeholders: ReadonlyMap<string, string>;
  /** False where it leaves all of them as they stand. */
  readonly replaces: boolean;
  readonly prefix: string;
  readonly suffix: string;
}

/** Those of Flyway itself, with placeholders by name. */
export function flywaySettings(
  placeholders: Readonly<Record<string, string>> = {},
  { placeholders: others, ...settings }: FlywaySettings = NONE,
): FlywaySettings {
  const own = Object.entries(placeholders)
    .map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...settings, placeholders: new Map([...others, ...own]) };
}

const NONE: FlywaySettings = {
  placeholders: new Map(),
  replaces: true,
  prefix: "${",
  suffix: "}",
};

/** Names of the files, weakest first. */
export const FLYWAY_FILES: readonly string[] = ["flyway.conf", "flyway.toml"];

/** Reads settings files, each over the ones before it. Throws UsageError, with the place, for one that is not TOML. */
export async function readFlywaySettings(files: readonly SourceFile[]): Promise<FlywaySettings> {
  let settings = NONE;
  for (const file of files) {
    const values = file.path.endsWith(".toml") ? await tomlValues(file) : confValues(file.text);
    settings = merged(settings, values);
  }
  return settings;
}

const PLACEHOLDER = /^placeholders\.(.+)$/i;

/** `values` are by key without `flyway.`. */
function merged(before: FlywaySettings, values: ReadonlyMap<string, string>): FlywaySettings {
  const placeholders = new Map(before.placeholders);
  let { replaces, prefix, suffix } = before;
  for (const [key, value] of values) {
    const name = PLACEHOLDER.exec(key)?.[1];
    if (name !== undefined) placeholders.set(name.toLowerCase(), value);
    else if (key === "placeholderReplacement") replaces = value !== "false";
    else if (key === "placeholderPrefix" && value !== "") prefix = value;
    else if (key === "placeholderSuffix" && value !== "") suffix = value;
  }
  return { placeholders, replaces, prefix, suffix };
}

/** A file of Java properties: `key=value`, comments after `#` or `!`, a backslash at the end goes on in the next line. */
function confValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.replaceAll(/\\\r?\n[ \t]*/g, "").split(/\r?\n/)) {
    if (/^\s*[#!]/.test(line)) continue;
    const found = /^\s*flyway\.([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (found !== null) values.set(found[1] ?? "", found[2] ?? "");
  }
  return values;
}

/** The keys of the table `flyway`, tables in it joined by points. */
async function tomlValues({ path, text }: SourceFile): Promise<ReadonlyMap<string, string>> {
  const { parse, TomlError } = await import("smol-toml");
  try {
    const values = new Map<string, string>();
    collect(parse(text)["flyway"], "", values);
    return values;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    throw new UsageError(`Cannot read "${path}": it is not TOML`, {
      code: "migration-format",
      place: { file: path, line, column },
      source: text.split(/\r?\n/)[line - 1],
      cause: error,
    });
  }
}

function collect(value: unknown, key: string, into: Map<string, string>): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [name, inner] of Object.entries(value)) {
      collect(inner, key === "" ? name : `${key}.${name}`, into);
    }
  } else if (key !== "" && ["string", "number", "bigint", "boolean"].includes(typeof value)) {
    into.set(key, String(value));
  }
}
