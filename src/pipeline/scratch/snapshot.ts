/** SQL files or a migration history on a scratch database, and the snapshot of what came out. */

import type { BrokenObject, InspectOptions } from "../../engines/engine.ts";
import type { Migration } from "../../formats/format.ts";
import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { yieldToEventLoop } from "./yield_to_event_loop.ts";
import { type CommonPrefix, runCommonPrefix } from "./common_prefix.ts";
import { type Begun, FEW, KeptHistory } from "./kept_history.ts";
import { KeptSession } from "./kept_session.ts";
import { folderOf, hearing, ignored, note, type Project, runOptions } from "../project.ts";
import type { Sources } from "../sources.ts";
import { createDatabase, createHistoryDatabase, makeRunnerTables } from "./create_database.ts";
import { loadSchema } from "./load_schema.ts";
import { runInSession, unreadable } from "./run_in_session.ts";
import { scriptError } from "./script_error.ts";
import { ScriptFailure } from "./run_script.ts";

/** The schema as it was read, and where the history may go on from. */
export interface Loaded {
  readonly snapshot: Snapshot;
  /** Views that the schema leaves and that no query can read, and triggers that cannot be run. */
  readonly broken: readonly BrokenObject[];
  /** Null when the history does not begin as the schema does. */
  readonly start: CommonPrefix | null;
}

/**
 * Loads schema.sql into a fresh database and reads it. Throws UsageError, with the place, for SQL that does not load.
 * With a history, what it begins with like the schema is kept for it.
 */
export async function snapshotSchema(
  project: Project,
  server: Server,
  { schema, history, before }: Pick<Sources, "schema"> & Partial<Sources>,
): Promise<Loaded> {
  const { emit } = project;
  knowDump(project, schema);
  const begun = performance.now();
  emit({ type: "stage", stage: "schema", state: "start", text: "loading the schema" });
  const start = history === undefined
    ? null
    : await runCommonPrefix(project, server, { schema, history, before });
  const database = start?.database ?? await createDatabase(project, server, { before });
  await makeRunnerTables(project, database, schemaTexts(schema));
  await loadSchema(project, database, schema, start?.statements ?? 0);
  const { snapshot, broken } = await inspectSchema(project, database, schema);
  const text = summary(snapshot);
  emit({ type: "stage", stage: "schema", state: "done", text, ms: performance.now() - begun });
  return { snapshot, broken, start };
}

/** Reads a database into which the files of the schema were loaded. */
export async function inspectSchema(
  project: Project,
  database: ScratchDatabase,
  schema: Sources["schema"],
): Promise<Pick<Loaded, "snapshot" | "broken">> {
  const after = schema.map(({ path }) => path).join(", ");
  const snapshot = await inspect(project, database, { remember: false, after });
  for (const text of notCompared(snapshot)) note(project, text);
  const broken = await project.engine.brokenObjects?.(database, snapshot) ?? [];
  for (const object of broken) note(project, `In the schema, ${brokenObject(object)}`);
  return { snapshot, broken };
}

/** `view v cannot be read: no such table: main.t` */
export function brokenObject({ kind, name, reason }: BrokenObject): string {
  return `${kind} ${name} cannot be ${kind === "view" ? "read" : "run"}: ${reason}`;
}

/** What is in a schema and nobody compares, in words. */
export function notCompared({ dialect, unmodelled }: Snapshot): readonly string[] {
  return unmodelled.map(({ kind, name }) => `${dialect} ${kind} ${name} is not compared`);
}

/** Sees whether the schema is a dump, before anything of the project is read; true when it is. */
export function knowDump(project: Project, schema: Sources["schema"]): boolean {
  const isDump = schema.some(({ text }) => project.engine.isDump?.(text) === true);
  if (isDump) dumped.add(project);
  return isDump;
}

/** The texts of the schema as they say which tables of runners they make: one may name the runner's table; a dump makes it, with all that it has. */
export function schemaTexts(schema: Sources["schema"]): readonly string[] {
  return schema.map(({ text }) => text.replaceAll(/\bif\s+not\s+exists\b/gi, ""));
}

/** A database with the whole history replayed, and its snapshot. */
export interface Replayed {
  readonly database: ScratchDatabase;
  readonly snapshot: Snapshot;
  readonly statements: number;
  /** The search path that the last migration leaves to a new one in the same session; null when it is that of a new session. */
  readonly searchPath: string | null;
}

/**
 * Replays all migrations: from the state of the most of them that an earlier run kept, else from where they are alike with the schema,
 * else into a fresh database. What many leave is kept for later runs. With `remember: false` nobody comes back to the end of it.
 * Throws UsageError, with the place, for one that fails.
 */
