/** Ends statements that run too long. The thread that runs one can do nothing else meanwhile, so another thread watches. */

import process from "node:process";
import { Worker } from "node:worker_threads";
import type { WasmExports } from "./emscripten.ts";

/** Why a statement was ended, or null when it was not. */
export type Cancelled = "limit" | "signal" | null;

/** See the module's comment. It asks Postgres to cancel, as a real client does, so the session lives on. */
export class Watchdog {
  readonly limit: number;
  readonly #state: Int32Array;
  #worker: Worker | null = null;
  /** Takes back a request to cancel that came when the statement had just ended. */
  #withdraw: () => void = () => {};

  /** `limit` in milliseconds for one statement or script; 0 for none. */
  constructor(limit: number) {
    this.limit = limit;
    this.#state = new Int32Array(new SharedArrayBuffer(FIELDS * 4));
  }

  /** Begins to watch over a backend's memory. Without threads there is no limit. */
  watch(memory: SharedArrayBuffer, exports: WasmExports): void {
    const cancel = exports.QueryCancelPending.value >> 2;
    const heap = new Int32Array(memory);
    this.#withdraw = () => Atomics.store(heap, cancel, 0);
    const workerData = {
      // Buffers, not views on them: Deno copies what a view shows.
      state: this.#state.buffer,
      heap: memory,
      interrupt: exports.InterruptPending.value >> 2,
      cancel,
      limit: this.limit,
      signals: LISTENS_IN_WORKERS && process.listenerCount("SIGINT") > 0,
    };
    try {
      this.#worker = new Worker(WATCH, { eval: true, workerData });
      this.#worker.on("error", () => this.stop());
      this.#worker.unref();
    } catch {
      this.#worker = null;
    }
  }

  /** Runs one statement under watch and says whether it was cancelled. */
  guard<Result>(action: () => Result): { result: Result; cancelled: Cancelled } {
    const state = this.#state;
    if (Atomics.exchange(state, REASON, 0) !== 0) this.#withdraw();
    Atomics.add(state, RUN, 1);
    const resume = LISTENS_IN_WORKERS ? null : letSignalsThrough();
    try {
      const result = action();
      return { result, cancelled: REASONS[Atomics.load(state, REASON)] ?? null };
    } finally {
      resume?.();
      Atomics.add(state, RUN, 1);
    }
  }

  /** True from the moment that the running statement is to end. */
  isCancelled(): boolean {
    return Atomics.load(this.#state, REASON) !== 0;
  }

  stop(): void {
    void this.#worker?.terminate();
    this.#worker = null;
  }
}

/** Fields of the state: a count that is odd while a statement runs, and why it was cancelled. */
const RUN = 0;
const REASON = 1;
const FIELDS = 2;
const REASONS: readonly Cancelled[] = [null, "limit", "signal"];

/** Deno tells its workers of signals; elsewhere only the main thread hears of them, when the statement has ended. */
const LISTENS_IN_WORKERS = "deno" in process.versions;

/** The other thread. It only reads and sets flags in shared memory, a few times a second. */
const WATCH = `
const { workerData } = require("node:worker_threads");
const { interrupt, cancel, limit, signals } = workerData;
const state = new Int32Array(workerData.state);
const heap = new Int32Array(workerData.heap);
let run = 0;
let since = 0;
const isRunning = () => Atomics.load(state, ${RUN}) % 2 === 1;
const stop = (reason) => {
  Atomics.store(state, ${REASON}, reason);
  Atomics.store(heap, cancel, 1);
  Atomics.store(heap, interrupt, 1);
};
setInterval(() => {
  if (!isRunning()) return;
  const current = Atomics.load(state, ${RUN});
  if (current !== run) {
    run = current;
    since = performance.now();
  }
  if (limit > 0 && performance.now() - since >= limit) stop(${REASONS.indexOf("limit")});
}, 50);
if (signals) {
  require("node:process").on("SIGINT", () => {
    if (isRunning()) stop(${REASONS.indexOf("signal")});
  });
}
`;

/** Takes the listeners for Ctrl-C away, so that it ends the process at once; the result brings them back. */
function letSignalsThrough(): (() => void) | null {
  const listeners = process.rawListeners("SIGINT") as (() => void)[];
  if (listeners.length === 0) return null;
  for (const listener of listeners) process.off("SIGINT", listener);
  return () => {
    for (const listener of listeners) process.on("SIGINT", listener);
  };
}
