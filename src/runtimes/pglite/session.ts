/** A session of an embedded backend, on this thread or on another. */

import { DatabaseError } from "../../core/error.ts";
import { BackendCrash, type SendOptions } from "./backend.ts";
import type { States } from "./states.ts";
import {
  type Answer,
  copyMessages,
  type ErrorFields,
  queryMessage,
} from "../postgres_wire/messages.ts";
import type { Answered, Outcome, Session } from "../postgres_wire/session.ts";

/** A session that can be spoken to in the wire protocol without a turn of the event loop: what pg_dump in WebAssembly needs. */
export interface EmbeddedSession extends Session {
  /** Sends one message of the wire protocol and waits for the answer. */
  exchange(message: Uint8Array): Uint8Array;
  /** See `ScratchDatabase.writeState`. */
  write(): Uint8Array<ArrayBuffer> | null | Promise<Uint8Array<ArrayBuffer> | null>;
  /** See `ScratchDatabase.readState`. */
  read(bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
}

/** A session on this thread. */
export class LocalSession implements EmbeddedSession {
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
      const error = this.#refusal(sql, rows);
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
    this.#refuseTransaction();
    return this.#states.save();
  }

  write(): Uint8Array<ArrayBuffer> | null {
    this.#refuseTransaction();
    return this.#states.write?.() ?? null;
  }

  read(bytes: Uint8Array): void {
    this.#states.read?.(bytes);
  }

  #refuseTransaction(): void {
    if (this.#send("", {}).inTransaction) {
      throw new DatabaseError("Cannot make a checkpoint inside a transaction", { code: "25001" });
    }
  }

  load(state: unknown): Promise<void> {
    return this.#states.load(state);
  }

  /** Why a statement is refused; a crash, too, is the statement's. */
  #refusal(sql: string, copyData: Uint8Array | null): ErrorFields | null {
    try {
      return this.#states.backend.send(queryMessage(sql), { copyData, rows: false }).error;
    } catch (error) {
      if (error instanceof BackendCrash) return crashFields(error);
      throw error;
    }
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
  const { M, C, H } = crashFields(crash);
  return new DatabaseError(M ?? "", { code: C, hint: H, cause: crash });
}

/** What the server would have answered. */
function crashFields(crash: BackendCrash): ErrorFields {
  if (crash.tooDeep) {
    return {
      M: "stack depth limit exceeded",
      C: TOO_COMPLEX,
      H: "The embedded Postgres has a smaller stack than a real server",
    };
  }
  if (crash.isMissing) {
    return {
      M: "the embedded Postgres lacks a function that this statement calls",
      C: NOT_SUPPORTED,
      H: "It converts between UTF8, LATIN1 and SQL_ASCII only, and has no walreceiver",
    };
  }
  return { M: `The embedded Postgres stopped: ${crash.message}`, C: CRASH_SHUTDOWN };
}

const TOO_COMPLEX = "54001";
const NOT_SUPPORTED = "0A000";
const CRASH_SHUTDOWN = "57P02";
