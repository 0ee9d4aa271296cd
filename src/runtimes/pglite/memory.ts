/** Images of a module's linear memory that share their equal pages. */

import { Buffer } from "node:buffer";
import type { Emscripten, WasmExports } from "./emscripten.ts";

/** The used memory, page by page. */
export interface MemoryImage {
  readonly pages: readonly Buffer[];
}

/** Takes and puts back images of one module's memory. */
export class Memory {
  readonly #module: Emscripten;
  readonly #exports: WasmExports;
  /** The image taken or put back last: most of its pages are those of the next. */
  #last: MemoryImage = { pages: [] };

  constructor(module: Emscripten, exports: WasmExports) {
    this.#module = module;
    this.#exports = exports;
  }

  capture(): MemoryImage {
    const count = this.#usedPages();
    const heap = this.#heap();
    const pages: Buffer[] = [];
    const last = this.#last.pages;
    const bytes = (index: number) => heap.subarray(index * PAGE, (index + 1) * PAGE);
    const known = (index: number) => {
      const page = bytes(index);
      const before = last[index];
      if (before?.equals(page)) return before;
      return EMPTY_PAGE.equals(page) ? EMPTY_PAGE : undefined;
    };
    while (pages.length < count) {
      const start = pages.length;
      let end = start;
      let same: Buffer | undefined;
      while (end < count && end - start < BLOCK && (same = known(end)) === undefined) end++;
      if (end - start === BLOCK) {
        const block = Buffer.from(heap.subarray(start * PAGE, end * PAGE));
        for (let at = 0; at < BLOCK; at++) pages.push(block.subarray(at * PAGE, (at + 1) * PAGE));
      } else {
        for (let index = start; index < end; index++) pages.push(Buffer.from(bytes(index)));
        if (same !== undefined) pages.push(same);
      }
    }
    return this.#last = { pages };
  }

  restore(image: MemoryImage): void {
    const used = this.#usedPages();
    const heap = this.#heap();
    image.pages.forEach((page, index) => {
      // Memory becomes real when it is touched; what was never in use is empty.
      const isThere = page === EMPTY_PAGE &&
        (index >= used || page.equals(heap.subarray(index * PAGE, (index + 1) * PAGE)));
      if (!isThere) heap.set(page, index * PAGE);
    });
    if (used > image.pages.length) heap.fill(0, image.pages.length * PAGE, used * PAGE);
    this.#last = image;
  }

  #usedPages(): number {
    const end = this.#heap().readUInt32LE(this.#exports.emscripten_get_sbrk_ptr());
    return Math.ceil(end / PAGE);
  }

  #heap(): Buffer {
    const { buffer, byteOffset, length } = this.#module.HEAPU8;
    return Buffer.from(buffer, byteOffset, length);
  }
}

/** As the blocks of Postgres; smaller ones take more time to compare, larger ones more memory to keep. */
const PAGE = 8192;

/** Stands for all pages without content: most of a new backend's memory. */
export const EMPTY_PAGE = Buffer.alloc(PAGE);

/** Pages that are copied at once where all of them are new: much faster, but memory is given back only when none is used. */
const BLOCK = 64;
