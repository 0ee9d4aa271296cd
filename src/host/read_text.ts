/** Reads one file that the user or a repository named: bounded, never waiting, and as UTF-8 text. */

import { constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import process from "node:process";
import { addAbortSignal } from "node:stream";
import { AimError, UsageError } from "../core/error.ts";
import { positionAt } from "../sql/position.ts";

/** How a file is read. */
export interface ReadLimits {
  /** The most bytes; one more is an error. */
  readonly limit: number;
  /** The path as errors show it; as given when absent. */
  readonly shown?: string;
  /** Code of the error when it cannot be read; `file-unreadable` when absent. */
  readonly code?: string;
  /** What to do about a file that is too large. */
  readonly hint?: string;
}

/** A megabyte, as limits count. */
export const MEGABYTE = 1024 * 1024;

/** The text of a file. Throws UsageError for one that is absent, no plain file, too large, unreadable, or not UTF-8 text. */
export async function readText(path: string, limits: ReadLimits): Promise<string> {
  return decodeText(await readBytes(path, limits), limits.shown ?? path);
}

/**
 * The bytes of a file. What is no plain file (a pipe, a socket, a device, a folder) is never read, and no more than the
 * limit and one byte of one whose size says nothing. Throws UsageError.
 */
export async function readBytes(path: string, limits: ReadLimits): Promise<Uint8Array> {
  try {
    // Opening a device can act on it, so what it is is asked first, and again of what was opened.
    checkKind(await stat(path), path, limits);
    await using handle = await opened(path);
    const found = await handle.stat();
    checkKind(found, path, limits);
    return await readUpTo(handle, found.size, { path, limits });
  } catch (error) {
    throw unreadable(error, limits.shown ?? path, limits.code);
  }
}

/**
 * The text that stdin holds to its end. Throws UsageError for a terminal, where nobody knows that something is to be typed, for more
 * than the limit, and for what is not UTF-8 text.
 */
export async function readStdin(
  limits: Pick<ReadLimits, "limit" | "hint">,
  signal: AbortSignal,
): Promise<string> {
  const { stdin } = process;
  if (stdin.isTTY) {
    throw new UsageError("Cannot read stdin: it is a terminal", {
      code: "file-unreadable",
      hint: "pipe a file into it: cat schema.sql | aim diff --schema -",
    });
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of addAbortSignal(signal, stdin)) {
      const bytes = Buffer.from(piece);
      pieces.push(bytes);
      length += bytes.length;
      if (length > limits.limit) {
        throw tooLarge("stdin", limits.limit, { code: "file-unreadable", ...limits });
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    throw unreadable(error, "stdin");
  }
  return decodeText(Buffer.concat(pieces), "stdin");
}

/** Decodes UTF-8, without a mark at the start. Throws UsageError, with the line, for other encodings and zero bytes. */
export function decodeText(bytes: Uint8Array, shown: string): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe || first === 0xfe && second === 0xff) {
    throw new UsageError(`Cannot read "${shown}": it is UTF-16, not UTF-8`, {
      code: "file-encoding",
      hint: `Convert it, for example: iconv -f UTF-16 -t UTF-8 ${shown}`,
    });
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const line = lineOfFault(bytes);
    throw new UsageError(`Cannot read "${shown}": line ${line} is not UTF-8`, {
      code: "file-encoding",
      cause,
      place: { file: shown, line, column: 1 },
      hint: `Convert it, for example: iconv -f ISO-8859-1 -t UTF-8 ${shown}`,
    });
  }
  if (text.startsWith("\ufeff")) {
    throw new UsageError(`Cannot read "${shown}": it begins with two byte order marks`, {
      code: "file-encoding",
      place: { file: shown, line: 1, column: 1 },
      hint: "Remove them; what reads the file drops one, and the database refuses the other",
    });
  }
  const zero = text.indexOf("\0");
  if (zero < 0) return text;
  throw new UsageError(`Cannot read "${shown}": it contains a zero byte, so it is not text`, {
    code: "file-encoding",
    place: { file: shown, line: positionAt(text, zero).line, column: 1 },
  });
}

/** An error of the file system as a UsageError that says why in words; one of aim's own stays as it is. */
export function unreadable(error: unknown, shown: string, code = "file-unreadable"): AimError {
  if (error instanceof AimError) return error;
  const reason = REASONS[systemCode(error)] ??
    (error instanceof Error ? error.message : String(error));
  return new UsageError(`Cannot read "${shown}": ${reason}`, { code, cause: error });
}

/** `ENOENT` and its like; empty for an error that is not the system's. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}

/** Opens for reading. A pipe that took the file's place meanwhile is opened without waiting for its writer. */
async function opened(path: string): Promise<FileHandle & AsyncDisposable> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  return Object.assign(handle, { [Symbol.asyncDispose]: () => handle.close() });
}

function checkKind(found: Stats, path: string, { limit, shown, code, hint }: ReadLimits): void {
  const details = { code: code ?? "file-unreadable", ...(hint === undefined ? {} : { hint }) };
  if (!found.isFile()) {
    throw new UsageError(`Cannot read "${shown ?? path}": it is ${kindOf(found)}, not a file`, {
      code: details.code,
    });
  }
  if (found.size > limit) throw tooLarge(shown ?? path, limit, details);
}

/** What stands at a path, with its article: `a folder`. */
export function kindOf(found: Stats): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a named pipe";
  if (found.isSocket()) return "a socket";
  if (found.isCharacterDevice() || found.isBlockDevice()) return "a device";
  return found.isFile() ? "a file" : "something else";
}

function tooLarge(shown: string, limit: number, details: { code: string; hint?: string }) {
  const most = limit >= MEGABYTE ? `${limit / MEGABYTE} MB` : `${limit} bytes`;
  return new UsageError(`Cannot read "${shown}": it is larger than ${most}`, details);
}

interface Reading {
  readonly path: string;
  readonly limits: ReadLimits;
}

/** Reads to the end, whatever the size said: files of `/proc` have none, and a file can grow. */
async function readUpTo(handle: FileHandle, size: number, { path, limits }: Reading) {
  let buffer = new Uint8Array(Math.max(size, 4096) + 1);
  for (let length = 0;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > limits.limit) {
      const { shown = path, code = "file-unreadable", hint } = limits;
      throw tooLarge(shown, limits.limit, { code, ...(hint === undefined ? {} : { hint }) });
    }
    if (length < buffer.length) continue;
    const larger = new Uint8Array(Math.min(buffer.length * 2, limits.limit + 1));
    larger.set(buffer);
    buffer = larger;
  }
}

/** The first line that does not decode by itself. A line break byte is no part of any UTF-8 sequence. */
function lineOfFault(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const cut = bytes.indexOf(0x0a, start);
    const end = cut < 0 ? bytes.length : cut + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a file stands where a folder must be",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder, not a file",
  ELOOP: "its links form a loop",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the disk reports an error",
  ENXIO: "it is not a file",
  EAGAIN: "it is not a file that can be read to an end",
  ENAMETOOLONG: "its name is too long",
};
