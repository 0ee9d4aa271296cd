/** The settings as the program reads them, out of the values of their keys. */

import { resolve } from "node:path";
import type { Config, Source } from "./config.ts";
import { type ErrorDetails, UsageError } from "../core/error.ts";
import { parseEngineSpec } from "./engine_spec.ts";
import { imageKey } from "./keys.ts";
import type { TomlFile } from "./toml.ts";
import {
  areChecks,
  areMasks,
  arePrices,
  areRules,
  areStrings,
  areTexts,
  type Value,
} from "./values.ts";

/** The value of a key, and where it came from. */
export interface Setting {
  readonly value: Value | null;
  readonly source: Source;
}

/** An error about the value of a key, with its place when it stands in aim.toml. */
export type Fault = (key: string, message: string, details?: ErrorDetails) => UsageError;

/** Where the settings are from. */
interface Surroundings {
  readonly root: string;
  readonly folder: string;
  readonly file: TomlFile | null;
  readonly fault: Fault;
}

/** Puts the settings together. Throws UsageError where no engine is given, or one that is none. */
export function assemble(
  settings: ReadonlyMap<string, Setting>,
  { root, folder, file, fault }: Surroundings,
): Config {
  const values = new Values(settings);
  return {
    engine: checkedEngine(values.text("engine"), { file, fault }),
    ...sourcesIn(values),
    ...scratchIn(values),
    ...rowsIn(values),
    ...planIn(values),
    ...programsIn(values),
    ...modelIn(values),
    ...rulesIn(values),
    liveUrlEnv: values.text("live.url_env"),
    root,
    file: file === null ? null : resolve(folder, file.path),
    sources: Object.fromEntries([...settings].map(([key, setting]) => [key, setting.source])),
  };
}

/** Values by their keys, as one of the types that a key may have; what is absent is null or empty. */
class Values {
  readonly #settings: ReadonlyMap<string, Setting>;

  constructor(settings: ReadonlyMap<string, Setting>) {
    this.#settings = settings;
  }

  value(key: string): Value | null {
    return this.#settings.get(key)?.value ?? null;
  }

  text(key: string): string | null {
    const found = this.value(key);
    return typeof found === "string" ? found : null;
  }

  /** The text where it is one of these; else the first of them. */
  oneOf<const T extends string>(key: string, options: readonly [T, ...T[]]): T {
    const text = this.text(key);
    return options.find((option) => option === text) ?? options[0];
  }

  number(key: string): number | null {
    const found = this.value(key);
    return typeof found === "number" ? found : null;
  }

  isOn(key: string): boolean {
    return this.value(key) === true;
  }

  list(key: string): readonly string[] {
    const found = this.value(key);
    return areStrings(found) ? found : [];
  }

  texts(key: string): Readonly<Record<string, string>> {
    const found = this.value(key);
    return areTexts(found) ? { ...found } : {};
  }

  /** One text for the shell, or the words of a command. */
  command(key: string): string | readonly string[] | null {
    const words = this.list(key);
    return this.text(key) ?? (words.length > 0 ? words : null);
  }
}

/** What is read: the schema, the migrations, and what comes before them. */
function sourcesIn(values: Values) {
  return {
    format: values.text("format") ?? "",
    schema: values.list("schema"),
    migrations: values.text("migrations") ?? "",
    before: values.list("before"),
    searchPath: values.text("search_path"),
    ignoreTables: values.list("ignore_tables"),
    ignoreSchemas: values.list("ignore_schemas"),
    flywayPlaceholders: values.texts("flyway.placeholders"),
    gooseEnv: values.texts("goose.env"),
  };
}

/** Where scratch databases run, and what they may take. */
function scratchIn(values: Values) {
  const runtime = values.text("runtime");
  return {
    runtime: runtime === "auto" ? null : runtime,
    exact: values.isOn("exact"),
    image: values.text(imageKey(values.text("engine") ?? "")),
    statementTimeout: values.number("statement_timeout") ?? 0,
    memoryLimit: values.number("memory_limit") ?? 0,
    keptStates: values.oneOf("kept_states", ["on", "off"]),
    registered: {
      functions: values.list("sqlite.functions"),
      collations: values.list("sqlite.collations"),
    },
  };
}

