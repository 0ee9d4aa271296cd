/** What the main thread and the thread of a scratch engine say to each other. */

import { DatabaseError, SetupError } from "../../core/error.ts";

/** The engines that run in a thread of their own. */
export type EngineName = "pglite" | "sql.js" | "node:sqlite";

/** From the main thread. */
export type Order =
  /** The first one: which engine, and its bounds. */
  | { readonly type: "start"; readonly engine: EngineName; readonly setup: EngineSetup }
  /** Something that the engine is made from, as soon as it is there. */
  | { readonly type: "part"; readonly name: string; readonly value: unknown }
  | {
    readonly type: "call";
    readonly id: number;
    readonly operation: string;
    readonly values: readonly unknown[];
  };

/** What every engine is given at its start. */
export interface EngineSetup {
  /** Both threads see it; see `FIELD`. */
  readonly state: SharedArrayBuffer;
  /** Bytes that the engine may use. */
  readonly memory: number;
  /** Takes the `CancelFlags`. */
  readonly flags: MessagePort;
}

/** Fields of the shared state, each a 32-bit number. */
export const FIELD = {
  /** 1 from the moment that the running statement is to end. */
  cancelled: 0,
  /** Index of the running statement among those of the call. */
  statement: 1,
} as const;

/** How many fields the state has. */
export const FIELDS = 2;

/** Where a cancellation is asked for: flags in memory that the engine reads while it works. Offsets in bytes. */
export interface CancelFlags {
  readonly memory: SharedArrayBuffer;
  readonly interrupt: number;
  readonly cancel: number;
}

/** To the main thread. The answer with id 0 says that the engine is ready, or why not. */
export type Report =
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "failure"; readonly id: number; readonly error: SentError }
  /** `CancelFlags` were put into the port for them. */
  | { readonly type: "flags" };

/** An error as plain data. */
export interface SentError {
  readonly kind: "database" | "setup" | "bug";
  readonly message: string;
  readonly code?: string;
  readonly offset?: number;
  readonly hint?: string;
  readonly detail?: string;
  readonly stack?: string;
}

/** Makes an error ready to be sent; its cause stays behind. */
export function sendError(error: unknown): SentError {
  if (error instanceof DatabaseError) {
    const { message, code, offset, hint, detail } = error;
    return { kind: "database", message, code, offset, hint, detail };
  }
  if (error instanceof SetupError) {
    return { kind: "setup", message: error.message, code: error.code, hint: error.hint };
  }
  if (error instanceof Error) return { kind: "bug", message: error.message, stack: error.stack };
  return { kind: "bug", message: String(error) };
}

/** The error that was sent. */
export function receiveError(sent: SentError): Error {
  const { kind, message, ...details } = sent;
  if (kind === "database") return new DatabaseError(message, details);
  if (kind === "setup") return new SetupError(message, details);
  const error = new Error(message);
  if (sent.stack !== undefined) error.stack = sent.stack;
  return error;
}
