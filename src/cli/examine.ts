/** What can run on this machine, for `aim doctor`: every runtime is started once, every setting is read. */

import process from "node:process";
import type { Config } from "../config/config.ts";
import { CONFIG_KEYS, type ConfigKey } from "../config/keys.ts";
import { lastPart } from "../config/toml.ts";
import { formatDuration, formatSize } from "../config/quantities.ts";
import type { Engine } from "../engines/engine.ts";
import { AimError } from "../core/error.ts";
import type { Runtime, Target } from "../runtimes/runtime.ts";
import type { Context } from "./command.ts";
import { open } from "./open.ts";
import { VERSION } from "./version.ts";

/** All that was found out. Plain data: it is the JSON of the command. */
export interface Examination {
  /** False when no runtime can serve the engine in force. */
  readonly fit: boolean;
  readonly version: string;
  /** `deno 2.9.6`. */
  readonly host: string;
  /** `linux x64`. */
  readonly platform: string;
  /** Path of aim.toml; null when there is none. */
  readonly file: string | null;
  readonly settings: readonly FoundSetting[];
  readonly engines: readonly FoundEngine[];
  /** Providers that have a key, and where it is; never the keys. */
  readonly keys: readonly { readonly provider: string; readonly origin: string }[];
  /** What is wrong with the settings, or with the files that they name. */
  readonly problems: readonly string[];
  /** Files of the schema; null when they cannot be read. */
  readonly schemaFiles: number | null;
  /** Migrations of the history; null when it cannot be read. */
  readonly migrationCount: number | null;
}

/** One setting. */
export interface FoundSetting {
  readonly key: string;
  readonly value: unknown;
  readonly source: string;
}

/** One engine. */
export interface FoundEngine {
  readonly engine: string;
  /** It is the one in force. */
  readonly chosen: boolean;
  readonly runtimes: readonly FoundRuntime[];
  /** The runtime that would be taken, and why, for the engine in force; null for others and where none can serve. */
  readonly choice: { readonly runtime: string; readonly why: string } | null;
}

/** One runtime of an engine: its version when it started, else why it cannot serve. */
export interface FoundRuntime {
  readonly name: string;
  readonly version: string | null;
  readonly refusal: string | null;
  /** Milliseconds to start. */
  readonly ms: number | null;
}

/** Examines the machine and the project. A problem of the project is reported, not thrown. */
export async function examine(context: Context): Promise<Examination> {
  const { ENGINES } = await import("../engines/all.ts");
  const problems: string[] = [];
  await attempt(problems, () => mendAssets(problems));
  const config = await attempt(problems, async () => (await context.config()).config);
  const project = config === null ? null : await examineProject(context, problems);
  const engines: FoundEngine[] = [];
  for (const engine of ENGINES) {
    const chosen = project?.engine === engine ? project : null;
    const target = chosen?.target ?? engine.target(null, [], false);
    const name = chosen === null ? engine.dialect : config?.engine ?? engine.dialect;
    const runtimes = await examineRuntimes(engine, target, context);
    const choice = chosen === null ? null : choiceOf(chosen, runtimes);
    engines.push({ engine: name, chosen: chosen !== null, runtimes, choice });
  }
  if (config !== null && config.model !== null) {
    const { model } = config;
    const { parseModelSpec } = await import("../models/model_spec.ts");
    await attempt(problems, () => Promise.resolve().then(() => parseModelSpec(model)));
  }
  const { keyReport } = await import("../models/keys.ts");
  const keys = await attempt(problems, () => keyReport(context.variables));
  return {
    fit: config === null || engines.some(({ chosen, choice }) => chosen && choice !== null),
    version: VERSION,
    host: host(),
    platform: `${process.platform} ${process.arch}`,
    file: config?.file ?? null,
    settings: config === null ? [] : settingsOf(config),
    engines,
    keys: keys ?? [],
    problems,
    schemaFiles: project?.schemaFiles ?? null,
    migrationCount: project?.migrations ?? null,
  };
}

/** Reads all embedded files; damaged ones are recreated when a runtime starts. */
async function mendAssets(problems: string[]): Promise<void> {
  const { removeDamagedAssets } = await import("../host/assets.ts");
  const damaged = await removeDamagedAssets();
  if (damaged.length > 0) {
    problems.push(`Embedded files were damaged and are recreated: ${damaged.join(", ")}`);
  }
}

/** The first that can serve, as `startServer` has it. */
function choiceOf(
  { target, wanted }: FoundProject,
  runtimes: readonly FoundRuntime[],
): FoundEngine["choice"] {
  const serving = runtimes.find(({ name, refusal }) =>
    refusal === null && (wanted === null || name === wanted)
  );
  if (serving === undefined) return null;
  const { version, anyVersion } = target;
  const why = anyVersion && version !== null
    ? `none has version ${version}, so ${serving.version} proves`
    : wanted !== null
    ? "it was asked for"
    : version === null
    ? "the first that can serve"
    : `the first that has version ${version}`;
  return { runtime: serving.name, why };
}

