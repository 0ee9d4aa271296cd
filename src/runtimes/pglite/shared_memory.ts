/** Lets a WebAssembly binary run on memory that another thread can see, which a compiler decides and we change afterwards. */

/** 64 KiB pages that the shared memory may grow to at most: as many as PGlite asks for. */
export const MAXIMUM_PAGES = 32768;

/** The least that the binary takes, 128 MiB; only what is used becomes real. */
export const INITIAL_PAGES = 2048;

/**
 * The same binary with its memory import marked as shared. Plain loads and stores work on shared memory as on any other,
 * at the same speed; only the declared kinds must agree. May change and return `binary` itself.
 */
export function shareMemory(binary: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const place = findMemoryImport(binary);
  if (place === null) return binary;
  const flags = binary[place.limits] ?? 0;
  if (flags & HAS_MAXIMUM) {
    binary[place.limits] = flags | SHARED;
    return binary;
  }
  const maximum = encode(MAXIMUM_PAGES);
  const size = encode(place.end - place.start + maximum.length);
  return concat([
    binary.subarray(0, place.size),
    size,
    binary.subarray(place.start, place.limits),
    Uint8Array.of(flags | HAS_MAXIMUM | SHARED),
    binary.subarray(place.limits + 1, place.afterMinimum),
    maximum,
    binary.subarray(place.afterMinimum),
  ]);
}

/** Bits of the limits of a memory; both are part of the WebAssembly binary format. */
const HAS_MAXIMUM = 1;
const SHARED = 2;

const IMPORT_SECTION = 2;
const HEADER_BYTES = 8;

/** Offsets in the binary. */
interface MemoryImport {
  /** Of the import section's length, its first byte and the byte after its last. */
  readonly size: number;
  readonly start: number;
  readonly end: number;
  /** Of the limits' flags and the byte after the minimum. */
  readonly limits: number;
  readonly afterMinimum: number;
}

function findMemoryImport(binary: Uint8Array): MemoryImport | null {
  let at = HEADER_BYTES;
  const number = () => {
    const [value, next] = decode(binary, at);
    at = next;
    return value;
  };
  const skipName = () => {
    const length = number();
    at += length;
  };
  const skipLimits = () => {
    const flags = number();
    number();
    if (flags & HAS_MAXIMUM) number();
  };
  while (at < binary.length) {
    const id = binary[at++];
    const size = at;
    const length = number();
    const start = at;
    const end = start + length;
    if (id !== IMPORT_SECTION) {
      at = end;
      continue;
    }
    for (let left = number(); left > 0; left--) {
      skipName();
      skipName();
      switch (binary[at++]) {
        case 0: // function
          number();
          break;
        case 1: // table
          at++;
          skipLimits();
          break;
        case 2: { // memory
          const limits = at;
          number();
          number();
          return { size, start, end, limits, afterMinimum: at };
        }
        case 3: // global
          at += 2;
          break;
        default: // tag
          at++;
          number();
      }
    }
    return null;
  }
  return null;
}

/** LEB128, as all numbers in a WebAssembly binary. */
function decode(bytes: Uint8Array, start: number): [value: number, next: number] {
  let value = 0;
  for (let at = start, shift = 0;; at++, shift += 7) {
    const byte = bytes[at] ?? 0;
    value |= (byte & 127) << shift;
    if (byte < 128) return [value >>> 0, at + 1];
  }
}

function encode(value: number): Uint8Array {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Uint8Array.of(...bytes, value);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
