/** A session whose backend runs in a thread of its own. */

import { DatabaseError } from "../../core/error.ts";
import { type EngineThread, QUESTION } from "../worker/engine_thread.ts";
import type { SharedDatabase } from "../runtime.ts";
import type { Answered, Outcome } from "../postgres_wire/session.ts";
import type { SentBytes } from "./engine.ts";
import type { EmbeddedSession } from "./session.ts";

/** See the module's comment. */
export class RemoteSession implements EmbeddedSession {
  readonly #thread: EngineThread;
  /** States that nobody can come back to any more are forgotten there as well. */
  readonly #forgotten: FinalizationRegistry<number>;
  #mailbox: SharedArrayBuffer | null = null;

  constructor(thread: EngineThread) {
    this.#thread = thread;
    this.#forgotten = new FinalizationRegistry((id) => thread.tell("forget", [id]));
  }

  async run(statements: readonly string[], copyData: string | null): Promise<Outcome> {
    const outcome = await this.#thread.call<Outcome>("run", [statements, copyData], statements);
    return { ...outcome, ...this.#limits() };
  }

  async ask(sql: string): Promise<Answered> {
    const bytes = await this.#thread.call<ArrayBuffer>("ask", [sql], [sql], { least: QUESTION });
    return { bytes: new Uint8Array(bytes), ...this.#limits() };
  }

  /** Which limit ended the last statement. */
  #limits(): { readonly isTimeout: boolean; readonly excess?: string } {
    const { wasCancelled, excess } = this.#thread;
    return excess === null ? { isTimeout: wasCancelled } : { isTimeout: false, excess };
  }

  exchange(message: Uint8Array): Uint8Array {
    const mailbox = this.#mailbox ??= new SharedArrayBuffer(MAILBOX);
    const [length] = [new Int32Array(mailbox, 0, 1)];
    Atomics.store(length, 0, WAITING);
    this.#thread.tell("exchange", [message.slice().buffer, mailbox]);
    Atomics.wait(length, 0, WAITING);
    const size = Atomics.load(length, 0);
    if (size < 0) throw new DatabaseError("The server gave no answer that fits");
    return new Uint8Array(mailbox, 4, size).slice();
  }

  async share(): Promise<SharedDatabase> {
    const { shareSession } = await import("../postgres_wire/share_session.ts");
    return await shareSession({
      relay: async (messages) => {
        const sent = messages.slice().buffer;
        const answer = await this.#thread.call<ArrayBuffer>("relay", [sent], [SHARED]);
        return new Uint8Array(answer);
      },
      user: "postgres",
      database: "postgres",
    });
  }

  async save(): Promise<unknown> {
    const state = { id: await this.#thread.call<number>("save", []) };
    this.#forgotten.register(state, state.id, state);
    return state;
  }

  forget(state: unknown): void {
    const known = state as { readonly id: number };
    if (this.#forgotten.unregister(known)) this.#thread.tell("forget", [known.id]);
  }

  async write(): Promise<Uint8Array<ArrayBuffer> | null> {
    const sent = await this.#thread.call<SentBytes | null>("write", []);
    return sent === null ? null : new Uint8Array(sent.buffer, sent.start, sent.length);
  }

  async read({ buffer, byteOffset: start, length }: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#thread.call("read", [{ buffer, start, length } satisfies SentBytes]);
  }

  async load(state: unknown): Promise<void> {
    await this.#thread.call("load", [(state as { readonly id: number }).id]);
  }
}

/** Bytes for an answer and its length, which stands first: one of the values below while there is none. */
const MAILBOX = 1 << 26;

/** Stands for a statement of another program, whose text is not looked at. */
const SHARED = "a statement of the program that uses the database";

/** There is no answer yet. */
const WAITING = -1;
