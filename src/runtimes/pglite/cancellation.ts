/** Ends a running statement as a client of a real server does: by flags in Postgres' memory, which it looks at while it works. */

import type { CancelFlags } from "../worker/messages.ts";
import type { WasmExports } from "./emscripten.ts";

/** What another thread has to do with it. */
export interface CancellationSource {
  /** Where that thread can set the flags. */
  offerFlags(flags: CancelFlags): void;
  /** True from the moment that it did so for the running statement. */
  isCancelled(): boolean;
}

/** See the module's comment. */
export class Cancellation {
  readonly #source: CancellationSource | null;
  #words: Int32Array = new Int32Array(0);
  #flags = { interrupt: 0, cancel: 0 };
  #asked = false;

  /** Without a source nobody else cancels. */
  constructor(source: CancellationSource | null = null) {
    this.#source = source;
  }

  /** Begins with the memory of a backend; the one before is of no interest any more. */
  watch(memory: SharedArrayBuffer, exports: WasmExports): void {
    const interrupt = exports.InterruptPending.value;
    const cancel = exports.QueryCancelPending.value;
    this.#words = new Int32Array(memory);
    this.#flags = { interrupt: interrupt >> 2, cancel: cancel >> 2 };
    this.#source?.offerFlags({ memory, interrupt, cancel });
  }

  /** True from the moment that the running statement is to end. */
  isCancelled(): boolean {
    return this.#asked || this.#source?.isCancelled() === true;
  }

  /** Ends the running statement. */
  ask(): void {
    this.#asked = true;
    Atomics.store(this.#words, this.#flags.cancel, 1);
    Atomics.store(this.#words, this.#flags.interrupt, 1);
  }

  /** Before the next statement: what was asked of the last one is over. */
  clear(): void {
    if (!this.#asked) return;
    this.#asked = false;
    Atomics.store(this.#words, this.#flags.cancel, 0);
  }
}
