/** A project as the pipeline works on it: the settings, the files, and the engine that they are for. */

import type { Config } from "../config.ts";
import type { Engine, InspectOptions } from "../engines/engine.ts";
import { engineNamed } from "../engines/mod.ts";
import { SetupError, UsageError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { History, MigrationFormat, Script, SourceFile } from "../formats/format.ts";
import { BOOKKEEPING_SCHEMAS, BOOKKEEPING_TABLES, formatNamed } from "../formats/mod.ts";
import type { Limits } from "../runtimes/limits.ts";
import type { Runtime, Server, Target } from "../runtimes/runtime.ts";
import { readHistory, readSchema } from "./files.ts";
import type { RunOptions } from "./run_script.ts";

/** What is worked on and how it is talked about. */
export interface Project {
  readonly config: Config;
  readonly engine: Engine;
  /** The version part of the engine specifier, or null. */
  readonly version: string | null;
  readonly format: MigrationFormat;
  /** Prove on the runtime at hand although another version was asked for. */
  readonly anyVersion: boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** What the person should know at the end; each once. */
  readonly notes: Set<string>;
}

/** The files of a project, read. */
export interface Sources {
  readonly schema: readonly SourceFile[];
  readonly files: readonly SourceFile[];
  readonly history: History;
}

/** Resolves the names in the settings. Throws UsageError for an unknown one. */
export function openProject(
  config: Config,
  options: { readonly emit: Emit; readonly signal: AbortSignal; readonly anyVersion?: boolean },
): Project {
  const { engine, version } = engineNamed(config.engine);
  checkRuntime(engine, config.runtime);
  return {
    config,
    engine,
    version,
    format: formatNamed(config.format),
    anyVersion: options.anyVersion ?? config.runtime !== null,
    emit: options.emit,
    signal: options.signal,
    notes: new Set(),
  };
}

/** Reads schema and migrations. Throws UsageError for what cannot be read or replayed. */
export async function readSources(project: Project): Promise<Sources> {
  const { config, format } = project;
  const [schema, { files, history }] = await Promise.all([
    readSchema(config.schema),
    readHistory(config.migrations, format, { dialect: project.engine.dialect }),
  ]);
  for (const text of history.notes) note(project, text);
  return { schema, files, history };
}

/** Begins the start of the runtime that will probably serve, while the files are still being read. Only where the process ends itself. */
export function prepareServer({ config, engine, signal }: Project): void {
  const { runtime: wanted } = config;
  const likely = engine.runtimes.find(({ name }) => wanted === null || name === wanted);
  likely?.prepare?.({ signal, limits: limitsOf(config) });
}

/** Starts the best runtime that can serve. Throws SetupError with every refusal. */
export async function startServer(project: Project, sources: Sources): Promise<Server> {
  const { config, engine, version, emit, signal } = project;
  const scripts = [...sources.schema, ...sources.files].map((file) => file.text);
  const target = engine.target(version, scripts, project.anyVersion);
  const runtime = await chooseRuntime(engine, target, config.runtime);
  const start = performance.now();
  emit({ type: "stage", stage: "start", state: "start", text: `starting ${runtime.name}` });
  const server = await runtime.start(target, { emit, signal, limits: limitsOf(config) });
  const ms = performance.now() - start;
  const text = `${server.runtime} ${server.version}`;
  emit({ type: "stage", stage: "start", state: "done", text, ms });
  if (version !== null && project.anyVersion && !server.version.startsWith(version)) {
    note(project, `Proven on ${engine.dialect} ${server.version}, not on ${version} as asked for`);
  }
  return server;
}

function limitsOf({ statementTimeout, memoryLimit }: Config): Limits {
  return { statementTimeout, memory: memoryLimit };
}

/** What a script is run with, file names shown under `folder`. */
export function runOptions(project: Project, folder: string): RunOptions {
  const { engine, emit, signal } = project;
  return { engine, emit, signal, folder, note: (text) => note(project, text) };
}

/** A file of the schema as it is loaded. */
export function schemaScript({ path, text }: SourceFile): Script {
  return { file: path, text, transaction: "auto" };
}

/** The migrations folder as it is shown before file names. */
export function folderOf(project: Project): string {
  const { migrations, root } = project.config;
  const inside = migrations.startsWith(`${root}/`) ? migrations.slice(root.length + 1) : migrations;
  return `${inside}/`;
}

/** What no snapshot holds: the books of runners, and what the settings leave out. */
export function ignored(project: Project): InspectOptions {
  return {
    ignoreTables: [...BOOKKEEPING_TABLES, ...project.config.ignoreTables],
    ignoreSchemas: BOOKKEEPING_SCHEMAS,
  };
}

/** Tells the person something, once. */
export function note(project: Project, text: string): void {
  if (project.notes.has(text)) return;
  project.notes.add(text);
  project.emit({ type: "note", text });
}

function checkRuntime({ dialect, runtimes }: Engine, wanted: string | null): void {
  if (wanted === null || runtimes.some(({ name }) => name === wanted)) return;
  throw new UsageError(`Cannot use runtime "${wanted}" for ${dialect}`, {
    code: "runtime",
    hint: `the runtimes of ${dialect} are ${runtimes.map(({ name }) => name).join(", ")}`,
  });
}

async function chooseRuntime(
  engine: Engine,
  target: Target,
  wanted: string | null,
): Promise<Runtime> {
  const candidates = engine.runtimes.filter(({ name }) => wanted === null || name === wanted);
  const refusals: string[] = [];
  for (const runtime of candidates) {
    const refusal = await runtime.refuses(target);
    if (refusal === null) return runtime;
    refusals.push(`${runtime.name}: ${refusal}`);
  }
  const name = `${target.dialect}${target.version === null ? "" : ` ${target.version}`}`;
  throw new SetupError(
    `Cannot run ${name} on this machine\n${refusals.map((r) => `  ${r}`).join("\n")}`,
    {
      code: "no-runtime",
      hint: embeddedHint(engine, target),
    },
  );
}

function embeddedHint(engine: Engine, target: Target): string | undefined {
  const embedded = engine.runtimes[0];
  if (target.version === null || embedded === undefined) return undefined;
  return `--runtime ${embedded.name} proves on the embedded version and says so`;
}
