/** What a runner calls failed: the schema says how much of it is there, and the books are made to say so, or the rest is run. */

import { UsageError } from "../../core/error.ts";
import type { Migration } from "../../formats/format.ts";
import { besideLive, startScratch } from "../live/scratch_server.ts";
import { isStatusOf } from "../live/read_books.ts";
import { note } from "../project.ts";
import { label } from "../scratch/snapshot.ts";
import { goOnFrom } from "./go_on.ts";
import type { OpenWriter } from "./live_runs.ts";
import { readScript } from "./read_script.ts";
import { DONE, PLANNED, type Recovered, type Recovery, type Stopped } from "./recovery.ts";
import { stateAfter } from "./rehearse.ts";
import { placesOf, scriptCourse } from "./stopped_at.ts";
import { takeBack } from "./take_back.ts";

/** Finds out how far the first of them came, and finishes it or takes it back. */
export async function settle(work: Recovery): Promise<Recovered> {
  const { project, sources, read, options } = work;
  const failed = read.migrations.find(({ state }) => state === "failed");
  if (failed === undefined) return DONE;
  const migration = sources.history.migrations.find((one) => isStatusOf(failed, one));
  if (migration === undefined) {
    throw new UsageError(`Cannot put the books right: ${failed.name} has no file`, {
      code: "recover",
      hint: "Fetch the branch that has it",
    });
  }
  const { statements } = readScript(project, migration.up);
  const stopped: Stopped = {
    migration,
    direction: "up",
    script: migration.up,
    statements,
    before: read.applied,
    isNoted: false,
  };
  const done = options.from === null ? await doneOf(work, stopped) : options.from - 1;
  if (options.isBack && done > 0) {
    return await takeBack(work, stopped, { done, back: null, digest: "" });
  }
  if (done > 0 && done < statements.length) {
    return await goOnFrom(work, stopped, { index: done, clean: [] });
  }
  return await callIt(work, migration, done > 0);
}

/** How many of its statements are there. Throws UsageError where the schema does not say. */
async function doneOf(
  { project, opened, sources }: Recovery,
  { migration, script, statements, before }: Stopped,
): Promise<number> {
  const live = await opened.snapshot();
  const beside = await besideLive(project, sources, live);
  await using server = await startScratch(project, live, beside);
  await using database = await stateAfter(project, server, beside, before);
  const course = scriptCourse(project, script, statements.length);
  const places = await placesOf(project, database, { course, live });
  const [first, ...more] = places;
  if (first !== undefined && more.length === 0) return first;
  const all = statements.length;
  const hint =
    `Look at what is there, and pass --from N with the statement that is to be run next, from 1 to ${
      all + 1
    }`;
  if (first === undefined) {
    throw new UsageError(
      `Cannot put the books right: the database is not what any of the ${all} statements of ${
        label(migration)
      } leaves, nor what it was before them`,
      { code: "recover", hint: `${hint}; \`aim drift\` shows what is there` },
    );
  }
  const last = more.at(-1) ?? first;
  throw new UsageError(
    first === 0 && last === all
      ? `Cannot tell whether ${label(migration)} is there: it leaves no trace in the schema`
      : `Cannot tell how far ${label(migration)} came: the statements from ${
        first + 1
      } to ${last} leave no trace in the schema`,
    { code: "recover", hint },
  );
}

/** The books are to call it applied, or pending. */
async function callIt(
  { project, opened, writer, options }: Recovery,
  migration: Migration,
  isApplied: boolean,
): Promise<Recovered> {
  const what = isApplied
    ? `all of ${label(migration)} is there: the books are to call it applied`
    : `nothing of ${label(migration)} is there: the books are to call it pending`;
  if (!await options.agrees(what, opened.live.shown)) return PLANNED;
  await writeState(writer, migration, isApplied);
  note(project, what.replace("are to call", "now call"));
  return DONE;
}

async function writeState(
  { writer, ledger }: OpenWriter,
  migration: Migration,
  isApplied: boolean,
): Promise<void> {
  const entry = await ledger.entry(migration, 0);
  await writer.begin();
  await ledger.unmoved();
  await ledger.write(ledger.keep.forget?.(entry) ?? []);
  if (isApplied) await ledger.write(ledger.keep.applied(entry));
  else if (ledger.keep.forget === undefined) await ledger.write(ledger.keep.reverted(entry));
  await writer.exec("COMMIT");
}
