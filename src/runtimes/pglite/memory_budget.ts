/** What a backend may use: its WebAssembly memory, the files beside it, and the answers that it gives. */

import { formatSize } from "../../config/quantities.ts";
import { DatabaseError } from "../../core/error.ts";
import { DEFAULT_LIMITS, MEMORY_HINT } from "../limits.ts";
import { INITIAL_PAGES, MAXIMUM_PAGES } from "./shared_memory.ts";

/** See the module's comment. */
export class MemoryBudget {
  readonly #bytes: number;
  #files = 0;

  /** In bytes. */
  constructor(bytes: number = DEFAULT_LIMITS.memory) {
    this.#bytes = bytes;
  }

  /** 64 KiB pages that the module's memory may grow to. */
  get maximumPages(): number {
    return Math.max(INITIAL_PAGES, Math.min(MAXIMUM_PAGES, Math.floor(this.#bytes / 65536)));
  }

  /** Bytes of one answer. */
  get mostOfAnswer(): number {
    return Math.floor(this.#bytes / 16);
  }

  /**
   * Counts what a file grows by, beside the `used` bytes of the module's memory; false when it is too much. `count` says what all
   * files take, which costs time and is asked only when all growth together reaches the limit: most of it is given back again.
   */
  takes(bytes: number, used: number, count: () => number): boolean {
    this.#files += bytes;
    if (this.#files + used <= this.#bytes) return true;
    this.#files = count() + bytes;
    if (this.#files + used <= this.#bytes) return true;
    this.#files -= bytes;
    return false;
  }

  /** The error for an answer of more than `mostOfAnswer` bytes. */
  resultTooLarge(): DatabaseError {
    return new DatabaseError(
      `the result has more than ${formatSize(this.mostOfAnswer)}, a part of memory_limit`,
      { code: "54000", hint: MEMORY_HINT },
    );
  }
}
