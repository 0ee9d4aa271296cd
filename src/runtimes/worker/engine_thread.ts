/** The main thread's hold on the thread of a scratch engine: calls it, limits its time and memory, and can end it at any moment. */

import process from "node:process";
import { DatabaseError } from "../../core/error.ts";
import { formatDuration, formatSize } from "../../config/quantities.ts";
import { EngineEndedError, type Limits, MEMORY_HINT, TIMEOUT_HINT } from "../limits.ts";
import {
  type EngineName,
  FIELD,
  FIELDS,
  type Order,
  receiveError,
  type Report,
} from "./messages.ts";
import { OfferedFlags } from "./offered_flags.ts";
import { type EngineWorker, openWorker } from "./open_worker.ts";

/** Whose limits hold, and when to stop. */
export interface ThreadOptions {
  readonly limits: Limits;
  /** Ends the thread, and all that waits for it with its reason. */
  readonly signal: AbortSignal;
}

/** A thread that was opened before anybody knew for certain that it is needed. */
let prepared:
  | { readonly engine: EngineName; readonly options: ThreadOptions; thread: EngineThread }
  | null = null;

/** Opens the thread of an engine that will probably be wanted, and starts it as far as that goes. */
export function prepareThread(engine: EngineName, options: ThreadOptions): void {
  prepared ??= { engine, options, thread: new EngineThread(engine, options) };
}

/** The thread of an engine, the prepared one when it is of that kind. */
export function openThread(engine: EngineName, options: ThreadOptions): EngineThread {
  const found = prepared;
  prepared = null;
  if (found === null) return new EngineThread(engine, options);
  const { limits, signal } = found.options;
  const isSame = found.engine === engine && signal === options.signal &&
    limits.statementTimeout === options.limits.statementTimeout &&
    limits.memory === options.limits.memory;
  if (isSame) return found.thread;
  found.thread.stop();
  return new EngineThread(engine, options);
}

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Statements that run under the limits; absent for what aim itself does. */
  readonly statements?: readonly string[];
  /** Milliseconds that they have in any case. */
  readonly least: number;
}

/** See the module's comment. */
export class EngineThread {
  /** Resolves when the engine can be called. */
  readonly ready: Promise<void>;
  readonly #worker: EngineWorker;
  readonly #limits: Limits;
  readonly #signal: AbortSignal;
  readonly #state = new Int32Array(new SharedArrayBuffer(FIELDS * 4));
  readonly #calls = new Map<number, Call>();
  readonly #watch: Watch;
  readonly #abort = () => this.#end(this.#signal.reason);
  #last = 0;
  readonly #flags = new OfferedFlags();
  #ended: unknown = null;

