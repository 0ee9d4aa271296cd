/** A project as the pipeline works on it: the settings, the files, and the engine that they are for. */

import { join } from "node:path";
import process from "node:process";
import { removeDamagedAssets } from "../host/assets.ts";
import { type Config, STDIN_SCHEMA } from "../config/config.ts";
import type { Engine, InspectOptions } from "../engines/engine.ts";
import { engineNamed } from "../engines/mod.ts";
import { SetupError, UsageError } from "../core/error.ts";
import type { Emit } from "../core/event.ts";
import type {
  History,
  MigrationFormat,
  RunnerSettings,
  Script,
  SourceFile,
} from "../formats/format.ts";
import {
  BOOKKEEPING_SCHEMAS,
  BOOKKEEPING_TABLES,
  detectFormat,
  formatNamed,
} from "../formats/mod.ts";
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
import { withIncludes } from "./files/include.ts";
import { readRunnerSettings } from "./files/runner_settings.ts";
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
  /** What the user should know at the end; each once. */
  readonly notes: Set<string>;
  /** Extensions that the server only has empty stand-ins for; known once it is started. */
  readonly standIns: Set<string>;
}

/** Whether paths that lead out of a project are allowed. */
export type AllowsOutside = (outside: readonly Outside[]) => Promise<boolean>;

/** The files of a project, read. */
export interface Sources {
  readonly schema: readonly SourceFile[];
  /** What is loaded before the schema and before the first migration; nothing when absent. */
  readonly before?: readonly SourceFile[];
  readonly files: readonly SourceFile[];
  readonly history: History;
  /** What the runner is configured with; the runner's own when absent. */
  readonly settings?: RunnerSettings;
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
    standIns: new Set(),
  };
}

/** Reads schema and migrations. Throws UsageError for what cannot be read or replayed, or lies outside of the project. */
export async function readSources(project: Project): Promise<Sources> {
  const found = await permittedListings(project);
  const [schema, before] = await Promise.all([
    readSql(project, found, "schema"),
    readSql(project, found, "before"),
  ]);
  return await readHistory(project, {
    schema,
    before,
    listing: found.migrations,
    bounds: found.bounds.migrations,
  });
}

/** Reads and parses what was found of the migrations, beside SQL that is read already. */
async function readHistory(
  project: Project,
  { schema, before, listing, bounds }: {
    readonly schema: readonly SourceFile[];
    readonly before: readonly SourceFile[];
    readonly listing: Listing;
    readonly bounds: Bounds;
  },
): Promise<Sources> {
  const { config, format, engine } = project;
  const folder = config.migrations;
  if (listing.isMissing) throw missingFolder(project);
  const files = await readListedMigrations(listing, format, bounds);
  const { dialect, lexicon } = engine;
  const settings = await readRunnerSettings(project, bounds);
  const history = parseHistory(files, { format, dialect, lexicon, folder, settings });
  if (history.migrations.length === 0) await refuseOtherFormat(project, bounds);
  for (const text of history.notes) note(project, text);
  return { schema, before, files, history, settings, folder: await realOf(folder) };
}

async function readSql(
  { config, engine, signal }: Project,
  found: Listings,
  key: "schema" | "before",
): Promise<readonly SourceFile[]> {
  const bounds = found.bounds[key];
  if (key === "schema" && isStdin(config.schema)) return await readStdinSchema(signal);
  const files = await readListedSchema(found[key], bounds.base);
  return await withIncludes(files, { engine, bounds, root: config.root });
}

/** Reads the migrations alone, for a project that has no schema yet. Throws UsageError as `readSources` does. */
export async function readHistoryAlone(project: Project): Promise<Sources> {
  const { config, format } = project;
  const bounds = (await boundsOf(project)).migrations;
  const found = await listMigrations(config.migrations, format, bounds);
  const outside = joined(config, { schema: [], before: [], migrations: found });
  if (outside.length > 0) throw outsideError(config, outside);
  return await readHistory(project, { schema: [], before: [], listing: found, bounds });
}

