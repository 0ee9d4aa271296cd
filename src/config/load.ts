/** Finds aim.toml and merges it with the variables and flags. */

import { lstat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Config, ModelPrice, Source } from "./config.ts";
import { type ErrorDetails, UsageError } from "../core/error.ts";
import { didYouMean } from "../text/nearest.ts";
import { MEGABYTE, readText, systemCode, unreadable } from "../host/read_text.ts";
import { parseEngineSpec } from "./engine_spec.ts";
import { CONFIG_KEYS, type ConfigKey, flagOf, isTableKey, variableOf } from "./keys.ts";
import { parseDuration, parseSize } from "./quantities.ts";
import { parseToml, type TomlFile } from "./toml.ts";

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

type Value =
  | string
  | number
  | boolean
  | readonly string[]
  | Readonly<Record<string, string>>
  | Readonly<Record<string, ModelPrice>>;

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
    const found = settings.get(key)?.source === "file" ? file?.locate(key) : null;
    return new UsageError(message, { code: "config", ...(found ?? {}), ...details });
  };
  return { config: assemble(settings, { root, file, folder: options.folder, fault }), fault };
}

/** The schema that is read from stdin. */
export const STDIN_SCHEMA = "-";

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
  for (const key of Object.keys(file.values)) {
    if (known.includes(key)) continue;
    throw new UsageError(`Unknown key "${key}" in ${file.path}`, {
      code: "config",
      hint: didYouMean(key, known) ?? `known keys: ${known.join(", ")}`,
      ...(file.locate(key) ?? {}),
    });
  }
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
  if (variable !== undefined && variable !== "" && !isTableKey(key)) {
    const texts = key.type === "list" ? variable.split(",").map((part) => part.trim()) : [variable];
    return { value: fromText(key, texts, variableOf(key.key), root), source: "environment" };
  }
  const written = file?.values[key.key];
  if (file !== null && written !== undefined) {
    return { value: fromToml(key, written, file, root), source: "file" };
  }
  const { fallback } = key;
  const value = typeof fallback === "string" ? parseText(key, fallback, root) : fallback;
  return { value, source: "default" };
}

function fromText(
  key: ConfigKey,
  texts: readonly string[],
  origin: string,
  folder: string,
): Value {
  if (key.type === "list") return texts.filter((text) => text !== "");
  const text = texts.at(-1) ?? "";
  const value = parseText(key, text, folder);
  const wrong = value === null ? expected(key) : refusal(key, value);
  if (value === null || wrong !== null) {
    throw new UsageError(`Cannot use ${origin} "${text}": ${wrong}`, {
      code: "config",
      hint: key.choices && didYouMean(text, key.choices),
    });
  }
  return value;
}

function parseText(key: ConfigKey, text: string, folder: string): Value | null {
  switch (key.type) {
    case "count":
      return /^\d+$/.test(text) ? Number(text) : null;
    case "amount":
      return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
    case "switch":
      return /^(true|1|yes)$/.test(text) ? true : /^(false|0|no)$/.test(text) ? false : null;
    case "path":
      if (key.key === "schema" && text === STDIN_SCHEMA) return text;
      return text === "" ? null : resolve(folder, text);
    case "duration":
      return parseDuration(text);
    case "size":
      return atLeast(LEAST_SIZE, parseSize(text));
    default:
      return text;
  }
}

function fromToml(key: ConfigKey, written: unknown, file: TomlFile, root: string): Value {
  const value = ofType(key, written);
  const wrong = value === null ? expected(key) : refusal(key, value);
  if (value !== null && wrong === null) {
    return key.type === "path" && typeof value === "string" ? resolve(root, value) : value;
  }
  throw new UsageError(`Cannot use ${key.key} in ${file.path}: ${wrong}`, {
    code: "config",
    hint: key.choices && typeof written === "string" ? didYouMean(written, key.choices) : undefined,
    ...(file.locate(key.key) ?? {}),
  });
}

/** What an engine needs to start. */
const LEAST_SIZE = 256 * 1024 ** 2;

function atLeast(least: number, value: number | null): number | null {
  return value !== null && value >= least ? value : null;
}

