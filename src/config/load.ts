/** Finds aim.toml and merges it with the variables and flags. */

import { lstat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { assemble, type Fault, type Setting } from "./assemble.ts";
import type { Config } from "./config.ts";
import { UsageError } from "../core/error.ts";
import { closedHours } from "../core/policy.ts";
import { didYouMean } from "../text/nearest.ts";
import { MEGABYTE, readText, systemCode, unreadable } from "../host/read_text.ts";
import { CONFIG_KEYS, type ConfigKey, flagOf, variableOf } from "./keys.ts";
import { lastPart, parseToml, type TomlFile } from "./toml.ts";
import { fromText, fromToml, isOfFile, isTable, parseText } from "./values.ts";

/** What settings are made from. */
export interface LoadOptions {
  /** Working folder, absolute; the search for aim.toml begins here and goes up. */
  readonly folder: string;
  /** Values of flags by key of aim.toml, as typed; several for a list. */
  readonly flags?: Readonly<Record<string, readonly string[]>>;
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** Settings, and a way to say where one of them is wrong. */
export interface LoadedConfig {
  readonly config: Config;
  readonly fault: Fault;
}

/**
 * Loads the settings for a folder. Relative paths of flags are relative to that folder, all others to that of aim.toml.
 * Throws UsageError for a missing engine, an unknown key, a wrong type or text that is not TOML.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const file = await findFile(options.folder);
  if (file !== null) refuseUnknownKeys(file);
  const root = file === null ? options.folder : dirname(resolve(options.folder, file.path));
  const settings = new Map(CONFIG_KEYS.map((key) => [key.key, settle(key, file, options, root)]));
  const fault: Fault = (key, message, details = {}) => {
    const found = settings.get(key)?.source === "file" ? file?.locate(lastPart(key)) : null;
    return new UsageError(message, { code: "config", ...(found ?? {}), ...details });
  };
  const config = assemble(settings, { root, file, folder: options.folder, fault });
  refuseUnknownZones(config, fault);
  return { config: { ...config, places: placesOf(settings, file) }, fault };
}

function refuseUnknownZones({ noDdlHours }: Config, fault: Fault): void {
  for (const hours of noDdlHours) {
    try {
      closedHours([hours], new Date());
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw fault("policy.no_ddl_hours", `Cannot use the hours "${hours}": ${error.message}`, {
        hint: "zones are named as Europe/Berlin; without one it is UTC",
      });
    }
  }
}

function placesOf(
  settings: ReadonlyMap<string, Setting>,
  file: TomlFile | null,
): NonNullable<Config["places"]> {
  return Object.fromEntries([...settings].flatMap(([key, { source }]) => {
    const found = source === "file" ? file?.locate(key) ?? null : null;
    return found === null ? [] : [[key, found]];
  }));
}

/** The most bytes of aim.toml. */
const FILE_LIMIT = MEGABYTE;

async function findFile(folder: string): Promise<TomlFile | null> {
  for (let at = folder;; at = dirname(at)) {
    const path = join(at, "aim.toml");
    if (await exists(path)) {
      const shown = relative(folder, path);
      const text = await readText(path, { limit: FILE_LIMIT, shown, code: "config" });
      return await parseToml(shown, text);
    }
    if (dirname(at) === at) return null;
  }
}

/** A link to nothing is no absent file: the settings of a folder above must not count in its place. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error))) return false;
    throw unreadable(error, path, "config");
  }
}

function refuseUnknownKeys(file: TomlFile): void {
  const known = CONFIG_KEYS.map((row) => row.key);
  for (const key of keysIn(file, known)) {
    if (known.includes(key)) continue;
    throw new UsageError(`Unknown key "${key}" in ${file.path}`, {
      code: "config",
      hint: didYouMean(key, known) ?? `known keys: ${known.join(", ")}`,
      ...(file.locate(lastPart(key)) ?? {}),
    });
  }
}

/** The keys of a file; those of a table that keys stand in as `table.key`. */
function keysIn({ path, values, locate }: TomlFile, known: readonly string[]): readonly string[] {
  const tables = new Set(known.filter((key) => key.includes(".")).map((key) => key.split(".")[0]));
  return Object.entries(values).flatMap(([key, value]) => {
    if (!tables.has(key)) return [key];
    if (isTable(value)) return Object.keys(value).map((inner) => `${key}.${inner}`);
    throw new UsageError(`Cannot use ${key} in ${path}: it must be a table`, {
      code: "config",
      hint: `write [${key}] on a line of its own, and its keys below`,
      ...(locate(key) ?? {}),
    });
  });
}

function valueIn({ values }: TomlFile, key: string): unknown {
  const [first = "", second] = key.split(".");
  const value = Object.hasOwn(values, first) ? values[first] : undefined;
  if (second === undefined) return value;
  return isTable(value) && Object.hasOwn(value, second) ? value[second] : undefined;
}

/** The value of one key from the first place that has one. */
function settle(
  key: ConfigKey,
  file: TomlFile | null,
  options: LoadOptions,
  root: string,
): Setting {
  const flags = options.flags?.[key.key];
  if (flags !== undefined && flags.length > 0) {
    return { value: fromText(key, flags, flagOf(key.key), options.folder), source: "flag" };
  }
  const variable = options.variables?.[variableOf(key.key)];
  if (variable !== undefined && variable !== "" && !isOfFile(key)) {
    const texts = key.type === "list" || key.type === "paths"
      ? variable.split(",").map((part) => part.trim())
      : [variable];
    return { value: fromText(key, texts, variableOf(key.key), root), source: "environment" };
  }
  const written = file === null ? undefined : valueIn(file, key.key);
  if (file !== null && written !== undefined) {
    return { value: fromToml(key, written, file, root), source: "file" };
  }
  const { fallback } = key;
  const value = typeof fallback === "string" ? parseText(key, fallback, root) : fallback;
  return { value, source: "default" };
}
