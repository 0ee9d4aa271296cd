/** What a migration leaves when it stops between two statements that stay, and the ways on and back from there, each of them run. */

import type { Stop } from "../../core/outcome.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Migration } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import { folderOf, type Project } from "../project.ts";
import { isSame } from "./changes.ts";
import { statementsOf } from "./run_script.ts";
import { inspect } from "./snapshot.ts";
import { runPart, wayBack } from "./way_back.ts";

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
  if (!await runPart(project, database, migration.up, { from: 0, to: place.all })) return found;
  const end = await inspect(project, database);
  for (const count of counts) {
    await database.rewind(place.start);
    if (!await runPart(project, database, migration.up, { from: 0, to: count })) continue;
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
  const { project, database, before, migration: { up, down }, all } = place;
  const stopped = await database.checkpoint();
  const left = await inspect(project, database);
  const resumes = await runPart(project, database, up, { from: count, to: all }) &&
    isSame(project, await inspect(project, database), end);
  const back = await wayBack({
    project,
    database,
    before,
    stopped,
    left,
    opposite: down,
    mayLose: false,
  });
  return { resumes, back: back?.statements.map(({ sql }) => sql) ?? null };
}