  /** Opens the thread and starts the engine in it. */
  constructor(engine: EngineName, { limits, signal }: ThreadOptions) {
    this.#limits = limits;
    this.#signal = signal;
    this.#worker = openWorker(engine);
    this.#worker.onmessage = ({ data }) => this.#hear(data as Report);
    this.#worker.onerror = (event) => {
      event.preventDefault?.();
      this.#end(new Error(`The thread of ${engine} failed: ${event.message}`));
    };
    const state = this.#state.buffer as SharedArrayBuffer;
    const flags = this.#flags.port;
    this.#send({ type: "start", engine, setup: { state, memory: limits.memory, flags } }, [flags]);
    this.ready = new Promise<unknown>((resolve, reject) => {
      this.#calls.set(0, { resolve, reject, least: 0 });
    }).then(() => {});
    // Whoever waits for it hears of a failure.
    this.ready.catch(() => {});
    this.#watch = new Watch(limits, this.#state, {
      running: () => this.#running(),
      cancel: () => this.#cancel(),
      end: (reason) => this.#endStatement(reason),
    });
    signal.addEventListener("abort", this.#abort, { once: true });
    if (signal.aborted) this.#abort();
  }

  /** Hands something to the engine that it waits for at its start; the buffers move there. */
  give(name: string, value: unknown, buffers: readonly ArrayBuffer[] = []): void {
    if (this.#ended === null) this.#send({ type: "part", name, value }, buffers);
  }

  /**
   * Calls an operation of the engine. With `statements`, these run under the limits of time and memory.
   * @throws {EngineEndedError} when the engine had to be ended, for this call and all later ones.
   */
  call<Result>(
    operation: string,
    values: readonly unknown[],
    statements?: readonly string[],
    { least = 0 }: { readonly least?: number } = {},
  ): Promise<Result> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = ++this.#last;
    if (this.#running() === null && Atomics.exchange(this.#state, FIELD.cancelled, 0) !== 0) {
      this.#withdraw();
    }
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#calls.set(id, { resolve, reject, statements, least });
    });
    this.#send({ type: "call", id, operation, values });
    return answer as Promise<Result>;
  }

  /** Calls without waiting, where the answer is of no use. */
  tell(operation: string, values: readonly unknown[]): void {
    this.call(operation, values).catch(() => {});
  }

  /** True when the last statement was told to end. */
  get wasCancelled(): boolean {
    return Atomics.load(this.#state, FIELD.cancelled) !== 0;
  }

  /** What the last statement was told to end for where that was its memory; else null. */
  get excess(): string | null {
    return this.wasCancelled && this.#watch.isOverMemory ? this.#tooMuch() : null;
  }

  /** Ends the thread, whatever it does. */
  stop(): void {
    this.#end(new DatabaseError("The scratch database is closed", { code: "08003" }));
  }

  #send(order: Order, buffers: readonly Transferable[] = []): void {
    this.#worker.postMessage(order, buffers);
  }

  #hear(report: Report): void {
    if (report.type === "flags") return this.#flags.arrived();
    const call = this.#calls.get(report.id);
    this.#calls.delete(report.id);
    if (report.type === "answer") call?.resolve(report.value);
    else call?.reject(receiveError(report.error));
  }

  /** The first call that runs statements: what comes after it waits in the other thread. */
  #running(): { readonly id: number; readonly call: Call } | null {
    for (const [id, call] of this.#calls) {
      if (call.statements !== undefined) return { id, call };
    }
    return null;
  }

  /** Asks the engine itself to end the statement, as a client of a real server does; false where there is no such thing. */
  #cancel(): boolean {
    const flags = this.#flags.latest();
    if (flags === null) return false;
    const { memory, interrupt, cancel } = flags;
    const words = new Int32Array(memory);
    Atomics.store(this.#state, FIELD.cancelled, 1);
    Atomics.store(words, cancel >> 2, 1);
    Atomics.store(words, interrupt >> 2, 1);
    return true;
  }

  /** Takes back a request to cancel that came when the statement had just ended. */
  #withdraw(): void {
    const flags = this.#flags.received;
    if (flags !== null) Atomics.store(new Int32Array(flags.memory), flags.cancel >> 2, 0);
  }

  #endStatement(reason: "time" | "memory"): void {
    const { statements = [] } = this.#running()?.call ?? {};
    const index = Math.min(Atomics.load(this.#state, FIELD.statement), statements.length - 1);
    const place = { index, sql: statements[index] ?? "" };
    const { statementTimeout } = this.#limits;
    this.#end(
      reason === "time"
        ? new EngineEndedError(
          `the statement did not end within statement_timeout (${
            formatDuration(statementTimeout)
          })`,
          { code: "57014", hint: TIMEOUT_HINT, ...place },
        )
        : new EngineEndedError(this.#tooMuch(), { code: "53200", hint: MEMORY_HINT, ...place }),
    );
  }

  #tooMuch(): string {
    return `the statement takes more memory than memory_limit (${formatSize(this.#limits.memory)})`;
  }

  #end(reason: unknown): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#watch.stop();
    this.#signal.removeEventListener("abort", this.#abort);
    this.#worker.terminate();
    this.#flags.close();
    for (const call of this.#calls.values()) call.reject(reason);
    this.#calls.clear();
  }
}

interface Watched {
  running(): { readonly id: number; readonly call: Call } | null;
  cancel(): boolean;
  end(reason: "time" | "memory"): void;
}

/** Looks at the running statement several times a second. */
class Watch {
  readonly #limits: Limits;
  readonly #state: Int32Array;
  readonly #watched: Watched;
  readonly #timer: ReturnType<typeof setInterval>;
  /** What the process took when the statement began. */
  #before = 0;
  #call = 0;
  #statement = 0;
  #since = 0;
  #cancelledAt: number | null = null;
  /** The statement was told to end for its memory. */
  isOverMemory = false;

  constructor(limits: Limits, state: Int32Array, watched: Watched) {
    this.#limits = limits;
    this.#state = state;
    this.#watched = watched;
    this.#timer = setInterval(() => this.#look(), PERIOD);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const running = this.#watched.running();
    if (running === null) return;
    const now = performance.now();
    const statement = Atomics.load(this.#state, FIELD.statement);
    if (running.id !== this.#call || statement !== this.#statement) {
      [this.#call, this.#statement, this.#since] = [running.id, statement, now];
      this.#cancelledAt = null;
      this.isOverMemory = false;
      this.#before = process.memoryUsage().rss;
      return;
    }
    const excess = (process.memoryUsage().rss - this.#before) / this.#limits.memory;
    if (this.#cancelledAt !== null) {
      if (excess > MOST_EXCESS) this.#watched.end("memory");
      else if (now - this.#cancelledAt > (this.isOverMemory ? MEMORY_GRACE : GRACE)) {
        this.#watched.end(this.isOverMemory ? "memory" : "time");
      }
      return;
    }
    if (excess > 1) {
      this.isOverMemory = true;
      if (this.#watched.cancel()) this.#cancelledAt = now;
      else this.#watched.end("memory");
      return;
    }
    const { statementTimeout } = this.#limits;
    const allowed = Math.max(statementTimeout, running.call.least);
    if (statementTimeout === 0 || now - this.#since < allowed) return;
    if (this.#watched.cancel()) this.#cancelledAt = now;
    else this.#watched.end("time");
  }
}

/** Milliseconds that a question of aim's own has at least: a short limit is meant for the statements of scripts. */
export const QUESTION = 10_000;

/** Milliseconds between two looks. */
const PERIOD = 50;

/** Milliseconds that a statement has to end after it was asked to. */
const GRACE = 2000;

/** The same for one that takes too much memory, which is bounded besides. */
const MEMORY_GRACE = 10_000;

/** How many times its memory it may take meanwhile. */
const MOST_EXCESS = 1.5;
