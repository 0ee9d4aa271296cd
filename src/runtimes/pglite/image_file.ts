/** An image of a backend as bytes, for a later process. */

import { Buffer } from "node:buffer";
import { SetupError } from "../../core/error.ts";
import type { Image, OpenFile } from "./backend.ts";
import { packTree, unpackTree } from "./data_directory.ts";
import { EMPTY_PAGE } from "./memory.ts";

/** The error for an image that cannot be used. */
export function damagedImage(reason: string, advice: string): SetupError {
  return new SetupError(`Cannot read the image of the embedded Postgres: ${reason}`, {
    hint: advice,
    code: "assets",
  });
}

interface Header {
  readonly streams: readonly OpenFile[];
  readonly stack: number;
  /** For each page of the memory: its place among the stored pages, or one of the values below. */
  readonly pages: readonly number[];
  readonly treeSize: number;
}

/**
 * One block of bytes: a header, the tree of files, the pages of the memory that are not empty. What `base` has as well, the very
 * same pages and files, is left out.
 */
export function packImage(image: Image, base?: Image): Uint8Array<ArrayBuffer> {
  const tree = packTree(image.tree, base?.tree);
  const stored: Buffer[] = [];
  const pages = image.memory.pages.map((page, index) => {
    if (page === EMPTY_PAGE) return EMPTY;
    if (page === base?.memory.pages[index]) return IN_BASE;
    stored.push(page);
    return stored.length - 1;
  });
  const header: Header = {
    streams: image.streams,
    stack: image.stack,
    pages,
    treeSize: tree.length,
  };
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  return Buffer.concat([size, text, tree, ...stored]);
}

/** Stands for a page that is empty, and for one that is that of the base. */
const EMPTY = -1;
const IN_BASE = -2;

/** The reverse of `packImage` with the same base; the image's bytes are views on `packed`. Throws when it is not whole. */
export function unpackImage(packed: Uint8Array, base?: Image): Image {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  const start = 4 + buffer.readUInt32LE();
  const header: Header = JSON.parse(buffer.toString("utf8", 4, start));
  const tree = unpackTree(packed.subarray(start, start + header.treeSize), base?.tree);
  const memory = start + header.treeSize;
  const size = EMPTY_PAGE.length;
  const stored = header.pages.filter((place) => place >= 0).length;
  if (packed.length !== memory + stored * size) throw new Error("it is not whole");
  const pages = header.pages.map((place, index) => {
    if (place === IN_BASE) return inBase(base?.memory.pages[index]);
    const from = memory + place * size;
    return place < 0 ? EMPTY_PAGE : buffer.subarray(from, from + size);
  });
  return { streams: header.streams, stack: header.stack, memory: { pages }, tree };
}

function inBase<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("it is of another base");
  return part;
}