/** True for a schema that is piped in. Throws UsageError where it is one among others. */
function isStdin(paths: readonly string[]): boolean {
  if (!paths.includes(STDIN_SCHEMA)) return false;
  if (paths.length === 1) return true;
  throw new UsageError("Cannot read the schema from stdin and from files", {
    code: "schema-missing",
    hint: "pass --schema - alone",
  });
}

/** Without its folder a history would count as empty, and a migration be written that makes everything again. */
function missingFolder(project: Project): UsageError {
  const folder = folderOf(project).slice(0, -1);
  return new UsageError(`Cannot find the migrations folder "${folder}"`, {
    code: "migrations-missing",
    hint:
      `Set migrations to the folder that holds them; for a project without any, make it: mkdir -p ${folder} (git keeps no empty folder)`,
  });
}

/** Throws UsageError for a folder without a migration of the format that holds files of another. */
async function refuseOtherFormat(project: Project, bounds: Bounds): Promise<void> {
  const { config, format } = project;
  const any = { wants: (path: string) => /\.(?:sql|plan)$/.test(path) };
  const listing = await listMigrations(config.migrations, any, bounds);
  if (listing.files.length === 0) return;
  const some = { ...listing, files: listing.files.slice(0, SAMPLE) };
  const found = detectFormat(await readListedMigrations(some, {}, bounds));
  if (found === null || found === format) return;
  const folder = folderOf(project).slice(0, -1);
  throw new UsageError(`No migration of the format "${format.name}" is in "${folder}"`, {
    code: "migrations-missing",
    hint: `its files look like those of ${found.title}: set format = "${found.name}"`,
  });
}

/** So many files tell a format. */
const SAMPLE = 100;

/** What settings, and links below them, use outside of the project, in a fixed order; what cannot be read uses nothing. */
export async function outsideOf(project: Project): Promise<readonly Outside[]> {
  const { config, format } = project;
  const bounds = await boundsOf(project);
  const none = (error: unknown): Listing => {
    if (error instanceof UsageError) return { root: "", files: [], outside: [] };
    throw error;
  };
  const listed = (key: "schema" | "before") =>
    Promise.all(config[key].map((path) => listSchema(path, bounds[key], key).catch(none)));
  return joined(config, {
    schema: await listed("schema"),
    before: await listed("before"),
    migrations: await listMigrations(config.migrations, format, bounds.migrations).catch(none),
  });
}

interface Found {
  /** One for each path of the setting. */
  readonly schema: readonly Listing[];
  readonly before: readonly Listing[];
  readonly migrations: Listing;
}

interface Listings extends Found {
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
  return await listings(project, { schema: bounds, before: bounds, migrations: bounds });
}

async function listings(
  { config, format }: Project,
  bounds: Listings["bounds"],
): Promise<Listings> {
  const listed = (key: "schema" | "before") =>
    isStdin(config[key])
      ? []
      : Promise.all(config[key].map((path) => listSchema(path, bounds[key], key)));
  const [schema, before, migrations] = await Promise.all([
    listed("schema"),
    listed("before"),
    listMigrations(config.migrations, format, bounds.migrations),
  ]);
  const found = { schema, before, migrations };
  return { ...found, outside: joined(config, found), bounds };
}

