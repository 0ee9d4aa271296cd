/** How much time and memory a scratch engine may take, and the error for one that wants more. */

import { DatabaseError } from "../core/error.ts";

/** Bounds of a scratch engine. */
export interface Limits {
  /** Milliseconds that one statement may take; 0 for no limit. */
  readonly statementTimeout: number;
  /** Bytes that the engine may use. */
  readonly memory: number;
}

/** What holds when nothing else is said. */
export const DEFAULT_LIMITS: Limits = { statementTimeout: 60_000, memory: 2 * 1024 ** 3 };

/**
 * A statement did not end, or took too much memory, and the engine was ended with it: nothing can be asked of that database again.
 */
export class EngineEndedError extends DatabaseError {
  /** Index of the statement among those that were sent together. */
  readonly index: number;
  /** The text that was sent. */
  readonly sql: string;

  constructor(
    message: string,
    details: { code: string; hint: string; index: number; sql: string },
  ) {
    super(message, details);
    this.name = "EngineEndedError";
    this.index = details.index;
    this.sql = details.sql;
  }
}

/** What to do about a limit of time. */
export const TIMEOUT_HINT = "statement_timeout sets the limit, 0 for none";

/** What to do about a limit of memory. */
export const MEMORY_HINT = "memory_limit sets what the scratch database may use";

/** True for the error of a statement that took more time or memory than it may. */
export function isLimit({ hint }: DatabaseError): boolean {
  return hint === TIMEOUT_HINT || hint === MEMORY_HINT;
}
