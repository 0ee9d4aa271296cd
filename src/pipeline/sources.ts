/** The files of a project, found within its bounds and read. */

import { join } from "node:path";
import process from "node:process";
import { type Config, ORM_SCHEMA, STDIN_SCHEMA } from "../config/config.ts";
import { UsageError } from "../core/error.ts";
import type { History, ReplayCommand, RunnerSettings, SourceFile } from "../formats/format.ts";
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
  withFolder,
  withoutPlans,
} from "./files/read_sources.ts";
import { withIncludes } from "./files/include.ts";
import { outsideSeeds, type Seeds } from "./files/seeds.ts";
import { readRunnerSettings } from "./files/runner_settings.ts";
import { folderOf, note, type Project } from "./project.ts";
import type { ReadPrograms } from "./replay/replay.ts";

/** The files of a project, read. */
export interface Sources {
  readonly schema: readonly SourceFile[];
  /** What is loaded before the schema and before the first migration; nothing when absent. */
  readonly before?: readonly SourceFile[];
  /** What puts rows of the project's own in before a new migration is proven; nothing when absent. */
  readonly seeds?: Seeds;
  readonly files: readonly SourceFile[];
  readonly history: History;
  /** When a new migration counts as made, where versions are moments; now when absent. */
  readonly moment?: Date;
  /** What the runner is configured with; the runner's own when absent. */
  readonly settings?: RunnerSettings;
  /** What the tool of the models says of them, for a new migration in its own format; absent where it keeps no state. */
  readonly state?: string;
  /** Where the migrations folder really is; it must be there still when files are written. */
  readonly folder?: string;
}

/** Reads schema and migrations. Throws UsageError for what cannot be read or replayed, or lies outside of the project. */
export async function readSources(project: Project): Promise<Sources> {
  const found = await permittedListings(project);
  const [schema, before] = await Promise.all([
    readSql(project, found, "schema"),
    readSql(project, found, "before"),
  ]);
  const sources = await readHistory(project, {
    schema,
    before,
    listing: found.migrations,
    bounds: found.bounds.migrations,
    replays: true,
  });
  return project.config.schema.includes(ORM_SCHEMA) ? await withModels(project, sources) : sources;
}

/** The sources with what the models give, before or behind the files of the schema as the settings have it. */
async function withModels(project: Project, sources: Sources): Promise<Sources> {
  const { readModels } = await import("./orm/read_models.ts");
  const { extensionsBeside } = await import("./orm/kept_extensions.ts");
  const { schema, before = [], files } = sources;
  const scripts = [...schema, ...files].map(({ text }) => text);
  const models = await readModels(project, { before, scripts });
  const isFirst = project.config.schema[0] === ORM_SCHEMA;
  const all = { ...sources, schema: isFirst ? [models, ...schema] : [...schema, models] };
  return { ...all, schema: [...extensionsBeside(project, all), ...all.schema] };
}

/** All of `readSources` but that no history is made of the files: those of a branch that is not yet in order. Throws UsageError. */
export async function readUnordered(project: Project): Promise<Omit<Sources, "history">> {
  const found = await permittedListings(project);
  const { config } = project;
  const { migrations: listing, bounds } = found;
  if (listing.isMissing) throw missingFolder(project);
  const [schema, before, files, settings, folder] = await Promise.all([
    readSql(project, found, "schema"),
    readSql(project, found, "before"),
    readListedMigrations(listing, withoutPlans(project.format), bounds.migrations),
    readRunnerSettings(project, bounds.migrations),
    realOf(config.migrations),
  ]);
  return { schema, before, files, settings, folder };
}

/** Reads and parses what was found of the migrations, beside SQL that is read already. */
async function readHistory(
  project: Project,
  { schema, before, listing, bounds, replays }: {
    readonly schema: readonly SourceFile[];
    readonly before: readonly SourceFile[];
    readonly listing: Listing;
    readonly bounds: Bounds;
    /** Programs that aim cannot read are applied by their own tool, where the settings say how. */
    readonly replays: boolean;
  },
): Promise<Sources> {
  const { config, format, engine } = project;
  const folder = config.migrations;
  if (listing.isMissing) throw missingFolder(project);
  const files = await readListedMigrations(listing, format, bounds);
  const { dialect, lexicon } = engine;
  const settings = await readRunnerSettings(project, bounds);
  const options = { dialect, lexicon, settings };
  const parsed = parseHistory(files, { format, folder, ...options, keepsPrograms: true });
  const history = await withPrograms(project, { history: parsed, files, before, options }, replays);
  if (history.migrations.length === 0) await refuseOtherFormat(project, bounds);
  for (const text of history.notes) note(project, text);
  return { schema, before, files, history, settings, folder: await realOf(folder) };
}

/** The history with its programs applied by their tool. Throws UsageError for the first of them where that is not to be. */
async function withPrograms(
  project: Project,
  read: ReadPrograms,
  replays: boolean,
): Promise<History> {
  const unread = read.history.migrations.find((one) => one.unread !== undefined)?.unread;
  if (unread === undefined) return read.history;
  const { format, config, engine } = project;
  if (replays && config.history.command !== null) {
    const { replayPrograms } = await import("./replay/replay.ts");
    return await replayPrograms(project, config.history.command, read);
  }
  return withFolder(config.migrations, process.cwd(), () => {
    const own = config.history.command === null
      ? format.replays?.({ folder: config.migrations, files: read.files, dialect: engine.dialect })
      : undefined;
    if (own === undefined) throw unread;
    throw withHint(
      unread,
      `${unread.hint ?? ""}; or have ${format.title} apply it to a scratch database: [history] ${
        settingsOf(own).join(" and ")
      }`,
    );
  });
}

