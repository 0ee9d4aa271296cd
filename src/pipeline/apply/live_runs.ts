/** Runs migrations on the live database, one after the other, under the runner's lock; says what became of each. */

import { setTimeout } from "node:timers/promises";
import { DatabaseError, SetupError, UsageError } from "../../core/error.ts";
import type { FailedRun, FinishedRun, LiveRunOutcome } from "../../core/live_run.ts";
import type { LiveWriter } from "../../engines/live.ts";
import type { BooksHistory, Migration, Script } from "../../formats/format.ts";
import { placeIn } from "../../formats/mod.ts";
import { runShell } from "../../host/shell_command.ts";
import { folderOf, note, type Project } from "../project.ts";
import type { LiveAddress } from "../live/open_live.ts";
import { reached } from "../live/open_live.ts";
import type { ReadBooks } from "../live/read_books.ts";
import { RowChecks } from "../scratch/rows/checks.ts";
import { label } from "../scratch/snapshot.ts";
import { Ledger, moved } from "./ledger.ts";
import { LiveFailure } from "./live_failure.ts";
import { LiveScript, type Patience, type Resume } from "./live_script.ts";

/** How they are run. */
export interface RunPlan extends Patience {
  readonly direction: "up" | "down";
  readonly migrations: readonly Migration[];
  /** Commands for the shell, run after each. */
  readonly checks: readonly string[];
  /** Where the first of them goes on, which was begun; absent for none that was. */
  readonly resume?: Resume;
}

/** What became of them. */
export type RunResult = Pick<LiveRunOutcome, "finished" | "failed" | "left"> & {
  readonly outcome: "done" | "failed" | "interrupted";
};

/** A session that holds the lock, and the books. */
export interface OpenWriter extends AsyncDisposable {
  readonly writer: LiveWriter;
  readonly ledger: Ledger;
}

/**
 * Opens the session, takes the lock and looks whether the books are still what was read.
 * @throws {SetupError} where the lock is not to be had, {UsageError} where the books have moved.
 */
