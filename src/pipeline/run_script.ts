/** Runs a script on a scratch database the way its runner would; history and candidate alike. */

import type { Engine } from "../engines/engine.ts";
import { DatabaseError, UsageError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Script } from "../formats/format.ts";
import { placeIn } from "../formats/mod.ts";
import { EngineEndedError } from "../runtimes/limits.ts";
import type { Database } from "../runtimes/runtime.ts";
import type { Place, Statement } from "../schema.ts";
import { leaveTransaction, runInBatches } from "./batches.ts";
import { suspectHint, suspectOffset } from "./suspect.ts";
import { breathe, breatheNow } from "./breathe.ts";

/** What a run is given besides the script. */
export interface RunOptions {
  readonly engine: Engine;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Put before file names in errors: the folder as the person wrote it. */
  readonly folder: string;
  /** Receives what was mended on the way, once each. */
  readonly note: (text: string) => void;
  /** How many statements the database has run already: the script's first ones, or all, and others after it; 0 when absent. */
  readonly done?: number;
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
  readonly #script: string;

  constructor(
    script: Script,
    details: { statement: Statement; index: number; folder: string; reason: DatabaseError },
  ) {
    super(details.reason.message, { cause: details.reason });
    this.name = "ScriptFailure";
    this.statement = details.statement;
    this.index = details.index;
    this.reason = details.reason;
    this.#script = script.text;
    const { sql, offset: start } = details.statement;
    const offset = start + (details.reason.offset ?? suspectOffset(details.reason.message, sql));
    const { line, column } = placeIn(script, offset);
    this.place = { file: details.folder + script.file, line, column };
    this.source = locate(script.text, offset).source;
  }

  /** The failure as an error for the person: `Cannot replay 0007_users.up.sql: column "email" already exists`. */
  toUsageError(action: string): UsageError {
    const { message, hint, detail } = this.reason;
    return new UsageError(`Cannot ${action} ${this.place.file}: ${message}`, {
      code: "sql",
      place: this.place,
      source: this.source,
      hint: hint ?? detail ?? suspectHint(message, this.statement.sql, this.#script),
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
  database: Database,
  script: Script,
  options: RunOptions,
): Promise<number> {
  const statements = statementsOf(script, options);
  const wrapped = isWrapped(script, statements);
  const skipped = new Set<Statement>();
  const { done = 0 } = options;
  if (done > 0 && done >= statements.length) return statements.length;
  try {
    if (wrapped && await runInBatches(database, statements.slice(done), options)) {
      return statements.length;
    }
  } catch (error) {
    throw error instanceof EngineEndedError
      ? endedIn(script, statements, { error, options })
      : error;
  }
  let from = done;
  for (let repairs = 0;; repairs++) {
    const failure = await attempt(database, script, statements, {
      ...options,
      wrapped,
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
    from = wrapped ? done : restartOf(statements, failure.index);
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
  const { folder } = options;
  return new ScriptFailure(script, { statement, index, folder, reason: error }).toUsageError("run");
}

/** Cuts the text, but for the blocks that are one statement each. */
export function statementsOf(
  script: Script,
  options: { readonly engine: Engine; readonly folder: string },
): readonly Statement[] {
  const statements: Statement[] = [];
  let at = 0;
  const cut = (start: number, end: number) => {
    const text = script.text.slice(start, end);
    for (const statement of splitAt(text, script, start, options)) {
      statements.push({ ...statement, offset: statement.offset + start });
    }
  };
  for (const block of script.blocks ?? []) {
    cut(at, block.start);
    const parts = splitAt(script.text.slice(block.start, block.end), script, block.start, options);
    const first = parts[0];
    const last = parts.at(-1);
    if (first !== undefined && last !== undefined) {
      statements.push({
        ...first,
        sql: script.text.slice(
          block.start + first.offset,
          block.start + last.offset + last.sql.length,
        ),
        offset: block.start + first.offset,
        transactional: parts.every((part) => part.transactional),
      });
    }
    at = block.end;
  }
  cut(at, script.text.length);
  return statements;
}

/** The line and column, from 1, of an offset, and the text of that line. */
export function locate(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number; readonly source: string } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  const end = text.indexOf("\n", start);
  const source = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
  return { line: before.split("\n").length, column: offset - start + 1, source };
}

/** True for a script that is one transaction. */
export function isWrapped(script: Script, statements: readonly Statement[]): boolean {
  if (script.transaction === "none") return false;
  if (statements.some((s) => s.control !== undefined && s.control !== "savepoint")) return false;
  return script.transaction === "one" || statements.every((s) => s.transactional);
}

interface AttemptOptions extends RunOptions {
  readonly wrapped: boolean;
  readonly skipped: ReadonlySet<Statement>;
  /** Index of the statement to start with. */
  readonly from: number;
}

async function attempt(
  database: Database,
  script: Script,
  statements: readonly Statement[],
  options: AttemptOptions,
): Promise<ScriptFailure | null> {
  if (options.wrapped) await database.exec("BEGIN");
  for (const [index, statement] of statements.entries()) {
    await breathe(options.signal);
    if (index < options.from || options.skipped.has(statement)) continue;
    const start = performance.now();
    try {
      if (statement.copyData === undefined) await database.exec(statement.sql);
      else await copy(database, statement);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      await breatheNow(options.signal);
      if (options.wrapped || opensTransaction(statements, index)) await leaveTransaction(database);
      return new ScriptFailure(script, { statement, index, folder: options.folder, reason: error });
    }
    options.emit({ type: "statement", sql: statement.sql, ms: performance.now() - start });
  }
  if (!options.wrapped) return null;
  try {
    await database.exec("COMMIT");
    return null;
  } catch (error) {
    const statement = statements.at(-1);
    if (!(error instanceof DatabaseError) || statement === undefined) throw error;
    await leaveTransaction(database);
    return new ScriptFailure(script, {
      statement,
      index: statements.length - 1,
      folder: options.folder,
      reason: new DatabaseError(error.message, {
        code: error.code,
        hint: error.hint,
        cause: error,
      }),
    });
  }
}

/** Where to start again after a failure: the script's own BEGIN, if the failure undid it, else the statement itself. */
function restartOf(statements: readonly Statement[], failed: number): number {
  for (let at = failed - 1; at >= 0; at--) {
    const control = statements[at]?.control;
    if (control === "begin") return at;
    if (control === "commit" || control === "rollback") break;
  }
  return failed;
}

function opensTransaction(statements: readonly Statement[], failed: number): boolean {
  return restartOf(statements, failed) !== failed;
}

async function copy(database: Database, statement: Statement): Promise<void> {
  if (database.copy === undefined) {
    throw new DatabaseError("COPY is not supported by this database");
  }
  await database.copy(statement.sql, statement.copyData ?? "");
}

function splitAt(
  text: string,
  script: Script,
  start: number,
  options: { readonly engine: Engine; readonly folder: string },
): readonly Statement[] {
  try {
    return options.engine.split(text);
  } catch (error) {
    if (!(error instanceof UsageError) || error.place === undefined) throw error;
    const lines = script.text.slice(0, start).split("\n");
    const line = lines.length + error.place.line - 1;
    const column = error.place.line === 1
      ? (lines.at(-1)?.length ?? 0) + error.place.column
      : error.place.column;
    const place = { file: options.folder + script.file, line, column };
    throw new UsageError(`Cannot read ${place.file}: ${error.message}`, {
      code: "sql",
      place,
      source: script.text.split("\n")[line - 1],
      hint: error.hint,
      cause: error,
    });
  }
}
