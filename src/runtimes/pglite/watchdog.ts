/** Ends statements that run too long. The thread that runs one can do nothing else meanwhile, so another thread watches. */

import process from "node:process";
import { Worker } from "node:worker_threads";
import { zstdDecompressSync } from "node:zlib";
import type { WasmExports } from "./emscripten.ts";

/** Why a statement was ended, or null when it was not. */
export type Cancelled = "limit" | "signal" | null;

/** See the module's comment. It asks Postgres to cancel, as a real client does, so the session lives on. */
export class Watchdog {
  readonly #state: Int32Array;
  #worker: Worker | null = null;
  /** Takes back a request to cancel that came when the statement had just ended. */
  #withdraw: () => void = () => {};

  /** Starts the other thread. `limit` in milliseconds for one statement or script; 0 for none. Without threads there is none. */
  constructor(limit: number) {
    this.#state = new Int32Array(new SharedArrayBuffer(FIELDS * 4));
    const signals = LISTENS_IN_WORKERS && process.listenerCount("SIGINT") > 0;
    // Buffers, not views on them: Deno copies what a view shows.
    const workerData = { state: this.#state.buffer, limit, signals };
    try {
      this.#worker = new Worker(OTHER_THREAD, { eval: true, workerData });
      this.#worker.on("error", () => this.stop());
      this.#worker.unref();
    } catch {
      this.#worker = null;
    }
  }

  /** Begins to watch over a backend's memory. */
  watch(memory: SharedArrayBuffer, exports: WasmExports): void {
    const cancel = exports.QueryCancelPending.value >> 2;
    const heap = new Int32Array(memory);
    this.#withdraw = () => Atomics.store(heap, cancel, 0);
    const interrupt = exports.InterruptPending.value >> 2;
    this.#worker?.postMessage({ watch: { heap: memory, interrupt, cancel } });
  }

  /** Unpacks what zstd packed, on the other thread while it has nothing to watch yet; `packed` is gone afterwards. */
  unpack(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    const worker = this.#worker;
    if (worker === null) return Promise.resolve(zstdDecompressSync(packed, { chunkSize: CHUNK }));
    return new Promise((resolve, reject) => {
      worker.ref();
      worker.once("error", reject);
      worker.once("message", (unpacked: Unpacked) => {
        worker.unref();
        worker.off("error", reject);
        if (typeof unpacked === "string") reject(new Error(unpacked));
        else resolve(new Uint8Array(unpacked.buffer, unpacked.start, unpacked.length));
      });
      const { buffer, byteOffset: start, length } = packed;
      worker.postMessage({ unpack: { buffer, start, length } }, [buffer]);
    });
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

/** What the other thread unpacked, or why it could not. Views on buffers would be sent much later than the buffers. */
type Unpacked = string | {
  readonly buffer: ArrayBuffer;
  readonly start: number;
  readonly length: number;
};

/** More than an image has, 40 MB: all of it comes at once and is not copied together. */
const CHUNK = 1 << 26;

/** The other thread. Once it watches, it only reads and sets flags in shared memory, a few times a second. */
const OTHER_THREAD = `
const { parentPort, workerData } = require("node:worker_threads");
const { zstdDecompressSync } = require("node:zlib");
const { limit, signals } = workerData;
const state = new Int32Array(workerData.state);
const isRunning = () => Atomics.load(state, ${RUN}) % 2 === 1;

function watch(memory, interrupt, cancel) {
  const heap = new Int32Array(memory);
  let run = 0;
  let since = 0;
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
}

function unpack({ buffer: packed, start, length }) {
  try {
    const bytes = zstdDecompressSync(new Uint8Array(packed, start, length), { chunkSize: ${CHUNK} });
    const { buffer } = bytes;
    parentPort.postMessage({ buffer, start: bytes.byteOffset, length: bytes.length }, [buffer]);
  } catch (error) {
    parentPort.postMessage(String(error));
  }
}

parentPort.on("message", (message) => {
  if (message.watch !== undefined) {
    const { heap, interrupt, cancel } = message.watch;
    watch(heap, interrupt, cancel);
  } else {
    unpack(message.unpack);
  }
});
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
