/** Finds aim.toml and merges it with the variables and flags. */

import { lstat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Config, Source } from "./config.ts";
import { type ErrorDetails, UsageError } from "../core/error.ts";
import { closedHours } from "../core/policy.ts";
import { didYouMean } from "../text/nearest.ts";
import { MEGABYTE, readText, systemCode, unreadable } from "../host/read_text.ts";
import { parseEngineSpec } from "./engine_spec.ts";
import { CONFIG_KEYS, type ConfigKey, flagOf, imageKey, variableOf } from "./keys.ts";
import { lastPart, parseToml, type TomlFile } from "./toml.ts";
import {
  areChecks,
  areMasks,
  arePrices,
  areRules,
  areStrings,
  areTexts,
  fromText,
  fromToml,
  isOfFile,
  isTable,
  parseText,
  type Value,
} from "./values.ts";

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
  /** An error about the value of a key, with its place when it stands in aim.toml. */
  fault(key: string, message: string, details?: ErrorDetails): UsageError;
}

interface Setting {
  readonly value: Value | null;
  readonly source: Source;
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
  const fault = (key: string, message: string, details: ErrorDetails = {}) => {
    const found = settings.get(key)?.source === "file" ? file?.locate(lastPart(key)) : null;
    return new UsageError(message, { code: "config", ...(found ?? {}), ...details });
  };
  const config = assemble(settings, { root, file, folder: options.folder, fault });
  refuseUnknownZones(config, fault);
  return { config: { ...config, places: placesOf(settings, file) }, fault };
}

function refuseUnknownZones({ noDdlHours }: Config, fault: LoadedConfig["fault"]): void {
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

interface Surroundings {
  readonly root: string;
  readonly folder: string;
  readonly file: TomlFile | null;
  readonly fault: LoadedConfig["fault"];
}

function assemble(settings: ReadonlyMap<string, Setting>, around: Surroundings): Config {
  const value = (key: string) => settings.get(key)?.value ?? null;
  const text = (key: string) => {
    const found = value(key);
    return typeof found === "string" ? found : null;
  };
  const number = (key: string) => {
    const found = value(key);
    return typeof found === "number" ? found : null;
  };
  const list = (key: string) => {
    const found = value(key);
    return areStrings(found) ? found : [];
  };
  const texts = (key: string) => {
    const found = value(key);
    return areTexts(found) ? { ...found } : {};
  };
  const command = (key: string) => text(key) ?? (list(key).length > 0 ? list(key) : null);
  const prices = value("prices");
  const rules = value("rule");
  return {
    engine: checkedEngine(text("engine"), around),
    format: text("format") ?? "",
    schema: list("schema"),
    migrations: text("migrations") ?? "",
    maxRetries: number("max_retries") ?? 0,
    maxTokens: number("max_tokens") ?? 0,
    model: text("model"),
    context: text("context"),
    runtime: text("runtime") === "auto" ? null : text("runtime"),
    exact: value("exact") === true,
    statementTimeout: number("statement_timeout") ?? 0,
    memoryLimit: number("memory_limit") ?? 0,
    columnOrder: text("column_order") === "strict" ? "strict" : "ignore",
    safety: text("safety") === "online" ? "online" : "plain",
    lockTimeout: number("lock_timeout") ?? 0,
    rows: text("rows") === "off" ? "off" : "on",
    keptStates: text("kept_states") === "off" ? "off" : "on",
    before: list("before"),
    seeds: list("seeds"),
    checks: checksOf(value("check")),
    masks: masksOf(value("mask")),
    searchPath: text("search_path"),
    constraintNames: text("constraint_names") === "ignore" ? "ignore" : "follow",
    definer: text("definer") === "strict" ? "strict" : "ignore",
    orm: {
      tool: text("orm.tool"),
      command: command("orm.command"),
      door: doorOf(text("orm.door")),
      timeout: number("orm.timeout") ?? 0,
      models: list("orm.models"),
      env: texts("orm.env"),
      pass: list("orm.pass"),
    },
    history: {
      command: command("history.command"),
      timeout: number("history.timeout") ?? 0,
      env: texts("history.env"),
      pass: list("history.pass"),
    },
    ignoreTables: list("ignore_tables"),
    ignoreSchemas: list("ignore_schemas"),
    registered: { functions: list("sqlite.functions"), collations: list("sqlite.collations") },
    image: text(imageKey(text("engine") ?? "")),
    flywayPlaceholders: texts("flyway.placeholders"),
    gooseEnv: texts("goose.env"),
    liveUrlEnv: text("live.url_env"),
    generatedNames: text("generated_names") === "follow" ? "follow" : "ignore",
    generator: oneOf(text("generator"), ["auto", "planner", "model"] as const),
    maxCostUsd: number("max_cost_usd"),
    llmTimeout: number("llm_timeout") ?? 0,
    outputMode: oneOf(
      text("output_mode"),
      ["auto", "strict", "json_schema", "json_object", "text"] as const,
    ),
    contextTokens: number("context_tokens"),
    baseUrl: text("base_url"),
    headers: texts("headers"),
    fallbackModel: text("fallback_model"),
    apiKeyCommand: text("api_key_command"),
    provenance: value("provenance") === true,
    answers: texts("answers"),
    lint: texts("lint"),
    rules: rules === null || !areRules(rules) ? [] : rules,
    failOn: oneOf(text("fail_on"), ["error", "warning", "info", "never", "impact"] as const),
    policy: {
      names: texts("policy.names"),
      comments: value("policy.comments") === true,
      forbiddenTypes: list("policy.forbidden_types"),
      forbiddenStatements: list("policy.forbidden_statements"),
      down: value("policy.down") === true,
      separateData: value("policy.separate_data") === true,
    },
    noDdlHours: list("policy.no_ddl_hours"),
    prices: arePrices(prices)
      ? Object.fromEntries(Object.entries(prices).map(([name, row]) => [name, { ...row }]))
      : {},
    root: around.root,
    file: around.file === null ? null : resolve(around.folder, around.file.path),
    sources: Object.fromEntries([...settings].map(([key, setting]) => [key, setting.source])),
  };
}

function doorOf(text: string | null): Config["orm"]["door"] {
  return text === "print" || text === "database" ? text : null;
}

function checksOf(value: Value | null): Config["checks"] {
  return areChecks(value) ? value.map((check) => ({ ...check })) : [];
}

function masksOf(value: Value | null): Config["masks"] {
  return areMasks(value) ? value.map((mask) => ({ ...mask })) : [];
}

function checkedEngine(engine: string | null, { file, fault }: Surroundings): string {
  if (engine === null) {
    throw new UsageError(
      file === null
        ? "Cannot find aim.toml in this folder or above it, and no engine is given"
        : `Cannot find the engine in ${file.path}`,
      {
        code: file === null ? "no-config" : "config",
        hint: file === null
          ? "run `aim init --engine postgres`, or pass --engine"
          : 'add a line such as engine = "postgres"',
      },
    );
  }
  try {
    parseEngineSpec(engine);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw fault("engine", error.message, { hint: error.hint, code: error.code });
  }
  return engine;
}

function oneOf<const T extends string>(text: string | null, options: readonly [T, ...T[]]): T {
  return options.find((option) => option === text) ?? options[0];
}
