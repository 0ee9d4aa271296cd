/** Runs a script on a scratch database the way its runner would; history and candidate alike. */

import type { Engine } from "../../engines/engine.ts";
import { DatabaseError, UsageError } from "../../core/error.ts";
import type { Emit } from "../../core/event.ts";
import type { Script } from "../../formats/format.ts";
import { placeIn } from "../../formats/mod.ts";
import { EngineEndedError } from "../../runtimes/limits.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Place, Statement } from "../../core/statement.ts";
import { offsetOf, positionAt } from "../../sql/position.ts";
import { BatchFailure, leaveTransaction, runInBatches } from "./chunked.ts";
import { yieldToEventLoop, yieldToEventLoopNow } from "./yield_to_event_loop.ts";
import { checkCuts } from "./check_cuts.ts";
import { missingNameHint } from "./missing_name.ts";
import { psqlOnly } from "./psql_only.ts";
import { canBeSentTogether, sendTogether } from "./sent_together.ts";
import {
  beginOf,
  endsRunnersLast,
  ImplicitBlock,
  isOneMessage,
  isWrapped,
  opensTransaction,
  restartOf,
} from "./script_transaction.ts";

/** What a run is given besides the script. */
export interface RunOptions {
  readonly engine: Engine;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Put before file names in errors: the folder as the user wrote it. */
  readonly folder: string;
  /** Receives what was mended on the way, once each. */
  readonly note: (text: string) => void;
  /** What is said of a failure; what the server says when absent. */
  readonly hint?: string;
  /** How many statements the database has run already: the script's first ones, or all, and others after it; 0 when absent. */
  readonly done?: number;
  /** The only statements that are run, by their index from 0; all when absent. */
  readonly only?: ReadonlySet<number>;
  /** Called after each statement, with its index from 0; statements are then sent one at a time. */
  readonly after?: (statement: Statement, index: number) => Promise<void>;
  /** Send a short script with its transaction in one message: its statements are heard of when all have run. One by one when absent. */
  readonly together?: boolean;
  /** Looks at each statement, in its transaction: one that stands in none gets one of its own, where the server takes it there. */
  readonly measuring?: StatementWatch;
}

/** Looks at statements while they run. */
export interface StatementWatch {
  begin(statement: Statement): Promise<void>;
  end(statement: Statement, index: number): Promise<void>;
}

/** A statement of a script that the database refused. */
export class ScriptFailure extends Error {
  readonly statement: Statement;
  /** From 0. */
  readonly index: number;
  readonly place: Place;
  /** The line of the script at `place`. */
  readonly source: string;
  readonly reason: DatabaseError;
  /** What is known of the failure besides what the server says. */
  readonly hint: string | undefined;
  readonly #nameHint: string | undefined;

  constructor(
    script: Script,
    details: {
      readonly statement: Statement;
      readonly index: number;
      readonly reason: DatabaseError;
      readonly folder: string;
      readonly engine: Engine;
      readonly hint?: string;
    },
  ) {
    super(details.reason.message, { cause: details.reason });
    this.name = "ScriptFailure";
    this.statement = details.statement;
    this.index = details.index;
    this.reason = details.reason;
    this.hint = details.hint;
    const { engine, statement, reason } = details;
    const position = engine.errorPosition(reason, statement.sql);
    this.#nameHint = missingNameHint(position?.missing ?? null, script.text, engine.lexicon);
    const offset = statement.offset + (position?.offset ?? 0);
    const { file, line, column } = placeIn(script, offset);
    this.place = { file: details.folder + file, line, column };
    this.source = positionAt(script.text, offset).source;
  }

  /** The failure as an error for the user: `Cannot replay 0007_users.up.sql: column "email" already exists`. */
  toUsageError(action: string, more?: string): UsageError {
    const { message, hint, detail } = this.reason;
    return new UsageError(`Cannot ${action} ${this.place.file}: ${message}`, {
      code: "sql",
      place: this.place,
      source: this.source,
      hint: this.hint ?? hint ?? detail ?? this.#nameHint ?? more,
      cause: this.reason,
    });
  }
}

/** How often one script may be mended before its error counts. */
const MOST_REPAIRS = 50;

/**
 * Runs a script and gives the number of its statements.
 * @throws {ScriptFailure} for a statement that fails, with the database out of any transaction.
 * @throws {UsageError} for a script that cannot be cut into statements.
 */