/** The rows of the proof, and what must be so of them. */
function rowsIn(values: Values) {
  const checks = values.value("check");
  const masks = values.value("mask");
  return {
    rows: values.oneOf("rows", ["on", "off"]),
    seeds: values.list("seeds"),
    checks: areChecks(checks) ? checks.map((check) => ({ ...check })) : [],
    masks: areMasks(masks) ? masks.map((mask) => ({ ...mask })) : [],
  };
}

/** What counts as a difference, and how migrations are written. */
function planIn(values: Values) {
  return {
    columnOrder: values.oneOf("column_order", ["ignore", "strict"]),
    constraintNames: values.oneOf("constraint_names", ["follow", "ignore"]),
    generatedNames: values.oneOf("generated_names", ["ignore", "follow"]),
    definer: values.oneOf("definer", ["ignore", "strict"]),
    safety: values.oneOf("safety", ["plain", "online"]),
    lockTimeout: values.number("lock_timeout") ?? 0,
    answers: values.texts("answers"),
    provenance: values.isOn("provenance"),
  };
}

/** Programs of the project that aim runs. */
function programsIn(values: Values): Pick<Config, "orm" | "history"> {
  return {
    orm: {
      tool: values.text("orm.tool"),
      command: values.command("orm.command"),
      door: doorOf(values.text("orm.door")),
      timeout: values.number("orm.timeout") ?? 0,
      models: values.list("orm.models"),
      env: values.texts("orm.env"),
      pass: values.list("orm.pass"),
    },
    history: {
      command: values.command("history.command"),
      timeout: values.number("history.timeout") ?? 0,
      env: values.texts("history.env"),
      pass: values.list("history.pass"),
    },
  };
}

/** The language model. */
function modelIn(values: Values) {
  const prices = values.value("prices");
  return {
    generator: values.oneOf("generator", ["auto", "planner", "model"]),
    model: values.text("model"),
    context: values.text("context"),
    maxRetries: values.number("max_retries") ?? 0,
    maxTokens: values.number("max_tokens") ?? 0,
    maxCostUsd: values.number("max_cost_usd"),
    llmTimeout: values.number("llm_timeout") ?? 0,
    outputMode: values.oneOf("output_mode", [
      "auto",
      "strict",
      "json_schema",
      "json_object",
      "text",
    ]),
    contextTokens: values.number("context_tokens"),
    baseUrl: values.text("base_url"),
    headers: values.texts("headers"),
    fallbackModel: values.text("fallback_model"),
    apiKeyCommand: values.text("api_key_command"),
    prices: arePrices(prices)
      ? Object.fromEntries(Object.entries(prices).map(([name, row]) => [name, { ...row }]))
      : {},
  };
}

/** What a migration must keep to. */
function rulesIn(values: Values) {
  const rules = values.value("rule");
  return {
    lint: values.texts("lint"),
    rules: rules === null || !areRules(rules) ? [] : rules,
    failOn: values.oneOf("fail_on", ["error", "warning", "info", "never", "impact"]),
    policy: {
      names: values.texts("policy.names"),
      comments: values.isOn("policy.comments"),
      forbiddenTypes: values.list("policy.forbidden_types"),
      forbiddenStatements: values.list("policy.forbidden_statements"),
      down: values.isOn("policy.down"),
      separateData: values.isOn("policy.separate_data"),
    },
    noDdlHours: values.list("policy.no_ddl_hours"),
  };
}

function doorOf(text: string | null): Config["orm"]["door"] {
  return text === "print" || text === "database" ? text : null;
}

function checkedEngine(
  engine: string | null,
  { file, fault }: Pick<Surroundings, "file" | "fault">,
): string {
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
