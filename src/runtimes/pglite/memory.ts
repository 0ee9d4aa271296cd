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
  readonly #pool = new PagePool();
  /** The image taken or put back last: most of its pages are those of the next. */
  #last: MemoryImage = { pages: [] };

  constructor(module: Emscripten, exports: WasmExports) {
    this.#module = module;
    this.#exports = exports;
  }

  /** An image, to be given up by `forget`. */
  capture(): MemoryImage {
    const count = this.#usedPages();
    const heap = this.#heap();
    const pages: Buffer[] = [];
    const last = this.#last.pages;
    for (let index = 0; index < count; index++) {
      const page = heap.subarray(index * PAGE, (index + 1) * PAGE);
      const before = last[index];
      if (before?.equals(page)) pages.push(before);
      else pages.push(EMPTY_PAGE.equals(page) ? EMPTY_PAGE : this.#pool.copyOf(page));
    }
    const image = { pages };
    this.#pool.hold(image);
    this.#remember(image);
    return image;
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
    this.#remember(image);
  }

  /** Gives up an image that was taken here: the room of its pages is used for others. */
  forget(image: MemoryImage): void {
    this.#pool.release(image);
  }

  #remember(image: MemoryImage): void {
    this.#pool.hold(image);
    this.#pool.release(this.#last);
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

/** Pages that are made at once. */
const BLOCK = 128;

/**
 * Room for pages, used again as soon as no image has them: left to the garbage collector, pages of images that are gone take more
 * memory than those of all that are there.
 */
class PagePool {
  readonly #free: Buffer[] = [];
  /** By how many images each page of the pool is held. */
  readonly #holders = new Map<Buffer, number>();

  /** A page with this content, which the next image that has it must hold. */
  copyOf(content: Buffer): Buffer {
    const page = this.#free.pop() ?? this.#more();
    page.set(content);
    this.#holders.set(page, 0);
    return page;
  }

  hold({ pages }: MemoryImage): void {
    for (const page of pages) {
      const holders = this.#holders.get(page);
      if (holders !== undefined) this.#holders.set(page, holders + 1);
    }
  }

  release({ pages }: MemoryImage): void {
    for (const page of pages) {
      const holders = this.#holders.get(page);
      if (holders === undefined) continue;
      if (holders > 1) this.#holders.set(page, holders - 1);
      else {
        this.#holders.delete(page);
        this.#free.push(page);
      }
    }
  }

  #more(): Buffer {
    const block = Buffer.from(new ArrayBuffer(BLOCK * PAGE));
    for (let at = 1; at < BLOCK; at++) {
      this.#free.push(block.subarray(at * PAGE, (at + 1) * PAGE));
    }
    return block.subarray(0, PAGE);
  }
}
