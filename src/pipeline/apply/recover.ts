/** `aim apply --recover`: what an interrupted run left is looked at, and the migration finished from there. */

import { UsageError } from "../../core/error.ts";
import type { LiveRunOutcome } from "../../core/live_run.ts";
import type { Statement } from "../../core/statement.ts";
import type { Migration, Script } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import { approvalsFor, type ApprovalTerms } from "../approvals.ts";
import { type LiveAddress, type OpenLive, openLive } from "../live/open_live.ts";
import { type ReadBooks, readBooks } from "../live/read_books.ts";
import { besideLive, startScratch } from "../live/scratch_server.ts";
import { folderOf, note, type Project, runOptions } from "../project.ts";
import { changesIn, isSame } from "../scratch/changes.ts";
import { leaveTransaction } from "../scratch/chunked.ts";
import { runScript } from "../scratch/run_script.ts";
import { inspect, label } from "../scratch/snapshot.ts";
import { changeList } from "../scratch/walk_history.ts";
import { readHistoryAlone, type Sources } from "../sources.ts";
import { digestOf, type JournalEntry } from "./journal.ts";
import { type OpenWriter, openWriter, runAll } from "./live_runs.ts";
import { type Patience, readScript } from "./live_script.ts";
import { unapproved } from "./preconditions.ts";
import { stateAfter } from "./rehearse.ts";

/** How it goes on. */
export interface RecoverOptions extends Patience {
  readonly checks: readonly string[];
  /** The statement that it goes on with, from 1, where the user has looked himself; null to find out. */
  readonly from: number | null;
  readonly terms: ApprovalTerms;
  /** Whether that is to be done, asked once it was shown. */
  agrees(what: string, database: string): Promise<boolean>;
}

/** Finds out how far it came and finishes it. */
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
  const base = {
    direction: first.journal?.direction ?? "up",
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
  const work = { given, project, opened, writer, sources, read };
  const result = read.journal === null
    ? await settle(work, options)
    : await goOn(work, read.journal, address, options);
  return { ...base, ...result, notes: [...project.notes] };
}

interface Work {
  /** The project as approvals are checked on it: on the engine of the settings, not that of the live database. */
  readonly given: Project;
  readonly project: Project;
  readonly opened: OpenLive;
  readonly writer: OpenWriter;
  readonly sources: Sources;
  readonly read: ReadBooks;
}

type Result =
  & Pick<LiveRunOutcome, "outcome" | "finished" | "failed" | "left">
  & Partial<Pick<LiveRunOutcome, "refusals">>;

const PLANNED: Result = { outcome: "planned", finished: [], failed: null, left: [] };
const DONE: Result = { outcome: "done", finished: [], failed: null, left: [] };

/** Goes on from where the journal, and the schema as it is, say that it stopped. */
async function goOn(
  work: Work,
  journal: JournalEntry,
  address: LiveAddress,
  options: RecoverOptions,
): Promise<Result> {
  const { project, opened, writer, sources, read } = work;
  const { direction } = journal;
  const migration = sources.history.migrations.find(({ up, down }) =>
    (direction === "up" ? up : down)?.file === journal.migration
  );
  const script = direction === "up" ? migration?.up : migration?.down;
  if (migration === undefined || script === undefined || script === null) {
    throw new UsageError(
      `Cannot go on: there is no file ${folderOf(project)}${journal.migration}`,
      {
        code: "recover",
        hint: "Put it back as it was when it was run",
      },
    );
  }
  const { statements } = readScript(project, script);
  if (digestOf(statements.slice(0, journal.done)) !== journal.digest) {
    throw new UsageError(
      `Cannot go on: the first ${journal.done} statements of ${
        folderOf(project)
      }${journal.migration} are not those that were run`,
      { code: "recover", hint: "Put them back; what comes behind them may be mended" },
    );
  }
  const isApplied = (one: Migration) => read.applied.includes(one);
  const before = sources.history.migrations.filter((one) =>
    isApplied(one) && (direction === "down" || one !== migration)
  );
  const from = options.from === null
    ? await placeOf(work, { script, statements, before, done: journal.done })
    : { index: options.from - 1, clean: [] };
  // What comes behind the statements that were run may have been mended since somebody agreed to it.
  const approvals = direction === "up"
    ? await approvalsFor(
      work.given,
      sources,
      new Set([sources.history.migrations.indexOf(migration)]),
      options.terms,
    )
    : [];
  const refusals = unapproved(approvals);
  if (refusals.length > 0) return { ...PLANNED, outcome: "refused", refusals };
  const what = from.index >= statements.length
    ? `all ${statements.length} statements of ${journal.migration} are there: the books are to say so`
    : `${journal.migration} goes on with statement ${from.index + 1} of ${statements.length}${
      from.clean.length === 0 ? "" : `, after ${from.clean.join("; ")}`
    }`;
  if (!await options.agrees(what, opened.live.shown)) return PLANNED;
  for (const sql of from.clean) await writer.writer.exec(sql);
  return await runAll(project, address, writer, {
    ...options,
    direction,
    migrations: [migration],
    from: from.index,
  });
}