/** The value when it has the key's type, else null. */
function ofType(key: ConfigKey, written: unknown): Value | null {
  switch (key.type) {
    case "count":
      return typeof written === "number" && Number.isInteger(written) && written >= 0
        ? written
        : null;
    case "amount":
      return typeof written === "number" && written >= 0 ? written : null;
    case "switch":
      return typeof written === "boolean" ? written : null;
    case "list":
      return Array.isArray(written) && written.every((item) => typeof item === "string")
        ? written
        : null;
    case "answers":
      return areAnswers(written) ? written : null;
    case "prices":
      return arePrices(written) ? written : null;
    case "path":
      return typeof written === "string" && written !== "" ? written : null;
    case "duration":
    case "size":
      return typeof written === "string" || typeof written === "number"
        ? parseText(key, String(written), "")
        : null;
    default:
      return typeof written === "string" ? written : null;
  }
}

function areAnswers(written: unknown): written is Readonly<Record<string, string>> {
  return isTable(written) &&
    Object.entries(written).every(([id, answer]) =>
      typeof answer === "string" && answer.trim() !== "" &&
      (id !== "data" || answer === "assume-empty")
    );
}

function arePrices(written: unknown): written is Readonly<Record<string, ModelPrice>> {
  return isTable(written) &&
    Object.values(written).every((row) =>
      isTable(row) && typeof row.input === "number" && typeof row.output === "number" &&
      Object.entries(row).every(([name, price]) =>
        ["input", "output", "cached"].includes(name) && typeof price === "number" && price >= 0
      )
    );
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function expected(key: ConfigKey): string {
  switch (key.type) {
    case "count":
      return "it must be a whole number, 0 or more";
    case "amount":
      return "it must be a number, 0 or more";
    case "switch":
      return "it must be true or false";
    case "list":
      return "it must be a list of strings";
    case "path":
      return "it must be a path";
    case "duration":
      return "it must be a number of seconds or a duration such as 500ms, 90s, 5min or 1h";
    case "size":
      return "it must be a size of 256MB or more, such as 512MB or 2GB";
    case "answers":
      return `each line needs an id and an answer, such as "fill:users.timezone" = "expression='UTC'"; data can be "assume-empty"`;
    case "prices":
      return "each model needs a table with input and output, and may have cached, in US dollars for a million tokens";
    default:
      return "it must be a string";
  }
}

/** The most characters of one in a list. */
const LONGEST_ITEM = 256;

/** Why a value of the right type will not do. */
function refusal(key: ConfigKey, value: Value): string | null {
  if (key.type === "list" && Array.isArray(value)) {
    const fits = value.every((item) => item !== "" && item.length <= LONGEST_ITEM);
    return fits ? null : `each must have 1 to ${LONGEST_ITEM} characters`;
  }
  if (key.choices === undefined || typeof value !== "string") return null;
  return key.choices.includes(value) ? null : `it must be ${key.choices.join(" or ")}`;
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
  const list = value("ignore_tables");
  const answers = value("answers");
  const prices = value("prices");
  return {
    engine: checkedEngine(text("engine"), around),
    format: text("format") ?? "",
    schema: text("schema") ?? "",
    migrations: text("migrations") ?? "",
    maxRetries: number("max_retries") ?? 0,
    maxTokens: number("max_tokens") ?? 0,
    model: text("model"),
    context: text("context"),
    runtime: text("runtime"),
    statementTimeout: number("statement_timeout") ?? 0,
    memoryLimit: number("memory_limit") ?? 0,
    columnOrder: text("column_order") === "strict" ? "strict" : "ignore",
    ignoreTables: Array.isArray(list) ? list : [],
    generator: oneOf(text("generator"), ["auto", "planner", "model"] as const),
    maxCostUsd: number("max_cost_usd"),
    llmTimeout: number("llm_timeout") ?? 0,
    baseUrl: text("base_url"),
    apiKeyCommand: text("api_key_command"),
    provenance: value("provenance") === true,
    answers: areAnswers(answers) ? { ...answers } : {},
    prices: arePrices(prices)
      ? Object.fromEntries(Object.entries(prices).map(([name, row]) => [name, { ...row }]))
      : {},
    root: around.root,
    file: around.file === null ? null : resolve(around.folder, around.file.path),
    sources: Object.fromEntries([...settings].map(([key, setting]) => [key, setting.source])),
  };
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
