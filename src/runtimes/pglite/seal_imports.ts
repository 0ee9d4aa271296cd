/** Takes from the WebAssembly module what a scratch server has no use for: sockets, devices, writing outside of its data. */

import { DATA_DIRECTORY } from "./data_directory.ts";

/** System calls by Emscripten's names; they give a result, or an error's number as a negative one. */
export type SystemCalls = Record<string, (...values: number[]) => number>;

/**
 * Replaces system calls, for the module and all of its libraries. Postgres names the files of its cluster by relative paths,
 * where SQL that writes a file must give an absolute one, so an absolute path is refused but for the few that Postgres itself
 * writes. Reading is for what PGlite brings along.
 */
export function sealImports(calls: SystemCalls, memory: WebAssembly.Memory): void {
  for (const name of SOCKETS) calls[`__syscall_${name}`] = () => -ACCESS_DENIED;
  const isAllowed = (place: number, allowed: RegExp) =>
    isInside(memory, place) || allowed.test(pathAt(memory, place));
  const openFile = calls.__syscall_openat;
  if (openFile === undefined) throw new Error("The module opens no files");
  calls.__syscall_openat = (folder, path, flags, ...rest) => {
    const allowed = (flags & MAKES) !== 0 ? MADE : (flags & WRITES) !== 0 ? WRITTEN : READ;
    return isAllowed(path, allowed) ? openFile(folder, path, flags, ...rest) : -ACCESS_DENIED;
  };
  for (const [name, paths] of Object.entries(CHANGES)) {
    const call = calls[`__syscall_${name}`];
    if (call === undefined) continue;
    calls[`__syscall_${name}`] = (...values) =>
      paths.every((at) => isAllowed(values[at] ?? 0, MADE)) ? call(...values) : -ACCESS_DENIED;
  }
}

/** EACCES of WASI. */
const ACCESS_DENIED = 2;

const SOCKETS = ["socket", "connect", "bind", "listen", "accept4", "sendto", "recvfrom"];

/** Calls that change the file system, and which of their parameters are paths. */
const CHANGES: Readonly<Record<string, readonly number[]>> = {
  chmod: [0],
  fchmodat2: [1],
  fchownat: [1],
  linkat: [1, 3],
  mkdirat: [1],
  renameat: [1, 3],
  rmdir: [0],
  symlinkat: [0, 2],
  truncate64: [0],
  unlinkat: [1],
  utimensat: [1],
};

/** Flags of `openat`: O_CREAT or O_TRUNC; O_WRONLY or O_RDWR. */
const MAKES = 0o1100;
const WRITES = 0o3;

/** Absolute paths that may be made, written to and read. */
const MADE = /^\/dev\/shm\/PostgreSQL\.\d+$/;
const WRITTEN = new RegExp(`${MADE.source}|^${DATA_DIRECTORY}/global/pg_control$|^/dev/null$`);
const READ = new RegExp(
  `${WRITTEN.source}|^/dev/urandom$|^/pglite/(?:bin|data|icu|lib|share)(?:/(?!\\.\\.?(?:/|$))[^/]*)*$`,
);

const SLASH = 0x2f;
const DOT = 0x2e;

/** A relative path without a step to a folder above: inside of the data directory, which Postgres works in. */
function isInside(memory: WebAssembly.Memory, place: number): boolean {
  const heap = new Uint8Array(memory.buffer);
  if (heap[place] === SLASH) return false;
  for (let at = place; at < heap.length && heap[at] !== 0; at++) {
    if (heap[at] === DOT && heap[at + 1] === DOT) return false;
  }
  return true;
}

function pathAt(memory: WebAssembly.Memory, place: number): string {
  const heap = new Uint8Array(memory.buffer);
  return String.fromCharCode(
    ...heap.slice(place, Math.min(heap.indexOf(0, place), place + LONGEST_PATH)),
  );
}

const LONGEST_PATH = 4096;
