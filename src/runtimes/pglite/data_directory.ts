/** The data directory of a cluster as plain data, shared with the running file system until one side writes. */

import { Buffer } from "node:buffer";
import type { Emscripten, FileNode, FileSystem } from "./emscripten.ts";
import type { MemoryBudget } from "./memory_budget.ts";

/** Where the cluster stands in the module's file system. */
export const DATA_DIRECTORY = "/pglite/data";

/** The folder of the write-ahead log. */
const LOG = "pg_wal";

/** Paths relative to the data directory, parents first; `null` is a folder. The bytes must not be written to. */
export type FileTree = ReadonlyMap<string, Uint8Array | null>;

/**
 * Makes a module copy a file before its first write once a snapshot shares its bytes, and gives files room from larger blocks:
 * Postgres makes thousands that have one page. Without `keepsLog` what is written to the write-ahead log is forgotten.
 * Call once for a module; the result is where its files get their room from.
 */
export function shareFiles(
  module: Emscripten,
  { keepsLog, budget }: { readonly keepsLog: boolean; readonly budget: MemoryBudget },
): Storage {
  const operations = module.MEMFS.ops_table?.file.stream;
  if (operations === undefined) throw new Error("The file system has no files yet");
  const storage = new Storage();
  const noSpace = new module.FS.ErrnoError(NO_SPACE);
  const count = () => bytesUnder(module.FS, nodeAt(module.FS, "/"));
  operations.write = ({ node }, buffer, offset, length, position) => {
    if (node === undefined || length === 0) return 0;
    if (!keepsLog && node.parent.name === LOG) return length;
    const { kept } = node;
    const before = bytesOf(node);
    const end = position + length;
    const growth = end - node.usedBytes;
    if (growth > 0 && !budget.takes(growth, module.HEAPU8.length, count)) throw noSpace;
    const isShared = kept !== undefined && kept.of === node.contents;
    if (isShared || end > before.length) {
      const capacity = capacityFor(Math.max(node.usedBytes, end), growth > 0);
      // A restore leaves other files alone: those of extensions, and what a statement writes elsewhere.
      const isInCluster = module.FS.getPath(node).startsWith(`${DATA_DIRECTORY}/`);
      const after = isInCluster ? storage.take(capacity) : room(capacity);
      if (after === null) throw noSpace;
      after.set(before.subarray(0, node.usedBytes));
      node.contents = after;
    }
    node.kept = undefined;
    bytesOf(node).set(bytesAt(buffer, offset, length), position);
    node.usedBytes = Math.max(node.usedBytes, end);
    return length;
  };
  return storage;
}

/**
 * Room for the bytes of a file. One that grows gets more, so that it need not move at once again: a small one plenty, a large one less,
 * since each state that a rewind goes back to may hold a copy of it.
 */
function capacityFor(bytes: number, isGrowing: boolean): number {
  if (!isGrowing) return bytes;
  return Math.ceil(bytes * (bytes < LARGEST_PIECE / 4 ? 4 : bytes < LARGE ? 1.5 : 2));
}

const LARGE = 1 << 22;

/** The number of the error that says that a device is full (WASI's ENOSPC). */
const NO_SPACE = 51;

/** Zeroed memory, or null when the process has none left. */
function room(size: number): Uint8Array<ArrayBuffer> | null {
  try {
    return new Uint8Array(size);
  } catch {
    return null;
  }
}

/** What the files under a folder hold. */
function bytesUnder(fs: FileSystem, folder: FileNode): number {
  let sum = 0;
  for (const [, node] of entries(folder)) {
    sum += fs.isDir(node.mode) ? bytesUnder(fs, node) : node.usedBytes ?? 0;
  }
  return sum;
}

/**
 * Hands out zeroed memory, small pieces from blocks of a megabyte, and uses it again: what is left to the garbage collector takes
 * more memory than all that is there, and memory that is new costs time.
 */
export class Storage {
  #block = new Uint8Array();
  #used = 0;
  /** Blocks and large pieces that were handed out, and those that nothing uses any more. */
  readonly #inUse = new Set<Uint8Array<ArrayBuffer>>();
  #free: Uint8Array<ArrayBuffer>[] = [];