export async function runScript(
  database: ScratchDatabase,
  script: Script,
  options: RunOptions,
): Promise<number> {
  const refused = psqlOnly(script, options.engine);
  if (refused !== null) throw new ScriptFailure(script, { ...options, ...refused, index: 0 });
  const statements = statementsOf(script, options);
  const wrapped = isWrapped(script, statements);
  const isMessage = isOneMessage(script, statements);
  const { done = 0, only } = options;
  const skipped = new Set(only === undefined ? [] : statements.filter((_, at) => !only.has(at)));
  if (script.whole === true) await checkCuts(database, script, { ...options, statements });
  if (done > 0 && done >= statements.length) return statements.length;
  const inBatches = wrapped && options.after === undefined && options.measuring === undefined &&
    only === undefined;
  try {
    if (inBatches && await runInBatches(database, statements.slice(done), options)) {
      return statements.length;
    }
  } catch (error) {
    if (error instanceof EngineEndedError) throw endedIn(script, statements, { error, options });
    const statement = error instanceof BatchFailure ? statements[done + error.index] : undefined;
    if (!(error instanceof BatchFailure) || statement === undefined) throw error;
    const { index, reason } = error;
    throw new ScriptFailure(script, { ...options, statement, index: done + index, reason });
  }
  let from = done;
  for (let repairs = 0;; repairs++) {
    const failure = await attempt(database, script, statements, {
      ...options,
      wrapped,
      isMessage,
      skipped,
      from,
    });
    if (failure === null) return statements.length;
    if (hasEnded(failure.reason)) throw failure.toUsageError("run");
    const repair = repairs < MOST_REPAIRS
      ? await options.engine.repair(failure.reason, database, failure.statement.sql)
      : null;
    if (repair === null) throw failure;
    options.note(repair.note);
    if (repair.skip === true) skipped.add(failure.statement);
    if (!options.engine.transactionalDdl) from = failure.index;
    else from = wrapped ? done : Math.max(done, restartOf(statements, failure.index, isMessage));
  }
}

/** True when nothing can be asked of the database again. */
function hasEnded(reason: DatabaseError): boolean {
  return reason instanceof EngineEndedError || reason.cause instanceof EngineEndedError;
}

/** The error for a statement that took its engine with it, among others that were sent with it. */
function endedIn(
  script: Script,
  statements: readonly Statement[],
  { error, options }: { readonly error: EngineEndedError; readonly options: RunOptions },
): UsageError {
  const found = statements.findIndex(({ sql }) => sql === error.sql);
  const index = found < 0 ? statements.length - 1 : found;
  const statement = statements[index];
  if (statement === undefined) return new UsageError(error.message, { hint: error.hint });
  const { folder, engine } = options;
  const failure = { statement, index, folder, engine, reason: error };
  return new ScriptFailure(script, failure).toUsageError("run");
}

/** Cuts the text, but for the blocks that are one statement each. */
export function statementsOf(
  script: Script,
  options: { readonly engine: Engine; readonly folder: string },
): readonly Statement[] {
  const statements: Statement[] = [];
  let at = 0;
  for (const { start, end } of script.blocks ?? []) {
    statements.push(...splitPart(script, { start: at, end: start }, options));
    const parts = splitPart(script, { start, end }, options);
    const first = parts[0];
    const last = parts.at(-1);
    if (first !== undefined && last !== undefined) {
      const cutWhile = parts.findLast((part) => part.cutWhile !== undefined)?.cutWhile;
      statements.push({
        ...first,
        sql: script.text.slice(first.offset, last.offset + last.sql.length),
        transactional: parts.every((part) => part.transactional),
        ...(cutWhile === undefined ? {} : { cutWhile }),
      });
    }
    at = end;
  }
  statements.push(...splitPart(script, { start: at, end: script.text.length }, options));
  return statements;
}

interface AttemptOptions extends RunOptions {
  readonly wrapped: boolean;
  /** The server opens a transaction before each statement that stands in none. */
  readonly isMessage: boolean;
  readonly skipped: ReadonlySet<Statement>;
  /** Index of the statement to start with. */
  readonly from: number;
}