function joined(config: Config, { schema, before, migrations }: Found): readonly Outside[] {
  const of = (key: Outside["key"], paths: readonly string[], listings: readonly Listing[]) =>
    listings.flatMap(({ root, outside }, index) =>
      outside.map(({ path, real }) => ({
        key,
        path: path === "" ? paths[index] ?? root : join(root, path),
        real,
      }))
    );
  return [
    ...of("schema", config.schema, schema),
    ...of("before", config.before, before),
    ...of("migrations", [config.migrations], [migrations]),
  ].sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

async function boundsOf({ config }: Project): Promise<Listings["bounds"]> {
  const base = process.cwd();
  const bounds = async (key: Outside["key"]) => ({ base, allows: await reachOf(config, key) });
  const [schema, before, migrations] = await Promise.all([
    bounds("schema"),
    bounds("before"),
    bounds("migrations"),
  ]);
  return { schema, before, migrations };
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
  const scripts = [...sources.before ?? [], ...sources.schema, ...sources.files].map((file) =>
    file.text
  );
  const { registered } = config;
  const asked = { ...engine.target(version, scripts, project.anyVersion), registered };
  const target = await servingTarget(engine, asked, config.runtime);
  noteRegistered(project);
  const { standIns: _, ...whole } = target;
  const able = await ableRuntime(engine, whole, config.runtime);
  const runtime = able ?? await chooseRuntime(engine, target, config.runtime);
  const start = performance.now();
  emit({ type: "stage", stage: "start", state: "start", text: `starting ${runtime.name}` });
  const limits = limitsOf(config);
  const server = await startMended(project, () => runtime.start(target, { emit, signal, limits }));
  const { standIns = [] } = server;
  for (const name of standIns) project.standIns.add(name);
  if (standIns.length === 1) {
    note(
      project,
      `${server.runtime} lacks the extension ${standIns[0]}: an empty one stands in for it`,
    );
  } else if (standIns.length > 1) {
    const names = standIns.join(", ");
    note(project, `${server.runtime} lacks the extensions ${names}: empty ones stand in for them`);
  }
  const ms = performance.now() - start;
  const text = `${server.runtime} ${server.version}`;
  emit({ type: "stage", stage: "start", state: "done", text, ms });
  if (target.anyVersion && !isExact(project, server.version)) {
    note(project, `Proven on ${engine.dialect} ${server.version}, not on ${version}`);
  }
  return server;
}

/** Functions and collations of the application are only stood in for. */
function noteRegistered(project: Project): void {
  const { functions, collations } = project.config.registered;
  const names = functions.map((text) => `${text.slice(0, text.lastIndexOf("/"))}()`);
  if (names.length > 0) {
    note(
      project,
      `Stand-ins for functions of the application, which give their first argument back: ${
        names.join(", ")
      }`,
    );
  }
  if (collations.length > 0) {
    note(
      project,
      `Stand-ins for collations of the application, which compare byte by byte: ${
        collations.join(", ")
      }`,
    );
  }
}

/** True when a server is of the version that the settings ask for, or they ask for none. */
export function isExact({ version }: Pick<Project, "version">, served: string): boolean {
  const asked = /^[\d.]+/.exec(version ?? "")?.[0].replace(/\.$/, "");
  return asked === undefined || served === asked || served.startsWith(`${asked}.`);
}

/** The target as it was asked for where some runtime serves that version, else in whatever version there is. */
export async function servingTarget(
  engine: Engine,
  target: Target,
  wanted: string | null,
): Promise<Target> {
  if (target.version === null || target.anyVersion) return target;
  const able = await ableRuntime(engine, target, wanted);
  return able === null ? { ...target, anyVersion: true } : target;
}

/** Starts; when that fails because embedded files are damaged, once more with files that are recreated. */
async function startMended(project: Project, start: () => Promise<Server>): Promise<Server> {
  try {
    return await start();
  } catch (error) {
    project.signal.throwIfAborted();
    const damaged = await removeDamagedAssets();
    if (damaged.length === 0) throw error;
    note(project, `Damaged and recreated: ${damaged.join(", ")}`);
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
export function schemaScript({ path, text, edits }: SourceFile): Script {
  return { file: path, text, transaction: "auto", ...(edits === undefined ? {} : { edits }) };
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
    ignoreSchemas: [...BOOKKEEPING_SCHEMAS, ...project.config.ignoreSchemas],
  };
}

/** Tells the user something, once. */
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

/** The best runtime that needs no stand-ins; null when there is none. */
async function ableRuntime(
  engine: Engine,
  target: Target,
  wanted: string | null,
): Promise<Runtime | null> {
  for (const runtime of engine.runtimes) {
    if (wanted !== null && runtime.name !== wanted) continue;
    if (await runtime.refuses(target) === null) return runtime;
  }
  return null;
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
    { code: "no-runtime" },
  );
}
