/** SQL files or a migration history on a scratch database, and the snapshot of what came out. */

import type { InspectOptions } from "../engines/engine.ts";
import type { Migration, SourceFile } from "../formats/format.ts";
import type { Database, Server } from "../runtimes/runtime.ts";
import type { Snapshot } from "../schema.ts";
import { breathe } from "./breathe.ts";
import { ignored, note, type Project, runOptions, type Sources } from "./project.ts";
import { runScript, ScriptFailure } from "./run_script.ts";

/** Loads schema.sql into a fresh database and reads it. Throws UsageError, with the place, for SQL that does not load. */
export async function snapshotSchema(
  project: Project,
  server: Server,
  files: readonly SourceFile[],
): Promise<Snapshot> {
  const { emit, engine } = project;
  const start = performance.now();
  emit({ type: "stage", stage: "schema", state: "start", text: "loading the schema" });
  await using database = await server.create();
  for (const file of files) await loadFile(project, database, file);
  const snapshot = await inspect(project, database, { remember: false });
  const text = summary(snapshot);
  emit({ type: "stage", stage: "schema", state: "done", text, ms: performance.now() - start });
  for (const { kind, name } of snapshot.unmodelled) {
    note(project, `${engine.dialect} ${kind} ${name} is not compared`);
  }
  return snapshot;
}

/** A database with the whole history replayed, and its snapshot. */
export interface Replayed {
  readonly database: Database;
  readonly snapshot: Snapshot;
  readonly statements: number;
}

/** Replays all migrations into a fresh database. Throws UsageError, with the place, for one that fails. */
export async function replayHistory(
  project: Project,
  server: Server,
  sources: Sources,
): Promise<Replayed> {
  const { emit } = project;
  const { migrations } = sources.history;
  const start = performance.now();
  emit({ type: "stage", stage: "history", state: "start", text: "replaying the migrations" });
  const database = await server.create();
  let statements = 0;
  for (const [index, migration] of migrations.entries()) {
    statements += await runMigration(project, database, migration);
    const text = label(migration);
    const total = migrations.length;
    emit({ type: "progress", stage: "history", done: index + 1, total, text });
  }
  const snapshot = await inspect(project, database);
  const text = `${count(migrations.length, "migration")}, ${summary(snapshot)}`;
  emit({ type: "stage", stage: "history", state: "done", text, ms: performance.now() - start });
  return { database, snapshot, statements };
}

/** Runs one migration's UP; a failure names the file. */
export async function runMigration(
  project: Project,
  database: Database,
  migration: Migration,
): Promise<number> {
  try {
    return await runScript(database, migration.up, runOptions(project, folderOf(project)));
  } catch (error) {
    throw error instanceof ScriptFailure ? error.toUsageError("replay") : error;
  } finally {
    await resetSession(project, database);
  }
}

/** Gives the session its defaults back after a script. */
export async function resetSession(project: Project, database: Database): Promise<void> {
  if (project.engine.reset !== "") await database.exec(project.engine.reset);
}

/** Reads a database, bookkeeping tables left out. */
export async function inspect(
  project: Project,
  database: Database,
  options: Pick<InspectOptions, "remember" | "digest"> = {},
): Promise<Snapshot> {
  await breathe(project.signal);
  return await project.engine.inspect(database, { ...options, ...ignored(project) });
}

/** The migrations folder as it is shown before file names. */
export function folderOf(project: Project): string {
  const { migrations, root } = project.config;
  const inside = migrations.startsWith(`${root}/`) ? migrations.slice(root.length + 1) : migrations;
  return `${inside}/`;
}

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

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

async function loadFile(project: Project, database: Database, file: SourceFile): Promise<void> {
  const script = { file: file.path, text: file.text, transaction: "auto" } as const;
  try {
    await runScript(database, script, runOptions(project, ""));
  } catch (error) {
    throw error instanceof ScriptFailure ? error.toUsageError("load") : error;
  } finally {
    await resetSession(project, database);
  }
}