export async function replayHistory(
  project: Project,
  server: Server,
  { history, before, remember }: Pick<Sources, "history" | "before"> & { remember?: false },
  start: CommonPrefix | null,
): Promise<Replayed> {
  const { emit } = project;
  const { migrations } = history;
  const started = performance.now();
  emit({ type: "stage", stage: "history", state: "start", text: "replaying the migrations" });
  const listening = hearing(project);
  for (const text of start?.notes ?? []) listening.notes.add(text);
  const sources = { history, before };
  const kept = new KeptHistory(listening, server, sources, migrations.length);
  const begun = await kept.resume() ?? await beginning(listening, server, sources, start);
  const { database } = begun;
  const session = new KeptSession(project.engine, begun.searchPath);
  let statements = 0;
  let done = begun.done === 0 ? start?.statements ?? 0 : 0;
  for (const [index, migration] of [...migrations.entries()].slice(begun.done)) {
    const ran = await runMigration(listening, database, migration, { done, session });
    done -= Math.min(done, ran);
    statements += ran;
    const text = label(migration);
    const total = migrations.length;
    emit({ type: "progress", stage: "history", done: index + 1, total, text });
  }
  const searchPath = session.value;
  if (migrations.length - begun.done >= FEW) {
    await kept.keep({ database, searchPath, notes: listening.notes });
  }
  const after = lastFile(project, { history: { migrations } });
  const snapshot = await inspect(project, database, { after, remember });
  const text = `${count(migrations.length, "migration")}, ${summary(snapshot)}` +
    (begun.done === 0 ? "" : `; ${begun.done} of them kept from an earlier run`);
  emit({ type: "stage", stage: "history", state: "done", text, ms: performance.now() - started });
  return { database, snapshot, statements, searchPath };
}

/** Where the first migration is the next one. */
async function beginning(
  project: Project,
  server: Server,
  sources: Pick<Sources, "history" | "before">,
  start: CommonPrefix | null,
): Promise<Begun> {
  const none = { searchPath: null, done: 0 };
  if (start === null) {
    return { ...none, database: await createHistoryDatabase(project, server, sources) };
  }
  await start.database.rewind(start.state);
  const texts = sources.history.migrations.map(({ up }) => up.text);
  await makeRunnerTables(project, start.database, texts);
  return { ...none, database: start.database };
}

/** The file of the last migration, for errors about what all of them left. */
export function lastFile(
  project: Project,
  { history: { migrations } }: { readonly history: Pick<Sources["history"], "migrations"> },
): string {
  return folderOf(project) + (migrations.at(-1)?.up.file ?? "");
}

async function runMigration(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  { done, session }: { readonly done: number; readonly session: KeptSession },
): Promise<number> {
  try {
    const options = { ...runOptions(project, folderOf(project)), done };
    return await runInSession(project, database, migration.up, options, session);
  } catch (error) {
    throw error instanceof ScriptFailure ? scriptError(project, "replay", error) : error;
  }
}

/**
 * Reads a database, bookkeeping tables left out. Throws UsageError when what ran on it left a catalog that cannot be read; `after`
 * are the files of that, else the migrations.
 */
export async function inspect(
  project: Project,
  database: ScratchDatabase,
  { after, ...options }: Pick<InspectOptions, "remember" | "digest"> & { after?: string } = {},
): Promise<Snapshot> {
  await yieldToEventLoop(project.signal);
  try {
    return await project.engine.inspect(database, {
      ...options,
      ...ignored(project),
      ...dumped.has(project) ? { ignorePopulated: true } : {},
    });
  } catch (error) {
    throw unreadable(error, database, after ?? `the migrations in ${folderOf(project)}`);
  }
}

/** Projects whose schema is a dump. */
const dumped = new WeakSet<Project>();

/** `0007_add_email`; the name alone where it is the version (sqitch). */
export function label(migration: Migration): string {
  if (migration.version === migration.name) return migration.name;
  return [migration.version, migration.name].filter((part) => part !== "").join("_");
}

/** `12 tables, 3 views, 40 other objects`. */
export function summary(snapshot: Snapshot): string {
  const counts = new Map<string, number>();
  for (const object of snapshot.objects.values()) {
    if (object.parent === null) counts.set(object.kind, (counts.get(object.kind) ?? 0) + 1);
  }
  const parts = [count(counts.get("table") ?? 0, "table")];
  const views = counts.get("view") ?? 0;
  if (views > 0) parts.push(count(views, "view"));
  return parts.join(", ");
}

/** `1 table`, `2 tables` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
