/** What Emscripten's loader may compile while it opens a library: the embedded libraries, byte for byte, and nothing that holds JavaScript. */

import { createHash } from "node:crypto";
import { shareMemory } from "./shared_memory.ts";

/** The SHA-256 of a library as it stands in PGlite's packages, in hexadecimal. */
export function libraryHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Why bytes are not opened as a library. */
export const NOT_EMBEDDED = "it is not one of the embedded libraries";

/**
 * Stands between Emscripten's loader and the WebAssembly compiler. SQL can put any bytes into the file system of the embedded
 * Postgres and ask for them as a library, and the loader runs the JavaScript that a library carries beside its exports, with all
 * rights of this process. So each binary is judged by its bytes, at the moment in which they reach the compiler.
 */
export class LibraryGate {
  readonly #known: ReadonlySet<string>;

  /** Takes the hashes of the libraries that may be opened, as `libraryHash` gives them. */
  constructor(known: ReadonlySet<string>) {
    this.#known = known;
  }

  /** True for the bytes of an embedded library. */
  knows(bytes: Uint8Array): boolean {
    return this.#known.has(libraryHash(bytes));
  }

  /** Runs the loader, which must be done when it returns. A binary that is refused is an error inside of `load`. */
  open<Result>(load: () => Result): Result {
    const { Module } = WebAssembly;
    const guarded = new Proxy(Module, {
      construct: (_target, [source]) => this.#compile(Module, bytesOf(source)),
    });
    using _compiler = replaced(WebAssembly, {
      Module: guarded,
      compile: refuseBinary,
      compileStreaming: refuseBinary,
      instantiate: refuseBinary,
      instantiateStreaming: refuseBinary,
    });
    using _evaluation = replaced(globalThis, { eval: refuseText });
    return load();
  }

  /** Shares the memory of a library on the way, as that of the main module is. */
  #compile(Module: typeof WebAssembly.Module, bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
    const isWrapper = isFunctionWrapper(bytes);
    if (!isWrapper && !this.knows(bytes)) throw new Error(NOT_EMBEDDED);
    const module = new Module(isWrapper ? bytes : shareMemory(bytes));
    const text = Module.exports(module).find(({ name }) => HOLDS_TEXT.test(name));
    if (text !== undefined) throw new Error(`its export "${text.name}" holds JavaScript`);
    return module;
  }
}

/** The exports whose text Emscripten's loader evaluates, and those that stand for more of it: EM_JS, EM_ASM, JS libraries. */
const HOLDS_TEXT = /^__(?:em_js__|em_lib_deps|(?:start|stop)_em_(?:asm|js))/;

/** A copy: nobody changes it between the check and the compiler. */
function bytesOf(source: unknown): Uint8Array<ArrayBuffer> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source.slice(0));
  if (!ArrayBuffer.isView(source)) throw new Error(NOT_EMBEDDED);
  return new Uint8Array(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
}

/**
 * Whether these are the bytes with which Emscripten gives a JavaScript function a WebAssembly type: one type, one import `e.f`, one
 * export `f` of it, and no room for anything else.
 */
function isFunctionWrapper(bytes: Uint8Array): boolean {
  const types = bytes.length - WRAPPER_START.length - WRAPPER_END.length;
  return types > 0 && types < MOST_TYPE_BYTES &&
    WRAPPER_START.every((byte, at) => bytes[at] === byte) &&
    typesEnd(bytes) === bytes.length - WRAPPER_END.length &&
    WRAPPER_END.every((byte, at) => bytes[bytes.length - WRAPPER_END.length + at] === byte);
}

/** Where the section of types ends, whose length is written in two bytes. */
function typesEnd(bytes: Uint8Array): number {
  const at = WRAPPER_START.length;
  return at + 2 + ((bytes[at] ?? 0) & 127) + ((bytes[at + 1] ?? 0) << 7);
}

/** The head of a binary and the id of the section of types. */
const WRAPPER_START = [0, 97, 115, 109, 1, 0, 0, 0, 1];
/** The section of imports and the section of exports. */
const WRAPPER_END = [2, 7, 1, 1, 101, 1, 102, 0, 0, 7, 5, 1, 1, 102, 0, 0];
const MOST_TYPE_BYTES = 300;

/** Puts other values in the place of properties until the end of the scope. Throws when one cannot be replaced. */
function replaced(target: object, values: Readonly<Record<string, unknown>>): Disposable {
  const names = Object.keys(values).filter((name) => name in target);
  const before = names.map((name) =>
    [name, Object.getOwnPropertyDescriptor(target, name)] as const
  );
  const restore = () => {
    for (const [name, descriptor] of before) {
      if (descriptor !== undefined) Object.defineProperty(target, name, descriptor);
    }
  };
  try {
    for (const name of names) Object.defineProperty(target, name, { value: values[name] });
  } catch (error) {
    restore();
    throw error;
  }
  return { [Symbol.dispose]: restore };
}

function refuseBinary(): never {
  throw new Error(NOT_EMBEDDED);
}

function refuseText(): never {
  throw new Error("no library may evaluate JavaScript");
}
