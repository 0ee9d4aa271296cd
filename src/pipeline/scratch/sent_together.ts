/** Short scripts, sent with their transaction in one message: each way to the engine and back takes as long as a small statement. */

import { DatabaseError } from "../../core/error.ts";
import { EngineEndedError } from "../../runtimes/limits.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Statement } from "../../core/statement.ts";
import { leaveTransaction } from "./chunked.ts";
import { yieldToEventLoopNow } from "./yield_to_event_loop.ts";
import type { RunOptions } from "./run_script.ts";

/** So many are sent at once. */
const MOST = 100;

/** True for statements that nothing is asked between, where it was asked for. */
export function canBeSentTogether(
  statements: readonly Statement[],
  { engine, together, after, measuring }: Pick<
    RunOptions,
    "engine" | "together" | "after" | "measuring"
  >,
): boolean {
  return together === true && engine.transactionalDdl && statements.length <= MOST &&
    after === undefined &&
    measuring === undefined &&
    statements.every(({ copyData, control, cutWhile }) =>
      copyData === undefined && control === undefined && cutWhile === undefined
    );
}

/** The statement that was refused, by its index; the number of statements for the end of their transaction. */
export interface Refused {
  readonly index: number;
  readonly reason: DatabaseError;
}

/**
 * Runs statements in one transaction. Null when all is done, else what was refused, with nothing done and the database out of the
 * transaction; "unknown" where the engine does not say which.
 */
export async function sendTogether(
  database: ScratchDatabase,
  statements: readonly Statement[],
  { emit, signal }: Pick<RunOptions, "emit" | "signal">,
): Promise<Refused | "unknown" | null> {
  const start = performance.now();
  try {
    await database.execAll(["BEGIN", ...statements.map(({ sql }) => sql), "COMMIT"]);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await yieldToEventLoopNow(signal);
    if (error instanceof EngineEndedError) {
      return { index: Math.max(error.index - 1, 0), reason: error };
    }
    await leaveTransaction(database);
    if (error.statement === undefined || error.statement < 1) return "unknown";
    return { index: error.statement - 1, reason: error };
  }
  const ms = (performance.now() - start) / statements.length;
  for (const { sql } of statements) emit({ type: "statement", sql, ms });
  return null;
}
