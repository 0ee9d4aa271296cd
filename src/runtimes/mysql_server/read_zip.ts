/** Reads a zip archive that lies in memory, and that was checked against a hash. */

import { Buffer } from "node:buffer";
import { SetupError } from "../../core/error.ts";

/** A file of an archive. */
export interface ZipFile {
  readonly path: string;
  readonly isDeflated: boolean;
  /** As it lies in the archive. */
  readonly content: Uint8Array;
}

/** The files of an archive. Throws SetupError for one that is damaged or of another kind. */
export function readZip(archive: Uint8Array): readonly ZipFile[] {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  try {
    return filesOf(bytes);
  } catch (error) {
    throw new SetupError("Cannot unpack the build: it is no zip archive that aim can read", {
      code: "runtime-add",
      cause: error,
    });
  }
}

function filesOf(bytes: Buffer): readonly ZipFile[] {
  const end = bytes.lastIndexOf(END);
  if (end < 0) throw new Error("its end is missing");
  const count = bytes.readUInt16LE(end + 10);
  const files: ZipFile[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error("an entry is missing");
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const path = bytes.toString("utf8", at + 46, at + 46 + (name ?? 0));
    const content = contentAt(bytes, bytes.readUInt32LE(at + 42), size);
    if (method !== STORED && method !== DEFLATED) throw new Error("another compression");
    if (!path.endsWith("/")) files.push({ path, isDeflated: method === DEFLATED, content });
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return files;
}

/** What stands behind the header of a file, which has lengths of its own. */
function contentAt(bytes: Buffer, header: number, size: number): Uint8Array {
  const from = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  if (from + size > bytes.length) throw new Error("a file is cut off");
  return bytes.subarray(from, from + size);
}

const END = Buffer.from([0x50, 0x4b, 5, 6]);
const ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;
