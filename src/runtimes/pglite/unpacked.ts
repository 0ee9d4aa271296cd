/** Embedded files that are packed. */

import { promisify } from "node:util";
import { zstdDecompress, type ZstdOptions } from "node:zlib";

/**
 * What was packed, unpacked in a thread of the host's. Up to so many megabytes come at once and are not copied together. Throws for
 * what is not whole.
 */
export async function unpacked(
  packed: Uint8Array,
  megabytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { buffer, byteOffset, length } = await unpack(packed, { chunkSize: megabytes << 20 });
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
}

const unpack: (bytes: Uint8Array, options: ZstdOptions) => Promise<Uint8Array> = promisify(
  zstdDecompress,
);
