/** Long scripts, sent many statements at a time. */

import { DatabaseError } from "../../core/error.ts";
import { EngineEndedError } from "../../runtimes/limits.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Statement } from "../../core/statement.ts";
import { yieldToEventLoop, yieldToEventLoopNow } from "./yield_to_event_loop.ts";
import type { RunOptions } from "./run_script.ts";

/** From how many statements on it is worth sending several at once, and how many. */
const LEAST_FOR_BATCHES = 20;
const BATCH = 100;

/**
 * The same for transactions. A statement looks through all that its transaction has locked, and what a transaction changed is told
 * to a session's caches when it ends: they are emptied, plans included, when it is too much (4096 messages in Postgres).
 */
const LEAST_FOR_CHUNKS = 100;
const CHUNK = 30;

/** True for statements that leave the same in whichever transactions they stand. */
export function areBatchable(statements: readonly Statement[]): boolean {
  return statements.every(({ batchable }) => batchable !== undefined);
}

/** True for statements that take long enough for transactions of their own, where nothing can tell the difference. */
export function areChunked(statements: readonly Statement[]): boolean {
  return statements.length >= LEAST_FOR_CHUNKS && areBatchable(statements);
}

/** A statement stopped its server, so that nothing can be tried again. */
export class BatchFailure extends Error {
  /** Of the statement, among all that were to be run. */
  readonly index: number;
  readonly reason: DatabaseError;

  constructor(index: number, reason: DatabaseError) {
    super(reason.message, { cause: reason });
    this.name = "BatchFailure";
    this.index = index;
    this.reason = reason;
  }
}

/**
 * Sends a long script many statements at a time, in one transaction; a very long one in several, if nothing can tell the difference.
 * False, with nothing done, when it is short, or when something failed: one statement at a time will tell which.
 * @throws {BatchFailure} when the server does not answer any more.
 */
export async function runInBatches(
  database: ScratchDatabase,
  statements: readonly Statement[],
  options: Pick<RunOptions, "engine" | "emit" | "signal">,
): Promise<boolean> {
  const isPlain = statements.every(({ copyData, control, cutWhile }) =>
    copyData === undefined && control === undefined && cutWhile === undefined
  );
  if (!isPlain || statements.length < LEAST_FOR_BATCHES) return false;
  const isChunked = areChunked(statements);
  const isUndone = !isChunked && options.engine.transactionalDdl;
  const before = !isUndone ? await database.checkpoint() : null;
  const size = isChunked ? CHUNK : BATCH;
  const done: { readonly sql: string; readonly ms: number }[] = [];
  let at = 0;
  await database.exec("BEGIN");
  try {
    for (; at < statements.length; at += size) {
      await yieldToEventLoop(options.signal);
      if (isChunked && at > 0) await database.execAll(["COMMIT", "BEGIN"]);
      const batch = statements.slice(at, at + size);
      const start = performance.now();
      await database.execAll(batch.map(({ sql }) => sql));
      const ms = (performance.now() - start) / batch.length;
      for (const { sql } of batch) done.push({ sql, ms });
    }
    await database.exec("COMMIT");
  } catch (error) {
    if (!(error instanceof DatabaseError) || error instanceof EngineEndedError) throw error;
    await yieldToEventLoopNow(options.signal);
    await leaveTransaction(database);
    if (before !== null) {
      await database.rewind(before);
      database.forget?.(before);
    } else if (!await answers(database)) throw new BatchFailure(at + (error.statement ?? 0), error);
    return false;
  }
  if (before !== null) database.forget?.(before);
  for (const { sql, ms } of done) options.emit({ type: "statement", sql, ms });
  return true;
}

async function answers(database: ScratchDatabase): Promise<boolean> {
  try {
    await database.exec("BEGIN");
    await database.exec("ROLLBACK");
    return true;
  } catch (error) {
    if (error instanceof DatabaseError) return false;
    throw error;
  }
}

/** Leaves a transaction, if there is one still. */
export async function leaveTransaction(database: Pick<ScratchDatabase, "exec">): Promise<void> {
  try {
    await database.exec("ROLLBACK");
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
  }
}