async function attempt(
  database: ScratchDatabase,
  script: Script,
  statements: readonly Statement[],
  options: AttemptOptions,
): Promise<ScriptFailure | null> {
  const left = statements.filter((one, at) => at >= options.from && !options.skipped.has(one));
  if (options.wrapped && left.length > 0 && canBeSentTogether(left, options)) {
    await yieldToEventLoop(options.signal);
    const refused = await sendTogether(database, left, options);
    if (refused === null) return null;
    if (refused !== "unknown") {
      const { index, reason } = refused;
      const statement = left[index];
      if (statement === undefined) return refusedEnd(script, statements, reason, options);
      const at = statements.indexOf(statement);
      return new ScriptFailure(script, { ...options, statement, index: at, reason });
    }
  }
  if (options.wrapped) await database.exec("BEGIN");
  const implicit = new ImplicitBlock(database, options.isMessage && !options.wrapped);
  for (const [index, statement] of statements.entries()) {
    await yieldToEventLoop(options.signal);
    if (index < options.from || options.skipped.has(statement)) continue;
    const start = performance.now();
    const watch = statement.control === undefined ? options.measuring : undefined;
    let isAlone = false;
    try {
      await implicit.before(statement);
      if (watch !== undefined) {
        isAlone = statement.transactional && !options.wrapped && !implicit.isOpen &&
          !opensTransaction(statements, index);
        if (isAlone) await database.exec("BEGIN");
        await watch.begin(statement);
      }
      if (script.whole !== true) {
        await checkCuts(database, script, { ...options, statements: [statement] });
      }
      if (statement.copyData === undefined) await database.exec(statement.sql);
      else await copy(database, statement);
      await watch?.end(statement, index);
      if (isAlone) await database.exec("COMMIT");
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      await yieldToEventLoopNow(options.signal);
      const isOpen = implicit.isOpen || opensTransaction(statements, index);
      if (options.wrapped || isOpen || isAlone) await leaveTransaction(database);
      return new ScriptFailure(script, { ...options, statement, index, reason: error });
    }
    options.emit({ type: "statement", sql: statement.sql, ms: performance.now() - start });
    await options.after?.(statement, index);
  }
  if (!options.wrapped && !implicit.isOpen && !endsRunnersLast(script, statements)) {
    return await leftOpen(database, script, statements, options);
  }
  try {
    await database.exec("COMMIT");
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError) || statements.length === 0) throw error;
    await leaveTransaction(database);
    return refusedEnd(script, statements, error, options);
  }
}

/** The failure of a script whose transaction could not be committed: its last statement's. */
function refusedEnd(
  script: Script,
  statements: readonly Statement[],
  error: DatabaseError,
  options: RunOptions,
): ScriptFailure {
  const statement = statements.at(-1);
  if (statement === undefined) throw error;
  const reason = new DatabaseError(error.message, {
    code: error.code,
    hint: error.hint,
    cause: error,
  });
  return new ScriptFailure(script, {
    ...options,
    statement,
    index: statements.length - 1,
    reason,
  });
}

/** The failure of a script whose transaction does not end, or null; the database is out of it. */
async function leftOpen(
  database: ScratchDatabase,
  script: Script,
  statements: readonly Statement[],
  { engine, folder }: RunOptions,
): Promise<ScriptFailure | null> {
  const index = beginOf(statements, statements.length);
  const statement = statements[index];
  if (statement === undefined) return null;
  await leaveTransaction(database);
  const reason = new DatabaseError("the transaction that begins here does not end", {
    hint: "End it with COMMIT",
  });
  return new ScriptFailure(script, { statement, index, folder, engine, reason });
}

async function copy(database: ScratchDatabase, statement: Statement): Promise<void> {
  if (database.copy === undefined) {
    throw new DatabaseError("COPY is not supported by this database");
  }
  await database.copy(statement.sql, statement.copyData ?? "");
}

function splitPart(
  script: Script,
  { start, end }: { readonly start: number; readonly end: number },
  options: { readonly engine: Engine; readonly folder: string },
): readonly Statement[] {
  try {
    return options.engine.split(script.text.slice(0, end), start);
  } catch (error) {
    if (!(error instanceof UsageError) || error.place === undefined) throw error;
    const { file, line, column } = placeIn(script, offsetOf(script.text, error.place));
    const place = { file: options.folder + file, line, column };
    throw new UsageError(`Cannot read ${place.file}: ${error.message}`, {
      code: "sql",
      place,
      source: error.source,
      hint: error.hint,
      cause: error,
    });
  }
}