/** The command by which the runner's tool can apply the project's programs; null where there are none, or no such command. */
export async function proposedReplay(project: Project): Promise<ReplayCommand | null> {
  const { config, format, engine: { dialect, lexicon } } = project;
  if (format.replays === undefined) return null;
  const bounds = (await boundsOf(project)).migrations;
  const listing = await listMigrations(config.migrations, format, bounds);
  const files = await readListedMigrations(listing, format, bounds);
  const { migrations } = parseHistory(files, {
    format,
    folder: config.migrations,
    dialect,
    lexicon,
    keepsPrograms: true,
  });
  return migrations.some(({ unread }) => unread !== undefined)
    ? format.replays({ folder: config.migrations, files, dialect })
    : null;
}

/** The keys of `[history]` as aim.toml has them. */
export function settingsOf({ command, env }: ReplayCommand): readonly string[] {
  const words = typeof command === "string"
    ? JSON.stringify(command)
    : `[${command.map((word) => JSON.stringify(word)).join(", ")}]`;
  const variables = Object.entries(env ?? {})
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return [
    `command = ${words}`,
    ...(variables.length === 0 ? [] : [`env = { ${variables.join(", ")} }`]),
  ];
}

function withHint({ message, code, place, source }: UsageError, hint: string): UsageError {
  return new UsageError(message, {
    code,
    hint,
    ...place === undefined ? {} : { place },
    ...source === undefined ? {} : { source },
  });
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

/**
 * Reads the migrations alone, for a project that has no schema yet. Throws UsageError as `readSources` does. With `replays` programs
 * are applied by their own tool, as there.
 */
export async function readHistoryAlone(
  project: Project,
  { replays = false }: { readonly replays?: boolean } = {},
): Promise<Sources> {
  const { config, format } = project;
  const bounds = (await boundsOf(project)).migrations;
  const found = await listMigrations(config.migrations, format, bounds);
  const outside = joined(config, { schema: [], before: [], migrations: found });
  if (outside.length > 0) throw outsideError(config, outside);
  return await readHistory(project, { schema: [], before: [], listing: found, bounds, replays });
}

/** Reads the schema and what stands before it, without any migrations. Throws UsageError as `readSources` does. */
export async function readSchemaAlone(project: Project): Promise<Sources> {
  const found = await permittedListings(project);
  const [schema, before] = await Promise.all([
    readSql(project, found, "schema"),
    readSql(project, found, "before"),
  ]);
  const sources = { schema, before, files: [], history: { migrations: [], notes: [] } };
  return project.config.schema.includes(ORM_SCHEMA) ? await withModels(project, sources) : sources;
}

/** The paths without what stands for models. */
function filesIn(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => path !== ORM_SCHEMA);
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
  const { detectFormat } = await import("../formats/all.ts");
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
    Promise.all(
      filesIn(config[key]).map((path) => listSchema(path, bounds[key], key).catch(none)),
    );
  const outside = joined(config, {
    schema: await listed("schema"),
    before: await listed("before"),
    migrations: await listMigrations(config.migrations, format, bounds.migrations).catch(none),
  });
  return [...outside, ...await outsideSeeds(project)];
}

interface Found {
  /** One for each path of the setting. */
  readonly schema: readonly Listing[];
  readonly before: readonly Listing[];
  readonly migrations: Listing;
}

interface Listings extends Found {
  readonly outside: readonly Outside[];
  readonly bounds: Readonly<Record<keyof Found, Bounds>>;
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
      : Promise.all(filesIn(config[key]).map((path) => listSchema(path, bounds[key], key)));
  const [schema, before, migrations] = await Promise.all([
    listed("schema"),
    listed("before"),
    listMigrations(config.migrations, format, bounds.migrations),
  ]);
  const found = { schema, before, migrations };
  return { ...found, outside: joined(config, found), bounds };
}

function joined(config: Config, { schema, before, migrations }: Found): readonly Outside[] {
  const of = (key: keyof Found, paths: readonly string[], listings: readonly Listing[]) =>
    listings.flatMap(({ root, outside }, index) =>
      outside.map(({ path, real }) => ({
        key,
        path: path === "" ? paths[index] ?? root : join(root, path),
        real,
      }))
    );
  return [
    ...of("schema", filesIn(config.schema), schema),
    ...of("before", config.before, before),
    ...of("migrations", [config.migrations], [migrations]),
  ].sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

async function boundsOf({ config }: Project): Promise<Listings["bounds"]> {
  const base = process.cwd();
  const bounds = async (key: keyof Found) => ({ base, allows: await reachOf(config, key) });
  const [schema, before, migrations] = await Promise.all([
    bounds("schema"),
    bounds("before"),
    bounds("migrations"),
  ]);
  return { schema, before, migrations };
}
