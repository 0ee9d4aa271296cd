/** A session of an embedded backend, on this thread or on another: what `PgliteDatabase` stands on. */

import { DatabaseError } from "../../core/error.ts";
import { BackendCrash, type SendOptions } from "./backend.ts";
import type { States } from "./states.ts";
import { type Answer, copyMessages, type ErrorFields, queryMessage } from "./wire.ts";

/** How the last of several statements came out. */
export interface Outcome {
  readonly error: ErrorFields | null;
  /** Index of the statement that failed, or of the last one. */
  readonly index: number;
  /** True when it was told to end because it took too long. */
  readonly isTimeout: boolean;
}

/** The bytes of an answer. */
export interface Answered {
  readonly bytes: Uint8Array;
  readonly isTimeout: boolean;
}

/** See the module's comment. All its errors are `DatabaseError`. */
export interface Session {
  /** Runs statements one after the other until one fails; what they give is passed over. `copyData` are the rows of a COPY. */
  run(statements: readonly string[], copyData: string | null): Promise<Outcome>;
  /** Runs one statement and gives the server's whole answer. */
  ask(sql: string): Promise<Answered>;
  /** Sends one message of the wire protocol and waits for the answer, without a turn of the event loop. */
  exchange(message: Uint8Array): Uint8Array;
  /** The state to come back to. Not inside a transaction. */
  save(): Promise<unknown>;
  load(state: unknown): Promise<void>;
}

/** A session on this thread. */
export class LocalSession implements Session {
  readonly #states: States;
  readonly #enter: (statement: number) => void;

  /** `enter` is told which statement begins. */
  constructor(states: States, enter: (statement: number) => void = () => {}) {
    this.#states = states;
    this.#enter = enter;
  }

  run(statements: readonly string[], copyData: string | null): Promise<Outcome> {
    const rows = copyData === null ? null : copyMessages(copyData);
    let outcome: Outcome = { error: null, index: 0, isTimeout: false };
    for (const [index, sql] of statements.entries()) {
      this.#enter(index);
      const { error } = this.#send(sql, { copyData: rows, rows: false });
      outcome = { error, index, isTimeout: false };
      if (error !== null) break;
    }
    return Promise.resolve(outcome);
  }

  ask(sql: string): Promise<Answered & { readonly bytes: Uint8Array<ArrayBuffer> }> {
    this.#enter(0);
    return Promise.resolve({ bytes: this.#exchange(queryMessage(sql)), isTimeout: false });
  }

  exchange(message: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.#exchange(message);
  }

  save(): Promise<unknown> {
    if (this.#send("", {}).inTransaction) {
      throw new DatabaseError("Cannot make a checkpoint inside a transaction", { code: "25001" });
    }
    return this.#states.save();
  }

  load(state: unknown): Promise<void> {
    return this.#states.load(state);
  }

  #send(sql: string, options: SendOptions): Answer {
    return known(() => this.#states.backend.send(queryMessage(sql), options));
  }

  #exchange(message: Uint8Array): Uint8Array<ArrayBuffer> {
    return known(() => this.#states.backend.exchange(message));
  }
}

/** Runs something on a backend; a crash is an error of the database. */
function known<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof BackendCrash ? crashError(error) : error;
  }
}

function crashError(crash: BackendCrash): DatabaseError {
  if (crash.tooDeep) {
    return new DatabaseError("stack depth limit exceeded", {
      code: TOO_COMPLEX,
      hint: "The embedded Postgres has a smaller stack than a real server",
      cause: crash,
    });
  }
  return new DatabaseError(`The embedded Postgres stopped: ${crash.message}`, {
    code: CRASH_SHUTDOWN,
    cause: crash,
  });
}

const TOO_COMPLEX = "54001";
const CRASH_SHUTDOWN = "57P02";
