/** `aim apply --recover --back`: what an interrupted run left is taken back, by statements that a scratch database saw lead there. */

import { UsageError } from "../../core/error.ts";
import type { PlannedRun, Refusal } from "../../core/live_run.ts";
import { placeIn } from "../../formats/mod.ts";
import type { Statement } from "../../core/statement.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import { besideLive, startScratch } from "../live/scratch_server.ts";
import { folderOf, note, type Project } from "../project.ts";
import { plainEffects } from "../scratch/rows/plain_effects.ts";
import { resetSession } from "../scratch/run_in_session.ts";
import { inspect } from "../scratch/snapshot.ts";
import { type WayBack, wayBack } from "../scratch/way_back.ts";
import { digestOf, type JournalEntry } from "./journal.ts";
import { clearAway } from "./go_on.ts";
import { lossesOf } from "./live_losses.ts";
import { runAll } from "./live_runs.ts";
import { PLANNED, type Recovered, type Recovery, type Stopped } from "./recovery.ts";
import { stateAfter } from "./rehearse.ts";
import { courseOf, isSureOf, type Place, placeOf, scriptCourse } from "./stopped_at.ts";

/** Finds the way back from where it stopped, or goes on with one that was begun. */
export async function takeBack(
  work: Recovery,
  stopped: Stopped,
  { done, back, digest }: Pick<JournalEntry, "done" | "back" | "digest">,
): Promise<Recovered> {
  const { project, opened, sources, options: { from, allowLoss } } = work;
  const { script, statements } = stopped;
  const live = await opened.snapshot();
  const beside = await besideLive(project, sources, live);
  await using server = await startScratch(project, live, beside);
  await using database = await stateAfter(project, server, beside, stopped.before);
  const start = await database.checkpoint();
  const said: Place | null = from === null ? null : { index: from - 1, clean: [] };
  if (back === null) {
    const course = scriptCourse(project, script, statements.length);
    const isSure = isSureOf(project, work.writer.writer, statements[done]);
    const place = said ?? await placeOf(project, database, { course, done, live, isSure });
    await database.rewind(start);
    const tried = await tryBack(project, database, stopped, {
      kept: place.index,
      mayLose: allowLoss,
    });
    return await runBack(work, stopped, {
      ...tried,
      kept: place.index,
      next: { ...place, index: 0 },
    });
  }
  // One that was begun was agreed to.
  const tried = await tryBack(project, database, stopped, { kept: done, mayLose: true });
  const run = [...statements.slice(0, done), ...tried.way?.statements.slice(0, back) ?? []];
  if (digestOf(run) !== digest) {
    throw new UsageError(
      `Cannot go on: the way back of ${script.file} is not the one that was begun`,
      {
        code: "recover",
        hint: "Put the file back as it was when it was begun",
      },
    );
  }
  await database.rewind(start);
  await scriptCourse(project, script, statements.length).run(database, { from: 0, to: done });
  const course = courseOf(project, tried.way?.statements ?? []);
  const isSure = isSureOf(project, work.writer.writer, tried.way?.statements[back]);
  const next = said ?? await placeOf(project, database, { course, done: back, live, isSure });
  return await runBack(work, stopped, { ...tried, kept: done, next });
}

/** A way back that was run on a scratch database. */
interface Tried {
  /** Null where none was found. */
  readonly way: WayBack | null;
  /** What rows are not what they were, in words. */
  readonly losses: readonly string[];
}

