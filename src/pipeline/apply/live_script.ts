/** One script of a migration on a live database: its statements, the books, and what is left when it fails. */

import { setTimeout } from "node:timers/promises";
import { DatabaseError, UsageError } from "../../core/error.ts";
import type { Statement } from "../../core/statement.ts";
import type { LiveWriter } from "../../engines/live.ts";
import type { Migration, Script } from "../../formats/format.ts";
import { note, type Project } from "../project.ts";
import { isOneMessage } from "../scratch/script_transaction.ts";
import { Journal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { failure } from "./live_failure.ts";
import { readScript } from "./read_script.ts";

/** How patient a run is. */
export interface Patience {
  /** Milliseconds that a statement waits for a lock. */
  readonly lockTimeout: number;
  /** How often something that did not get one is tried again. */
  readonly retries: number;
}

/** What a script did. */
export interface RanStatement {
  readonly sql: string;
  readonly ms: number;
  readonly rows: number | null;
}

/** Where a migration goes on that was begun. */
export type Resume =
  & {
    /** Whether the journal knows of it; where only the runner does, it is made. */
    readonly isNoted: boolean;
  }
  & ({
    readonly way: "on";
    /** The statement that is next, from 0. */
    readonly from: number;
  } | {
    readonly way: "back";
    /** How many statements of the script are there. */
    readonly kept: number;
    /** They lead from there to the state before. */
    readonly statements: readonly Statement[];
    /** The script that they stand in; null where they were planned. */
    readonly script: Script | null;
    /** Which of them is next, from 0. */
    readonly from: number;
  });

/** Runs scripts of migrations. */
export class LiveScript {
  readonly #project: Project;
  readonly #writer: LiveWriter;
  readonly #ledger: Ledger;
  readonly #patience: Patience;
  #hasPath = false;

  constructor(project: Project, writer: LiveWriter, ledger: Ledger, patience: Patience) {
    this.#project = project;
    this.#writer = writer;
    this.#ledger = ledger;
    this.#patience = patience;
  }

  /**
   * Runs a direction of a migration, or goes on with one that was begun, or back. Throws LiveFailure, with the session out of any
   * transaction.
   */
  async run(
    migration: Migration,
    direction: "up" | "down",
    resume: Resume | null = null,
  ): Promise<{ readonly ms: number; readonly statements: readonly RanStatement[] }> {
    const script = direction === "up" ? migration.up : migration.down;
    if (script === null) throw new Error("There is no such direction");
    const { statements: all, isOne } = readScript(this.#project, script);
    const start = performance.now();
    const statements = resume?.way === "back" ? resume.statements : all;
    const run = { migration, direction, script, all, statements, resume, start };
    await this.#writer.waitFor(this.#patience.lockTimeout);
    const { engine: { session }, config: { searchPath } } = this.#project;
    // The one that the scratch database had as well.
    if (session !== undefined && searchPath !== null && !this.#hasPath) {
      await this.#writer.exec(session.setSearchPath(searchPath));
      this.#hasPath = true;
    }
    const ran = isOne && resume === null ? await this.#asOne(run) : await this.#oneByOne(run);
    if (script.keepsSession !== true) {
      await this.#writer.reset();
      this.#hasPath = false;
    }
    return { ms: performance.now() - start, statements: ran };
  }

  /** What the books say after it. */
  async #edits(run: Run) {
    if (run.resume?.way === "back") return await this.#former(run);
    const { migration, direction, start } = run;
    const entry = await this.#ledger.entry(migration, performance.now() - start);
    const { keep } = this.#ledger;
    return direction === "up" ? keep.applied(entry) : keep.reverted(entry);
  }

  /** What makes the books say what they said before it. */
  async #former({ migration, direction }: Run) {
    const { keep } = this.#ledger;
    const entry = await this.#ledger.entry(migration, 0);
    if ((keep.begun?.(entry, direction) ?? []).length === 0) return [];
    return direction === "up" ? keep.reverted(entry) : keep.applied(entry);
  }

  async #asOne(run: Run): Promise<readonly RanStatement[]> {
    const { statements } = run;
    const total = statements.length;
    let at: Statement | null = null;
    let isCommitting = false;
    const attempt = async () => {
      const ran: RanStatement[] = [];
      isCommitting = false;
      await this.#writer.begin();
      await this.#ledger.unmoved();
      for (const [index, statement] of statements.entries()) {
        at = statement;
        ran.push(await this.#statement(run, index));
      }
      at = null;
      await this.#ledger.write(await this.#edits(run));
      this.#project.signal.throwIfAborted();
      isCommitting = true;
      await this.#writer.exec("COMMIT");
      return ran;
    };
    try {
      return await this.#patiently(attempt);
    } catch (error) {
      await this.#leave();
      const state = isCommitting && this.#writer.isLost ? "unknown" : "undone";
      throw failure(error, { statement: at, done: 0, total, state });
    }
  }

  async #oneByOne(run: Run): Promise<readonly RanStatement[]> {
    const { script, statements, resume } = run;
    const { engine } = this.#project;
    const from = resume?.from ?? 0;
    const isBack = resume?.way === "back";
    const journal = this.#journalOf(run);
    const total = statements.length;
    await this.#note(run, journal);
    const isMessage = !isBack && engine.transactionalDdl && isOneMessage(script, statements);
    const ran: RanStatement[] = [];
    // Statements that nothing takes back, and the first of the transaction that the script has open.
    let kept = from;
    let mayHaveLeft = false;
    let at: Statement | null = null;
    try {
      for (let index = from; index < total;) {
        this.#project.signal.throwIfAborted();
        const end = endOfBlock(statements, index, isMessage);
        const first = index;
        // Where definitions end transactions, a part of the block may be there to stay.
        const isWhole = engine.transactionalDdl || end === index + 1 ||
          statements.slice(index, end).every((one) =>
            one.control !== undefined || this.#writer.isAtomic(one)
          );
        const some = await this.#patiently(async () => {
          await this.#leave();
          const block: RanStatement[] = [];
          for (let one = first; one < end; one++) {
            at = statements[one] ?? null;
            mayHaveLeft = at !== null && this.#writer.mayLeave(at);
            block.push(...await this.#step(run, one, { journal, isMessage }));
            mayHaveLeft = !isWhole;
          }
          mayHaveLeft = false;
          return block;
        }, () => !mayHaveLeft);
        ran.push(...some);
        index = end;
        if (!this.#writer.inTransaction) kept = index;
      }
      at = null;
      if (!this.#writer.inTransaction) await this.#writer.begin();
      await this.#ledger.write(await this.#edits(run));
      await journal.end();
      await this.#writer.exec("COMMIT");
      await journal.drop();
      return ran;
    } catch (error) {
      await this.#leave();
      const isUndone = !isBack && kept === 0 && !mayHaveLeft && !this.#writer.isLost;
      const done = this.#writer.isLost || kept === 0 && isUndone ? kept : await journal.done();
      if (isUndone) await this.#forget(run, journal);
      const state = isUndone ? "undone" : isBack ? "partly-back" : "partly";
      throw failure(error, { statement: at, done, total, state });
    }
  }

  #journalOf({ direction, script, all, resume }: Run): Journal {
    const entry = { format: this.#project.format.name, migration: script.file, direction };
    return new Journal(
      this.#writer,
      entry,
      resume?.way === "back" ? { script: all, back: resume } : { script: all },
    );
  }

  /** Notes where it begins or goes on, before anything of it is run. */
  async #note({ migration, direction, resume }: Run, journal: Journal): Promise<void> {
    if (resume?.isNoted === true && resume.way === "on") return;
    const { keep } = this.#ledger;
    if (resume?.isNoted !== true) await journal.open();
    await this.#writer.begin();
    await this.#ledger.unmoved();
    if (resume?.isNoted === true) await journal.note(resume.from);
    else await journal.begin(resume?.from);
    const entry = await this.#ledger.entry(migration, 0);
    if (resume === null) await this.#ledger.write(keep.begun?.(entry, direction) ?? []);
    else if (!resume.isNoted) await this.#ledger.write(keep.forget?.(entry) ?? []);
    await this.#writer.exec("COMMIT");
    await this.#ledger.read();
  }

  /** One statement of a script that is not one transaction, and the note that it is done. */
  async #step(
    run: Run,
    index: number,
    { journal, isMessage }: { readonly journal: Journal; readonly isMessage: boolean },
  ): Promise<readonly RanStatement[]> {
    const statement = run.statements[index];
    if (statement === undefined) return [];
    const { control } = statement;
    const writer = this.#writer;
    const isOpen = writer.inTransaction;
    if (isOpen) {
      // What ends a transaction ends the note's as well.
      if (control === "commit") await journal.note(index + 1);
      const ran = await this.#statement(run, index);
      if (control === undefined || control === "rollback") await journal.note(index + 1);
      return [ran];
    }
    if (isMessage && control !== "commit" && control !== "rollback") {
      await writer.begin();
      if (control === "begin") return [];
      const ran = await this.#statement(run, index);
      await journal.note(index + 1);
      return [ran];
    }
    if (control === undefined && writer.isAtomic(statement)) {
      await writer.begin();
      const ran = await this.#statement(run, index);
      await journal.note(index + 1);
      await writer.exec("COMMIT");
      return [ran];
    }
    const ran = await this.#statement(run, index);
    if (control !== "begin") await journal.note(index + 1);
    return [ran];
  }

  async #statement(run: Run, index: number): Promise<RanStatement> {
    const { signal, emit } = this.#project;
    const statement = run.statements[index];
    if (statement === undefined) throw new Error("There is no such statement");
    signal.throwIfAborted();
    await this.#checkCut(statement);
    const { length: total } = run.statements;
    const shown = statement.sql.replaceAll(/\s+/g, " ").slice(0, 100);
    emit({ type: "progress", stage: "apply", done: index + 1, total, text: shown });
    const start = performance.now();
    const stop = () => void this.#writer.cancel();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const rows = await this.#writer.run(statement);
      const ms = performance.now() - start;
      emit({ type: "statement", sql: statement.sql, ms });
      if (rows !== null && ms >= WORTH_TELLING) {
        const rate = Math.round(rows / (ms / 1000));
        emit({
          type: "progress",
          stage: "apply",
          done: index + 1,
          total,
          text: `${rows} rows, ${rate} a second: ${shown}`,
        });
      }
      return { sql: statement.sql, ms, rows };
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Throws UsageError for a statement whose strings end elsewhere than they were taken to. */
  async #checkCut({ cutWhile, sql }: Statement): Promise<void> {
    if (cutWhile === undefined) return;
    const [row] = await this.#writer.query<{ holds: unknown }>(cutWhile);
    if (row?.holds === true || row?.holds === 1) return;
    throw new UsageError(
      `Cannot run "${
        sql.slice(0, 60)
      }": a setting of the session decides where a string of it ends`,
      { code: "sql", hint: "Write the string as E'...', or double its quotes" },
    );
  }

  /** Tries again, after a while that grows, what did not get a lock. */
  async #patiently<Result>(
    work: () => Promise<Result>,
    mayTryAgain: () => boolean = () => true,
  ): Promise<Result> {
    const { signal } = this.#project;
    for (let turn = 0;; turn++) {
      try {
        return await work();
      } catch (error) {
        const isPassing = error instanceof DatabaseError && this.#writer.isPassing(error);
        const isOver = turn >= this.#patience.retries || signal.aborted || !mayTryAgain();
        if (!isPassing || isOver || this.#writer.isLost) throw error;
        await this.#leave();
        const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** turn);
        note(
          this.#project,
          `Something else holds a lock (${error.message}): tried again after ${pause / 1000} s, ${
            turn + 1
          } of ${this.#patience.retries}`,
        );
        await setTimeout(pause, undefined, { signal }).catch(() => {});
        signal.throwIfAborted();
      }
    }
  }

  /** Ends the transaction that is open, if any. */
  async #leave(): Promise<void> {
    if (this.#writer.isLost || !this.#writer.inTransaction) return;
    await this.#writer.exec("ROLLBACK").catch(() => {});
  }

  /** Nothing of the script is there: the books and the journal say what they said before. */
  async #forget(run: Run, journal: Journal): Promise<void> {
    const former = await this.#former(run);
    await this.#writer.begin();
    await this.#ledger.write(former);
    await journal.end();
    await this.#writer.exec("COMMIT");
    await journal.drop();
  }
}

interface Run {
  readonly migration: Migration;
  readonly direction: "up" | "down";
  readonly script: Script;
  /** Those of the script, and those that are run. */
  readonly all: readonly Statement[];
  readonly statements: readonly Statement[];
  readonly resume: Resume | null;
  /** By `performance.now()`. */
  readonly start: number;
}

/** Milliseconds. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

/** Milliseconds from which on rows and their rate are told. */
const WORTH_TELLING = 1000;

/**
 * Behind the last statement of the transaction that begins there, by the script or, in a message, by the server; behind the statement
 * itself where none does.
 */
function endOfBlock(statements: readonly Statement[], index: number, isMessage: boolean): number {
  if (statements[index]?.control !== "begin" && !isMessage) return index + 1;
  const end = statements.findIndex(({ control }, at) =>
    at >= index && (control === "commit" || control === "rollback")
  );
  return end < 0 ? statements.length : end + 1;
}
