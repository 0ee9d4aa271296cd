/** Rows of a result, as many as memory allows. */

import { formatSize } from "../config/quantities.ts";
import { DatabaseError } from "../core/error.ts";
import { MEMORY_HINT } from "./limits.ts";

/** See the module's comment. */
export class BoundedRows<Row extends object> {
  readonly all: Row[] = [];
  readonly #most: number;
  #size = 0;

  /** Rows may take a part of `memory`, in bytes. */
  constructor(memory: number) {
    this.#most = Math.floor(memory / 16);
  }

  /** Throws DatabaseError when it is too much. */
  add(row: Row): void {
    for (const value of Object.values(row)) this.#size += sizeOf(value);
    if (this.#size > this.#most) {
      throw new DatabaseError(
        `the result has more than ${formatSize(this.#most)}, a part of memory_limit`,
        { code: "SQLITE_TOOBIG", hint: MEMORY_HINT },
      );
    }
    this.all.push(row);
  }
}

/** About what a value takes, in bytes. */
function sizeOf(value: unknown): number {
  return 16 + (typeof value === "string" || value instanceof Uint8Array ? value.length : 0);
}
