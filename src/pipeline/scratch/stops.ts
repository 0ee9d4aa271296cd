/** What a migration leaves when it stops between two statements that stay, and the ways on and back from there, each of them run. */

import type { Stop } from "../../core/outcome.ts";
import { DatabaseError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Migration, Script } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import { isSame } from "./changes.ts";
import { leaveTransaction } from "./chunked.ts";
import { resetSession } from "./run_in_session.ts";
import { runScript, ScriptFailure, statementsOf } from "./run_script.ts";
import { inspect } from "./snapshot.ts";

/**
 * Stops a migration behind each of the given numbers of statements. The database holds the state before it; afterwards it holds
 * whatever was tried last.
 */
export async function stopsOf(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  counts: ReadonlySet<number>,
): Promise<ReadonlyMap<number, Stop>> {
  const found = new Map<number, Stop>();
  const place: Place = {
    project,
    database,
    migration,
    start: await database.checkpoint(),
    before: await inspect(project, database),
    all: statementsOf(migration.up, { engine: project.engine, folder: folderOf(project) }).length,
  };
  if (!await runPart(place, migration.up, 0, place.all)) return found;
  const end = await inspect(project, database);
  for (const count of counts) {
    await database.rewind(place.start);
    if (!await runPart(place, migration.up, 0, count)) continue;
    found.set(count, await stopAt(place, count, end));
  }
  return found;
}

interface Place {
  readonly project: Project;
  readonly database: ScratchDatabase;
  readonly migration: Migration;
  readonly start: Checkpoint;
  readonly before: Snapshot;
  /** How many statements UP has. */
  readonly all: number;
}

async function stopAt(place: Place, count: number, end: Snapshot): Promise<Stop> {
  const { project, database, migration, all } = place;
  const stopped = await database.checkpoint();
  const left = await inspect(project, database);
  const resumes = await runPart(place, migration.up, count, all) &&
    isSame(project, await inspect(project, database), end);
  const back = await wayByDown(place, stopped) ?? await plannedWay(place, stopped, left);
  return { resumes, back };
}

/** The last statements of DOWN that lead to the state before: as few as do. */
async function wayByDown(place: Place, stopped: Checkpoint): Promise<Stop["back"]> {
  const { project, database, migration: { down } } = place;
  if (down === null) return null;
  const statements = statementsOf(down, { engine: project.engine, folder: folderOf(project) });
  for (let from = statements.length - 1; from >= 0; from--) {
    await database.rewind(stopped);
    const ran = await runPart(place, down, from, statements.length);
    if (ran && isSame(project, await inspect(project, database), place.before)) {
      return statements.slice(from).map(({ sql }) => sql);
    }
  }
  return null;
}

/** What the planner makes of the way back, where it loses nothing and does lead there. */
async function plannedWay(
  { project, database, before }: Place,
  stopped: Checkpoint,
  left: Snapshot,
): Promise<Stop["back"]> {
  const { statements, choices } = project.engine.plan(left, before, {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    isDown: true,
    strictOrder: project.config.columnOrder === "strict",
    deployedVersion: project.version,
  });
  const isOpen = choices.some(({ answer }) => answer === null);
  if (isOpen || statements.some(({ destroys }) => destroys !== undefined)) return null;
  await database.rewind(stopped);
  try {
    for (const { sql } of statements) await database.exec(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return null;
  }
  return isSame(project, await inspect(project, database), before)
    ? statements.map(({ sql }) => sql)
    : null;
}

/** Runs the statements from one number up to another in a new session; false when one fails. */
async function runPart(
  { project, database }: Place,
  script: Script,
  from: number,
  to: number,
): Promise<boolean> {
  const only = new Set(Array.from({ length: to - from }, (_, at) => from + at));
  if (only.size === 0) return true;
  try {
    await runScript(database, script, { ...runOptions(project, folderOf(project)), only });
    return true;
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    return false;
  } finally {
    await leaveTransaction(database);
    await resetSession(project, database);
  }
}