export async function openWriter(
  project: Project,
  { url, variables }: LiveAddress,
  { read, history }: { readonly read: ReadBooks; readonly history: BooksHistory },
): Promise<OpenWriter> {
  const { engine, signal, format } = project;
  const open = (await engine.live?.())?.write;
  if (open === undefined) {
    throw new UsageError(`Cannot run migrations on ${engine.dialect}: aim only reads it`, {
      code: "live-url",
      hint: "Run them by the runner itself",
    });
  }
  const writer = await reached(() => open(url, { signal, variables }));
  try {
    const ledger = new Ledger(project, writer, { found: read.found, history });
    const { table, schema } = ledger.table;
    const place = { database: writer.database, schema, table };
    const key = ledger.keep.lock?.(place) ?? { number: OWN_LOCK, text: `aim ${writer.database}` };
    await takeLock(project, () => writer.lock(key), LEFT_LOCK);
    const rows = await reached(() => ledger.read());
    if (JSON.stringify(rows) !== JSON.stringify(read.rows)) throw moved();
    await reached(() => ledger.make());
    if (read.found === null) note(project, `The table of ${format.title} was made`);
    const left = ledger.keep.rowLock?.release ?? "";
    await takeLock(project, () => ledger.takeRow(), `If nobody does, \`${left}\` frees it`);
    return {
      writer,
      ledger,
      [Symbol.asyncDispose]: async () => {
        // Where it cannot be given back, the next run of aim does.
        if (!writer.isLost) await ledger.freeRow().catch(() => {});
        await writer[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await writer[Symbol.asyncDispose]();
    throw error;
  }
}

/** Runs them. */
export async function runAll(
  project: Project,
  address: LiveAddress,
  { writer, ledger }: OpenWriter,
  plan: RunPlan,
): Promise<RunResult> {
  const { emit, signal } = project;
  const { migrations, direction } = plan;
  const script = new LiveScript(project, writer, ledger, plan);
  const checks = new RowChecks(project, writer, () => Promise.resolve());
  const finished: FinishedRun[] = [];
  let resume = plan.resume ?? null;
  for (const [at, migration] of migrations.entries()) {
    const left = migrations.slice(at + 1).map(label);
    const { file } = scriptOf(migration, direction) ?? migration.up;
    const name = { version: migration.version, name: migration.name, file };
    const begun = performance.now();
    if (signal.aborted) {
      return {
        outcome: "interrupted",
        finished,
        failed: null,
        left: migrations.slice(at).map(label),
      };
    }
    emit({ type: "stage", stage: "apply", state: "start", text: label(migration) });
    try {
      if (checks.count > 0 && resume === null) await checks.run("before");
      const ran = await script.run(migration, direction, resume);
      finished.push({ ...name, ...ran });
      await ledger.read();
    } catch (error) {
      if (error instanceof LiveFailure) {
        const outcome = signal.aborted ? "interrupted" : "failed";
        const ran = resume?.way === "back" ? resume.script : scriptOf(migration, direction);
        const failed = failedRun(project, { ...name, script: ran }, error);
        return { outcome, finished, failed, left };
      }
      throw asSetup(error);
    }
    const isBack = resume?.way === "back";
    resume = null;
    const isTaken = (direction === "down") !== isBack;
    emit({
      type: "stage",
      stage: "apply",
      state: "done",
      text: `${isTaken ? "took back " : ""}${label(migration)}`,
      ms: performance.now() - begun,
    });
    // What is asked after a migration does not hold before it.
    const said = isBack ? null : await refusedBy(project, address, { checks, plan, migration });
    if (said !== null) {
      const total = finished.at(-1)?.statements.length ?? 0;
      return {
        outcome: signal.aborted ? "interrupted" : "failed",
        finished,
        left,
        failed: {
          ...name,
          message: said,
          hint:
            "The migration is applied; `aim rollback` takes it back where its DOWN loses nothing",
          place: null,
          sql: null,
          done: total,
          total,
          state: "checked",
        },
      };
    }
  }
  return { outcome: "done", finished, failed: null, left: [] };
}

/** What the checks after a migration say against it; null for nothing. */
async function refusedBy(
  project: Project,
  { url }: LiveAddress,
  { checks, plan, migration }: {
    readonly checks: RowChecks;
    readonly plan: RunPlan;
    readonly migration: Migration;
  },
): Promise<string | null> {
  const when = plan.direction;
  const [failed] = checks.count === 0 ? [] : await checks.run(when);
  if (failed !== undefined) {
    return `check "${failed.name}" gave ${failed.found} in place of ${failed.expected}`;
  }
  for (const command of plan.checks) {
    const variables = { AIM_DATABASE_URL: url, AIM_MIGRATION: label(migration) };
    const { code, said } = await runShell(command, variables, project.signal);
    if (code === 0) continue;
    return `the check \`${command}\` ended with ${code ?? "a signal"}${
      said === "" ? "" : `: ${said}`
    }`;
  }
  return null;
}

function failedRun(
  project: Project,
  { script, ...name }: Pick<FailedRun, "version" | "name" | "file"> & {
    readonly script: Script | null;
  },
  { reason, statement, done, total, state }: LiveFailure,
): FailedRun {
  const error = reason instanceof DatabaseError ? reason : null;
  const offset = error === null || statement === null
    ? 0
    : project.engine.errorPosition(error, statement.sql)?.offset ?? 0;
  const place = statement === null || script === null
    ? null
    : placeIn(script, statement.offset + offset);
  const hint = error?.hint ?? error?.detail ?? (reason instanceof UsageError ? reason.hint : null);
  return {
    ...name,
    message: reason.message,
    hint: hint ?? null,
    place: place === null ? null : { ...place, file: folderOf(project) + place.file },
    sql: statement?.sql ?? null,
    done,
    total,
    state,
  };
}

function scriptOf({ up, down }: Migration, direction: "up" | "down"): Script | null {
  return direction === "down" ? down : up;
}

async function takeLock(
  project: Project,
  take: () => Promise<boolean>,
  hint: string,
): Promise<void> {
  const { signal } = project;
  for (let waited = 0;; waited += LOCK_TURN) {
    if (await reached(take)) return;
    if (waited >= LOCK_PATIENCE) {
      throw new SetupError("Cannot run migrations: another session runs some there", {
        code: "locked",
        hint,
      });
    }
    note(project, "Another session runs migrations there: waiting for its lock");
    await setTimeout(LOCK_TURN, undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  }
}

/** What the live database refuses outside of a migration is no fault of a file. */
function asSetup(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  return new SetupError(`Cannot run migrations: ${error.message}`, {
    code: "live",
    hint: error.hint ?? "`aim status` says what is there",
    cause: error,
  });
}

const LEFT_LOCK =
  "Wait for it to end; a run that was killed holds its lock until its last statement ends";

/** Of runners that have none. */
const OWN_LOCK = 0x61696d6170706cn;

/** Milliseconds. */
const LOCK_TURN = 500;
const LOCK_PATIENCE = 60_000;