  /** Null when the process has no memory left. */
  take(size: number): Uint8Array | null {
    if (size > LARGEST_PIECE) return this.#take(size);
    if (this.#used + size > this.#block.length) {
      const block = this.#take(BLOCK);
      if (block === null) return null;
      this.#block = block;
      this.#used = 0;
    }
    this.#used += size;
    return this.#block.subarray(this.#used - size, this.#used);
  }

  /** Says which memory is still used, by files or by snapshots: all other is free from now on. */
  sweep(used: ReadonlySet<ArrayBufferLike>): void {
    if (!used.has(this.#block.buffer)) this.#block = new Uint8Array();
    for (const piece of this.#inUse) {
      if (piece === this.#block || used.has(piece.buffer)) continue;
      this.#inUse.delete(piece);
      this.#free.push(piece);
    }
  }

  /** At least so many bytes, and not many more. */
  #take(size: number): Uint8Array<ArrayBuffer> | null {
    let best = -1;
    for (const [at, { length }] of this.#free.entries()) {
      const isFit = length >= size && length <= 2 * size;
      if (isFit && length < (this.#free[best]?.length ?? Infinity)) best = at;
    }
    const piece = best < 0 ? room(size) : this.#free.splice(best, 1)[0]?.fill(0) ?? null;
    if (piece !== null) this.#inUse.add(piece);
    return piece;
  }
}

const BLOCK = 1 << 20;
const LARGEST_PIECE = 1 << 16;

/**
 * Puts files that lie scattered over blocks together, so that the blocks are free: a block is kept by the last of its pieces. Those
 * in blocks that `trees` hold as well stay where they are, since a copy would be one more.
 */
export function gatherFiles(fs: FileSystem, storage: Storage, trees: Iterable<FileTree>): void {
  const held = memoryOfTrees(trees);
  const files: FileNode[] = [];
  const blocks = new Set<ArrayBufferLike>();
  let bytes = 0;
  const walk = (folder: FileNode) => {
    for (const [, node] of entries(folder)) {
      if (fs.isDir(node.mode)) walk(node);
      else if (isPiece(node) && !held.has(bytesOf(node).buffer)) {
        files.push(node);
        blocks.add(bytesOf(node).buffer);
        bytes += node.usedBytes;
      }
    }
  };
  walk(nodeAt(fs, DATA_DIRECTORY));
  if (blocks.size < SCATTERED || 2 * bytes > blocks.size * BLOCK) return;
  for (const node of files) {
    const after = storage.take(node.usedBytes);
    if (after === null) return;
    after.set(bytesOf(node).subarray(0, node.usedBytes));
    node.contents = after;
    node.kept = undefined;
  }
}

/** True for a file whose room is a part of a block. */
function isPiece({ contents }: FileNode): boolean {
  return ArrayBuffer.isView(contents) && contents.buffer.byteLength === BLOCK;
}

/** Fewer blocks are not worth it. */
const SCATTERED = 6;

function bytesOf({ contents }: FileNode): Uint8Array {
  if (contents instanceof Uint8Array) return contents;
  return ArrayBuffer.isView(contents) ? bytesAt(contents, 0, contents.length) : new Uint8Array();
}

/** The same bytes without a sign: the kinds of both sides must agree for a quick copy. */
function bytesAt(buffer: Uint8Array | Int8Array, offset: number, length: number): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
}

/** Puts a tree in the place of whatever the data directory holds. */
export function mountTree(fs: FileSystem, tree: FileTree): void {
  fs.mkdirTree(DATA_DIRECTORY);
  const root = nodeAt(fs, DATA_DIRECTORY);
  clear(fs, root);
  const folders = new Map([["", root]]);
  for (const [path, bytes] of tree) {
    const slash = path.lastIndexOf("/");
    const parent = folders.get(path.slice(0, Math.max(slash, 0)));
    if (parent === undefined) throw new Error(`Cannot place "${path}": its folder is missing`);
    const name = path.slice(slash + 1);
    if (bytes === null) {
      folders.set(path, parent.node_ops.mknod(parent, name, 0o40700, 0));
      continue;
    }
    const node = parent.node_ops.mknod(parent, name, 0o100600, 0);
    node.contents = bytes;
    node.usedBytes = bytes.length;
    node.kept = { bytes, of: bytes };
  }
}

/** The data directory as it is now. Nothing is copied: a file is when it is written to the next time. */
export function readTree(fs: FileSystem): FileTree {
  const tree = new Map<string, Uint8Array | null>();
  const walk = (folder: FileNode, prefix: string) => {
    for (const [name, node] of entries(folder)) {
      const path = prefix + name;
      if (fs.isDir(node.mode)) {
        tree.set(path, null);
        walk(node, `${path}/`);
      } else if (fs.isFile(node.mode)) {
        tree.set(path, keptBytes(node));
      }
    }
  };
  walk(nodeAt(fs, DATA_DIRECTORY), "");
  return tree;
}

/** The memory that holds the files of the data directory, and of trees of it. */
export function memoryOf(fs: FileSystem, trees: Iterable<FileTree>): Set<ArrayBufferLike> {
  const found = memoryOfTrees(trees);
  const add = ({ contents }: FileNode) => {
    if (ArrayBuffer.isView(contents)) found.add(contents.buffer);
  };
  const walk = (folder: FileNode) => {
    for (const [, node] of entries(folder)) fs.isDir(node.mode) ? walk(node) : add(node);
  };
  walk(nodeAt(fs, DATA_DIRECTORY));
  // One that was removed while it is open is in no folder.
  for (const stream of fs.streams) if (stream?.node !== undefined) add(stream.node);
  return found;
}

function memoryOfTrees(trees: Iterable<FileTree>): Set<ArrayBufferLike> {
  const found = new Set<ArrayBufferLike>();
  for (const tree of trees) {
    for (const bytes of tree.values()) if (bytes !== null) found.add(bytes.buffer);
  }
  return found;
}

/** The file or folder at a path, which must be there. */
export function nodeAt(fs: FileSystem, path: string): FileNode {
  const { node } = fs.lookupPath(path);
  if (node === undefined) throw new Error(`There is nothing at "${path}"`);
  return node;
}

/** One block of bytes: a JSON index of the tree, then each distinct content once. What is the very same in `base` is left out. */
export function packTree(tree: FileTree, base?: FileTree): Uint8Array {
  const contents: Uint8Array[] = [];
  const places = new Map<string, number>();
  let end = 0;
  const index = [...tree].map(([path, bytes]): PackedEntry => {
    if (bytes === null) return [path];
    if (bytes === base?.get(path)) return [path, IN_BASE, bytes.length];
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    let start = places.get(key);
    if (start === undefined) {
      start = end;
      places.set(key, start);
      contents.push(bytes);
      end += bytes.length;
    }
    return [path, start, bytes.length];
  });
  const header = Buffer.from(JSON.stringify(index));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  return Buffer.concat([size, header, ...contents]);
}

/** In the place of where a content begins: it is that of the base. */
const IN_BASE = -1;

/** The reverse of `packTree` with the same base; the tree's bytes are views on `packed`. Throws for another base. */
export function unpackTree(packed: Uint8Array, base?: FileTree): FileTree {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  const start = 4 + buffer.readUInt32LE();
  const index: readonly PackedEntry[] = JSON.parse(buffer.toString("utf8", 4, start));
  return new Map(
    index.map(([path, from, length]) => {
      if (from === undefined || length === undefined) return [path, null];
      if (from !== IN_BASE) return [path, packed.subarray(start + from, start + from + length)];
      const bytes = base?.get(path);
      if (bytes?.length !== length) throw new Error("it is of another base");
      return [path, bytes];
    }),
  );
}

type PackedEntry = readonly [path: string, start?: number, length?: number];

function clear(fs: FileSystem, folder: FileNode): void {
  for (const [, node] of entries(folder)) {
    if (fs.isDir(node.mode)) clear(fs, node);
    fs.destroyNode(node);
  }
  folder.contents = {};
}

function keptBytes(file: FileNode): Uint8Array {
  const { contents, usedBytes, kept } = file;
  // A truncation writes nothing but puts another array in place.
  if (kept?.of === contents && kept.bytes.length === usedBytes) return kept.bytes;
  const bytes = ArrayBuffer.isView(contents)
    ? new Uint8Array(contents.buffer, contents.byteOffset, usedBytes)
    : new Uint8Array();
  file.kept = { bytes, of: contents };
  return bytes;
}

function entries(folder: FileNode): [string, FileNode][] {
  return ArrayBuffer.isView(folder.contents) ? [] : Object.entries(folder.contents);
}
