/** Migrations as a scratch database takes them, in the state that the live one is in. */

import type { Change } from "../../core/change.ts";
import type { PlannedRun } from "../../core/live_run.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Migration } from "../../formats/format.ts";
import { placeIn } from "../../formats/mod.ts";
import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { examine } from "../lint/examine.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import { changesIn } from "../scratch/changes.ts";
import { createHistoryDatabase } from "../scratch/create_database.ts";
import { KeptSession } from "../scratch/kept_session.ts";
import { runInSession } from "../scratch/run_in_session.ts";
import { ScriptFailure } from "../scratch/run_script.ts";
import { scriptError } from "../scratch/script_error.ts";
import { count, inspect, label } from "../scratch/snapshot.ts";
import { changeList } from "../scratch/walk_history.ts";
import type { Sources } from "../sources.ts";
import { readScript } from "./read_script.ts";

/** What came of it. */
export interface Rehearsal {
  readonly plan: readonly PlannedRun[];
  readonly drift: readonly Change[];
  /** Why it is not proven; null when it is. */
  readonly failure: string | null;
}

/** What is rehearsed. */
export interface RehearsalInput {
  readonly sources: Sources;
  readonly applied: readonly Migration[];
  readonly live: Snapshot;
}

/** Runs UP of some migrations on what the applied ones leave, over made rows, and measures each statement. */
export function rehearseUp(
  project: Project,
  server: Server,
  input: RehearsalInput & { readonly next: readonly Migration[] },
): Promise<Rehearsal> {
  return staged(project, input.next, (begin) => upRehearsed(project, server, { ...input, begin }));
}

/** Runs DOWN of the last of the applied migrations, the last first, and compares each with the state before its UP. */
export function rehearseDown(
  project: Project,
  server: Server,
  input: RehearsalInput & { readonly last: readonly Migration[] },
): Promise<Rehearsal> {
  return staged(
    project,
    input.last,
    (begin) => downRehearsed(project, server, { ...input, begin }),
  );
}

/** Says meanwhile which migration is at its turn; what is slow on the live database may be slow here. */
async function staged(
  { emit }: Project,
  migrations: readonly Migration[],
  work: (begin: (migration: Migration) => void) => Promise<Rehearsal>,
): Promise<Rehearsal> {
  const total = migrations.length;
  const started = performance.now();
  const text = "running them on a scratch database";
  emit({ type: "stage", stage: "rehearse", state: "start", text });
  const rehearsal = await work((migration) => {
    const done = migrations.indexOf(migration) + 1;
    emit({ type: "progress", stage: "rehearse", done, total, text: label(migration) });
  });
  const ms = performance.now() - started;
  const done = count(rehearsal.plan.length, "migration");
  emit({ type: "stage", stage: "rehearse", state: "done", text: done, ms });
  return rehearsal;
}

interface Beginning {
  /** Called before each. */
  begin(migration: Migration): void;
}

async function upRehearsed(
  project: Project,
  server: Server,
  { sources, applied, live, next, begin }:
    & RehearsalInput
    & Beginning
    & { readonly next: readonly Migration[] },
): Promise<Rehearsal> {
  await using database = await stateAfter(project, server, sources, applied);
  const drift = changesIn(project, live, await inspect(project, database));
  const plan: PlannedRun[] = [];
  for (const migration of next) {
    begin(migration);
    const clean = await database.checkpoint();
    const { examined, hasFailed } = await examine(project, database, migration);
    plan.push({
      ...nameOf(migration, migration.up.file),
      direction: "up",
      isOne: readScript(project, migration.up).isOne,
      statements: examined.statements.map(({ sql, place, measured, failure }) => ({
        sql,
        place,
        measured,
        refusal: failure,
      })),
    });
    if (hasFailed) {
      const said = examined.statements.find(({ failure }) => failure !== null)?.failure ?? "";
      return { plan, drift, failure: `${label(migration)} fails on a scratch database: ${said}` };
    }
    // The rows that were made for one are none of the next one's.
    await database.rewind(clean);
    await replay(project, database, migration.up);
  }
  return { plan, drift, failure: null };
}

async function downRehearsed(
  project: Project,
  server: Server,
  { sources, applied, live, last, begin }:
    & RehearsalInput
    & Beginning
    & { readonly last: readonly Migration[] },
): Promise<Rehearsal> {
  const before = applied.filter((migration) => !last.includes(migration));
  await using database = await stateAfter(project, server, sources, before);
  const states: Snapshot[] = [];
  const inOrder = last.toReversed();
  for (const migration of inOrder) {
    states.push(await inspect(project, database));
    await replay(project, database, migration.up);
  }
  const drift = changesIn(project, live, await inspect(project, database));
  const plan: PlannedRun[] = [];
  for (const migration of last) {
    begin(migration);
    const { down } = migration;
    if (down === null) {
      return { plan, drift, failure: `${label(migration)} has no DOWN` };
    }
    const { statements, isOne } = readScript(project, down);
    plan.push({
      ...nameOf(migration, down.file),
      direction: "down",
      isOne,
      statements: statements.map(({ sql, offset }) => {
        const { file, line, column } = placeIn(down, offset);
        const place = { file: folderOf(project) + file, line, column };
        return { sql, place, measured: null, refusal: null };
      }),
    });
    try {
      await runInSession(project, database, down, runOptions(project, folderOf(project)));
    } catch (error) {
      if (!(error instanceof ScriptFailure)) throw error;
      return {
        plan,
        drift,
        failure: `DOWN of ${label(migration)} fails on a scratch database: ${error.message}`,
      };
    }
    const wanted = states.pop();
    const left = wanted === undefined
      ? []
      : changesIn(project, await inspect(project, database), wanted);
    if (left.length > 0) {
      return {
        plan,
        drift,
        failure: `DOWN of ${label(migration)} does not lead back: it leaves ${changeList(left)}`,
      };
    }
  }
  return { plan, drift, failure: null };
}

/** A scratch database in which these migrations ran. */
export async function stateAfter(
  project: Project,
  server: Server,
  sources: Sources,
  migrations: readonly Migration[],
): Promise<ScratchDatabase> {
  const database = await createHistoryDatabase(project, server, sources);
  const session = new KeptSession(project.engine);
  for (const { up } of migrations) await replay(project, database, up, session);
  return database;
}

async function replay(
  project: Project,
  database: ScratchDatabase,
  script: Migration["up"],
  session = new KeptSession(project.engine),
): Promise<void> {
  const options = runOptions(project, folderOf(project));
  try {
    await runInSession(project, database, script, options, session);
  } catch (error) {
    throw error instanceof ScriptFailure ? scriptError(project, "replay", error) : error;
  }
}

function nameOf({ version, name }: Migration, file: string) {
  return { version, name, file };
}