interface FoundProject {
  readonly engine: Engine;
  /** Name of the only runtime that may serve, or null. */
  readonly wanted: string | null;
  readonly target: Target;
  readonly schemaFiles: number | null;
  readonly migrations: number | null;
}

async function examineProject(
  context: Context,
  problems: string[],
): Promise<FoundProject | null> {
  const { readSources, servingTarget, targetOf, wantedRuntime } = await import(
    "../pipeline/mod.ts"
  );
  return await attempt(problems, async () => {
    const project = await open(context);
    const sources = await attempt(problems, () => readSources(project));
    const files = [...sources?.schema ?? [], ...sources?.files ?? []];
    const scripts = files.map(({ text }) => text);
    const wanted = wantedRuntime(project);
    const asked = targetOf(project, scripts);
    return {
      engine: project.engine,
      wanted,
      target: project.exact ? asked : await servingTarget(project.engine, asked, wanted),
      schemaFiles: sources?.schema.length ?? null,
      migrations: sources?.history.migrations.length ?? null,
    };
  });
}

async function examineRuntimes(
  engine: Engine,
  target: Target,
  context: Context,
): Promise<readonly FoundRuntime[]> {
  const found: FoundRuntime[] = [];
  for (const runtime of engine.runtimes) {
    context.signal.throwIfAborted();
    found.push(await examineRuntime(runtime, target, context));
  }
  return found;
}

/** Starts it, since only that shows that it works. */
async function examineRuntime(
  runtime: Runtime,
  target: Target,
  { emit, signal }: Context,
): Promise<FoundRuntime> {
  const { name } = runtime;
  const start = performance.now();
  try {
    const refusal = await runtime.refuses(target);
    if (refusal !== null) return { name, version: null, refusal, ms: null };
    await using server = await runtime.start(target, { emit, signal });
    return { name, version: server.version, refusal: null, ms: performance.now() - start };
  } catch (error) {
    signal.throwIfAborted();
    const refusal = error instanceof Error ? error.message : String(error);
    return { name, version: null, refusal: `It does not start: ${refusal}`, ms: null };
  }
}

/** Runs something; a problem of the user's goes on the list and gives null. To be outside of a project is none. */
async function attempt<T>(problems: string[], run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AimError)) throw error;
    if (error.code === "no-config") return null;
    problems.push(error.hint === undefined ? error.message : `${error.message} (${error.hint})`);
    return null;
  }
}

const FIELDS: Readonly<Record<string, keyof Config>> = {
  max_retries: "maxRetries",
  max_tokens: "maxTokens",
  statement_timeout: "statementTimeout",
  memory_limit: "memoryLimit",
  column_order: "columnOrder",
  search_path: "searchPath",
  generated_names: "generatedNames",
  ignore_tables: "ignoreTables",
  ignore_schemas: "ignoreSchemas",
  "flyway.placeholders": "flywayPlaceholders",
  "goose.env": "gooseEnv",
  "live.url_env": "liveUrlEnv",
  constraint_names: "constraintNames",
  max_cost_usd: "maxCostUsd",
  llm_timeout: "llmTimeout",
  base_url: "baseUrl",
  api_key_command: "apiKeyCommand",
  output_mode: "outputMode",
  context_tokens: "contextTokens",
  fallback_model: "fallbackModel",
  fail_on: "failOn",
};

function settingsOf(config: Config): readonly FoundSetting[] {
  const values: Readonly<Record<string, unknown>> = {
    ...config,
    schema: config.schema.length === 1 ? config.schema[0] : config.schema,
    ...config.registered,
    ...Object.fromEntries(
      Object.entries(config.orm).map(([name, value]) => [`orm.${name}`, value]),
    ),
    ...Object.fromEntries(
      Object.entries(config.history).map(([name, value]) => [`history.${name}`, value]),
    ),
  };
  return CONFIG_KEYS.map(({ key, type }) => ({
    key,
    value: shown(type, values[FIELDS[key] ?? (key in values ? key : lastPart(key))] ?? null),
    source: config.sources[key] ?? "default",
  }));
}

function shown(type: ConfigKey["type"], value: unknown): unknown {
  if (typeof value !== "number") return value;
  if (type === "duration") return formatDuration(value);
  return type === "size" ? formatSize(value) : value;
}

function host(): string {
  const { bun, deno, node } = process.versions;
  if (bun !== undefined) return `bun ${bun}`;
  return deno === undefined ? `node ${node}` : `deno ${deno}`;
}
