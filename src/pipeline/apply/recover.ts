/** `aim apply --recover`: what an interrupted run left is looked at, and the migration finished from there, or taken back. */

import { UsageError } from "../../core/error.ts";
import type { LiveRunOutcome } from "../../core/live_run.ts";
import { type LiveAddress, openLive } from "../live/open_live.ts";
import { isStatusOf, readBooks } from "../live/read_books.ts";
import { besideLive, startScratch } from "../live/scratch_server.ts";
import { folderOf, type Project } from "../project.ts";
import { label } from "../scratch/snapshot.ts";
import { readHistoryAlone } from "../sources.ts";
import { goOnFrom } from "./go_on.ts";
import { digestOf, type JournalEntry, migrationOf } from "./journal.ts";
import { openWriter } from "./live_runs.ts";
import { readScript } from "./read_script.ts";
import type { Recovered, RecoverOptions, Recovery, Stopped } from "./recovery.ts";
import { stateAfter } from "./rehearse.ts";
import { settle } from "./settle.ts";
import { isSureOf, type Place, placeOf, scriptCourse } from "./stopped_at.ts";
import { takeBack } from "./take_back.ts";

/** Finds out how far it came and finishes it, or takes it back. */
export async function recover(
  given: Project,
  address: LiveAddress,
  options: RecoverOptions,
): Promise<LiveRunOutcome> {
  const sources = await readHistoryAlone(given);
  const opened = await openLive(given, address);
  await using _session = opened;
  const { live, project } = opened;
  const first = await readBooks(project, live, sources);
  const isUp = (first.journal?.direction ?? "up") === "up";
  const base = {
    direction: isUp === options.isBack ? "down" : "up",
    plan: [],
    finished: [],
    failed: null,
    left: [],
    refusals: [],
    database: live.shown,
    version: live.version,
    books: first.table,
    runtime: null,
  } as const;
  const hasFailed = first.migrations.some(({ state }) => state === "failed");
  if (!hasFailed && first.journal === null) {
    return { ...base, outcome: "nothing", notes: [...project.notes] };
  }
  // A session that was cut off may still be at its last statement: its lock is waited for, and only then looked again.
  await using writer = await openWriter(project, address, {
    read: first,
    history: { ...sources.history, files: sources.files },
  });
  const read = await readBooks(project, live, sources);
  const work = { given, project, address, opened, writer, sources, read, options };
  const { journal } = read;
  const result = journal === null ? await settle(work) : await fromJournal(work, journal);
  // What waited behind it goes on waiting.
  const waiting = sources.history.migrations.filter((migration) =>
    read.migrations.some((one) => one.state === "pending" && isStatusOf(one, migration))
  );
  const isOver = result.outcome === "done" && !options.isBack;
  const left = isOver ? waiting.map(label) : result.left;
  return { ...base, ...result, left, notes: [...project.notes] };
}

async function fromJournal(work: Recovery, journal: JournalEntry): Promise<Recovered> {
  const stopped = stoppedBy(work, journal);
  if (work.options.isBack) return await takeBack(work, stopped, journal);
  if (journal.back !== null) {
    throw new UsageError(`Cannot go on with ${journal.migration}: it is being taken back`, {
      code: "recover",
      hint: "`aim apply --recover --back` goes on with that; then it can be run again",
    });
  }
  return await goOn(work, stopped, journal);
}

/** What the journal speaks of. Throws UsageError where the file is not what was run. */
function stoppedBy({ project, sources, read }: Recovery, journal: JournalEntry): Stopped {
  const { direction } = journal;
  const { migrations } = sources.history;
  const migration = migrationOf(journal, migrations, read.applied);
  const script = direction === "up" ? migration?.up : migration?.down;
  const file = folderOf(project) + journal.migration;
  if (migration === null || script === undefined || script === null) {
    throw new UsageError(`Cannot go on: there is no file ${file}`, {
      code: "recover",
      hint: "Put it back as it was when it was run",
    });
  }
  const { statements } = readScript(project, script);
  const isBegun = journal.back === null;
  if (isBegun && digestOf(statements.slice(0, journal.done)) !== journal.digest) {
    throw new UsageError(
      `Cannot go on: the first ${journal.done} statements of ${file} are not those that were run`,
      { code: "recover", hint: "Put them back; what comes behind them may be mended" },
    );
  }
  const isDown = direction === "down";
  // The one before a DOWN that was begun is called failed by runners that note a position.
  const before = migrations.filter((one) =>
    one === migration ? isDown : read.applied.includes(one) ||
      isDown && migrations.indexOf(one) < migrations.indexOf(migration) &&
        read.migrations.some((status) => status.state === "failed" && isStatusOf(status, one))
  );
  return { migration, direction, script, statements, before, isNoted: true };
}

/** Goes on from where the journal, and the schema as it is, say that it stopped. */
async function goOn(work: Recovery, stopped: Stopped, journal: JournalEntry): Promise<Recovered> {
  const { options } = work;
  const from = options.from === null
    ? await placeOnLive(work, stopped, journal.done)
    : { index: options.from - 1, clean: [] };
  return await goOnFrom(work, stopped, from);
}

/** Compares the live schema with that before the statement at which it stopped, and after it. */
async function placeOnLive(
  { project, opened, sources, writer }: Recovery,
  { script, statements, before }: Stopped,
  done: number,
): Promise<Place> {
  const live = await opened.snapshot();
  const beside = await besideLive(project, sources, live);
  await using server = await startScratch(project, live, beside);
  await using database = await stateAfter(project, server, beside, before);
  const course = scriptCourse(project, script, statements.length);
  const isSure = isSureOf(project, writer.writer, statements[done]);
  return await placeOf(project, database, { course, done, live, isSure });
}