/** Looks for the way back from behind so many statements, and runs it over rows. The database holds the state before. */
async function tryBack(
  project: Project,
  database: ScratchDatabase,
  { migration, direction, script, statements }: Stopped,
  { kept, mayLose }: { readonly kept: number; readonly mayLose: boolean },
): Promise<Tried> {
  if (kept === 0) return { way: { statements: [], script: null }, losses: [] };
  const start = await database.checkpoint();
  const before = await inspect(project, database);
  const course = scriptCourse(project, script, statements.length);
  await course.run(database, { from: 0, to: kept });
  const way = await wayBack({
    project,
    database,
    before,
    stopped: await database.checkpoint(),
    left: await inspect(project, database),
    opposite: direction === "up" ? migration.down : migration.up,
    mayLose,
  });
  if (way === null) return { way, losses: [] };
  await database.rewind(start);
  const { rows } = project.engine;
  await rows.seed(database);
  await resetSession(project, database);
  const first = await rows.observe(database, undefined, "rows");
  const back = courseOf(project, way.statements);
  const ran = await course.run(database, { from: 0, to: kept }) &&
    await back.run(database, { from: 0, to: back.length });
  if (!ran) {
    note(project, "Over made rows this way cannot be run: what becomes of rows was not seen");
    return { way, losses: [] };
  }
  const last = await rows.observe(database, undefined, "rows");
  for (const { id, name, rows } of last.tables.values()) {
    const was = first.tables.get(id)?.rows.length ?? 0;
    if (rows.length > was) note(project, `Rows that its statements put into ${name} stay there`);
  }
  return { way, losses: plainEffects(first, last, "restored").map(({ text }) => text) };
}

/** Refuses, asks, and runs it. */
async function runBack(
  work: Recovery,
  stopped: Stopped,
  { way, losses, kept, next }: Tried & { readonly kept: number; readonly next: Place },
): Promise<Recovered> {
  const { project, address, opened, writer, options } = work;
  const { migration, direction, script, isNoted } = stopped;
  if (way === null) return refused([noWay(script.file, kept)]);
  const { statements } = way;
  const rest = statements.slice(next.index);
  const lost = options.allowLoss ? [] : await refusalsOf(work, stopped, { losses, rest });
  if (lost.length > 0) return refused(lost);
  const plan = [planOf(project, stopped, way, next)];
  if (!await options.agreesTo(plan, opened.live.shown)) return { ...PLANNED, plan };
  await clearAway(work, next.clean);
  const resume = {
    way: "back",
    isNoted,
    kept,
    statements,
    script: way.script,
    from: next.index,
  } as const;
  const result = await runAll(project, address, writer, {
    ...options,
    direction,
    migrations: [migration],
    resume,
  });
  return { ...result, plan };
}

function refused(refusals: readonly Refusal[]): Recovered {
  return { ...PLANNED, outcome: "refused", refusals };
}

function noWay(file: string, kept: number): Refusal {
  return {
    code: "no-way-back",
    message: `no way back from statement ${kept} of ${file} was found that loses nothing`,
    hint:
      "Write its DOWN so that its last statements lead back from there, or go on with --recover alone; --allow-loss takes a way that loses rows or values",
  };
}

/** What would be lost: by the made rows, and by what the statements say and the live database holds. */
async function refusalsOf(
  { project, writer }: Recovery,
  { script }: Stopped,
  { losses, rest }: { readonly losses: readonly string[]; readonly rest: readonly Statement[] },
): Promise<readonly Refusal[]> {
  const file = `the way back of ${script.file}`;
  return [
    ...losses.map((text) => ({
      code: "loss",
      message: `${file} does not restore ${text}`,
      hint: "--allow-loss takes it back all the same; --recover alone goes on",
    })),
    ...await lossesOf(project, writer.writer, { file, statements: rest }),
  ];
}

function planOf(
  project: Project,
  { migration: { version, name }, direction, script }: Stopped,
  way: WayBack,
  { index, clean }: Place,
): PlannedRun {
  const folder = folderOf(project);
  const all = [...clean.map((sql) => ({ sql, offset: 0 })), ...way.statements.slice(index)];
  return {
    version,
    name,
    file: script.file,
    direction: direction === "up" ? "down" : "up",
    isOne: false,
    statements: all.map(({ sql, offset }) => {
      const { file, line, column } = placeIn(way.script ?? script, offset);
      return { sql, place: { file: folder + file, line, column }, measured: null, refusal: null };
    }),
  };
}
