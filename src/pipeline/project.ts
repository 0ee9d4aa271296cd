/** A project as the pipeline works on it: the settings, the files, and the engine that they are for. */

import { join } from "node:path";
import process from "node:process";
import { removeDamagedAssets } from "../host/assets.ts";
import { type Config, STDIN_SCHEMA } from "../config/config.ts";
import type { Engine, InspectOptions } from "../engines/engine.ts";
import { engineNamed } from "../engines/mod.ts";
import { SetupError, UsageError } from "../core/error.ts";
import type { Emit } from "../core/event.ts";
import type { History, MigrationFormat, Script, SourceFile } from "../formats/format.ts";
import { BOOKKEEPING_SCHEMAS, BOOKKEEPING_TABLES, formatNamed } from "../formats/mod.ts";
import type { Limits } from "../runtimes/limits.ts";
import type { Runtime, Server, Target } from "../runtimes/runtime.ts";
import { type Outside, outsideError, reachOf, realOf } from "./files/bounds.ts";
import {
  type Bounds,
  type Listing,
  listMigrations,
  listSchema,
  parseHistory,
  readListedMigrations,
  readListedSchema,
  readStdinSchema,
} from "./files/read_sources.ts";
import type { RunOptions } from "./scratch/run_script.ts";

/** What is worked on and how it is talked about. */
export interface Project {
  readonly config: Config;
  readonly engine: Engine;
  /** The version part of the engine specifier, or null. */
  readonly version: string | null;
  readonly format: MigrationFormat;
  /** Prove on the runtime at hand although another version was asked for. */
  readonly anyVersion: boolean;
  /** Whether the user allows paths that lead out of the project; asked only when there are some. Absent: no. */
  readonly allowsOutside?: AllowsOutside;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** What the person should know at the end; each once. */
  readonly notes: Set<string>;
}

/** Whether paths that lead out of a project are allowed. */
export type AllowsOutside = (outside: readonly Outside[]) => Promise<boolean>;

/** The files of a project, read. */
export interface Sources {
  readonly schema: readonly SourceFile[];
  readonly files: readonly SourceFile[];
  readonly history: History;
  /** Where the migrations folder really is; it must be there still when files are written. */
  readonly folder?: string;
}

/** Resolves the names in the settings. Throws UsageError for an unknown one. */
export function openProject(
  config: Config,
  options: {
    readonly emit: Emit;
    readonly signal: AbortSignal;
    readonly anyVersion?: boolean;
    readonly allowsOutside?: AllowsOutside;
  },
): Project {
  const { engine, version } = engineNamed(config.engine);
  checkRuntime(engine, config.runtime);
  return {
    config,
    engine,
    version,
    format: formatNamed(config.format),
    anyVersion: options.anyVersion ?? config.runtime !== null,
    ...(options.allowsOutside === undefined ? {} : { allowsOutside: options.allowsOutside }),
    emit: options.emit,
    signal: options.signal,
    notes: new Set(),
  };
}

/** Reads schema and migrations. Throws UsageError for what cannot be read or replayed, or lies outside of the project. */
export async function readSources(project: Project): Promise<Sources> {
  const { config, format, engine } = project;
  const found = await permittedListings(project);
  const [schema, files] = await Promise.all([
    config.schema === STDIN_SCHEMA
      ? readStdinSchema(project.signal)
      : readListedSchema(found.schema, found.bounds.schema.base),
    readListedMigrations(found.migrations, format, found.bounds.migrations),
  ]);
  const folder = config.migrations;
  const { dialect, lexicon } = engine;
  const history = parseHistory(files, { format, dialect, lexicon, folder });
  for (const text of history.notes) note(project, text);
  return { schema, files, history, folder: await realOf(folder) };
}

/** What settings, and links below them, use outside of the project, in a fixed order; what cannot be read uses nothing. */
export async function outsideOf(project: Project): Promise<readonly Outside[]> {
  const { config, format } = project;
  const bounds = await boundsOf(project);
  const none = (error: unknown): Listing => {
    if (error instanceof UsageError) return { root: "", files: [], outside: [] };
    throw error;
  };
  return joined(
    config,
    await listSchema(config.schema, bounds.schema).catch(none),
    await listMigrations(config.migrations, format, bounds.migrations).catch(none),
  );
}

interface Listings {
  readonly schema: Listing;
  readonly migrations: Listing;
  readonly outside: readonly Outside[];
  readonly bounds: Readonly<Record<Outside["key"], Bounds>>;
}

/** Finds the files, those outside of the project only when the user allows it. Throws UsageError when not. */
async function permittedListings(project: Project): Promise<Listings> {
  const inside = await listings(project, await boundsOf(project));
  const { outside } = inside;
  if (outside.length === 0) return inside;
  if (!await project.allowsOutside?.(outside)) throw outsideError(project.config, outside);
  const bounds = { base: process.cwd(), allows: () => true };
  return await listings(project, { schema: bounds, migrations: bounds });
}

async function listings(
  { config, format }: Project,
  bounds: Listings["bounds"],
): Promise<Listings> {
  const [schema, migrations] = await Promise.all([
    config.schema === STDIN_SCHEMA
      ? { root: "", files: [], outside: [] }
      : listSchema(config.schema, bounds.schema),
    listMigrations(config.migrations, format, bounds.migrations),
  ]);
  return { schema, migrations, outside: joined(config, schema, migrations), bounds };
}

function joined(config: Config, schema: Listing, migrations: Listing): readonly Outside[] {
  const of = (key: Outside["key"], { root, outside }: Listing) =>
    outside.map(({ path, real }) => ({
      key,
      path: path === "" ? config[key] : join(root, path),
      real,
    }));
  return [...of("schema", schema), ...of("migrations", migrations)]
    .sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

async function boundsOf({ config }: Project): Promise<Listings["bounds"]> {
  const base = process.cwd();
  const [schema, migrations] = await Promise.all([
    reachOf(config, "schema"),
    reachOf(config, "migrations"),
  ]);
  return { schema: { base, allows: schema }, migrations: { base, allows: migrations } };
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
  const limits = limitsOf(config);
  const server = await startMended(project, () => runtime.start(target, { emit, signal, limits }));
  const ms = performance.now() - start;
  const text = `${server.runtime} ${server.version}`;
  emit({ type: "stage", stage: "start", state: "done", text, ms });
  if (version !== null && project.anyVersion && !server.version.startsWith(version)) {
    note(project, `Proven on ${engine.dialect} ${server.version}, not on ${version} as asked for`);
  }
  return server;
}

/** Starts; when that fails because embedded files are damaged, once more with files that are made again. */
async function startMended(project: Project, start: () => Promise<Server>): Promise<Server> {
  try {
    return await start();
  } catch (error) {
    project.signal.throwIfAborted();
    const damaged = await removeDamagedAssets();
    if (damaged.length === 0) throw error;
    note(project, `Damaged and made again: ${damaged.join(", ")}`);
    return await start();
  }
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