/** The statement to go on with, and what is to be cleared away first. */
interface Place {
  readonly index: number;
  readonly clean: readonly string[];
}

/** Compares the live schema with that before the statement at which it stopped, and after it. */
async function placeOf(
  { project, opened, sources }: Work,
  { script, statements, before, done }: {
    readonly script: Script;
    readonly statements: readonly Statement[];
    readonly before: readonly Migration[];
    readonly done: number;
  },
): Promise<Place> {
  const live = await opened.snapshot();
  const beside = await besideLive(project, sources, live);
  await using server = await startScratch(project, live, beside);
  await using database = await stateAfter(project, server, beside, before);
  await runPart(project, database, script, { from: 0, to: done });
  const earlier = await inspect(project, database);
  const isEarlier = isSame(project, earlier, live);
  if (done >= statements.length) return { index: done, clean: [] };
  await runPart(project, database, script, { from: done, to: done + 1 });
  const isLater = isSame(project, await inspect(project, database), live);
  if (isLater && !isEarlier) return { index: done + 1, clean: [] };
  if (isEarlier) {
    if (isLater) {
      note(
        project,
        `Statement ${
          done + 1
        } leaves no trace in the schema: whether it ran cannot be seen, and it is run again`,
      );
    }
    return { index: done, clean: [] };
  }
  const changes = changesIn(project, earlier, live);
  const { statements: clean } = project.engine.plan(live, earlier, {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion: project.version,
  });
  // Only what is there too much, and holds no data, is a remainder of the statement.
  const isRemainder = changes.every(({ op }) => op === "create") &&
    clean.every(({ destroys }) => destroys === undefined);
  if (clean.length > 0 && isRemainder) {
    return { index: done, clean: clean.map(({ sql }) => sql) };
  }
  throw new UsageError(
    `Cannot tell how far it came: the database is neither what statement ${done} leaves nor what statement ${
      done + 1
    } does: ${changeList(changesIn(project, live, earlier))}`,
    {
      code: "recover",
      hint:
        `Look at what is there, and pass --from N with the statement that is to be run next, from 1 to ${
          statements.length + 1
        }`,
    },
  );
}

/** Runs some statements of a script on a scratch database. */
async function runPart(
  project: Project,
  database: ScratchDatabase,
  script: Script,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const only = new Set(Array.from({ length: to - from }, (_, at) => from + at));
  if (only.size === 0) return;
  await runScript(database, script, { ...runOptions(project, folderOf(project)), only });
  await leaveTransaction(database);
}

/** What a runner calls failed: the books are made to say what the schema is. */
async function settle(
  { project, opened, writer, sources, read }: Work,
  options: RecoverOptions,
): Promise<Result> {
  const failed = read.migrations.find(({ state }) => state === "failed");
  if (failed === undefined) return DONE;
  const migration = sources.history.migrations.find(({ up }) => up.file === failed.file);
  if (migration === undefined) {
    throw new UsageError(`Cannot put the books right: ${failed.name} has no file`, {
      code: "recover",
      hint: "Fetch the branch that has it",
    });
  }
  const live = await opened.snapshot();
  const beside = await besideLive(project, sources, live);
  await using server = await startScratch(project, live, beside);
  await using database = await stateAfter(project, server, beside, read.applied);
  const isBefore = isSame(project, await inspect(project, database), live);
  await runScript(database, migration.up, runOptions(project, folderOf(project)));
  const isAfter = isSame(project, await inspect(project, database), live);
  if (isBefore === isAfter) {
    throw new UsageError(
      isBefore
        ? `Cannot tell whether ${label(migration)} is there: it leaves no trace in the schema`
        : `Cannot put the books right: the database is neither what it was before ${
          label(migration)
        } nor what it leaves`,
      { code: "recover", hint: "`aim drift` shows what is there; mend it by hand" },
    );
  }
  const what = isAfter
    ? `all of ${label(migration)} is there: the books are to call it applied`
    : `nothing of ${label(migration)} is there: the books are to call it pending`;
  if (!await options.agrees(what, opened.live.shown)) return PLANNED;
  await writeState(writer, migration, isAfter);
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
