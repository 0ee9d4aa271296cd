/** Loads PGlite's WebAssembly module without starting Postgres, on shared memory, with the hooks that a rewind needs. */

import { Buffer } from "node:buffer";
import type { Emscripten, WasmExports } from "./emscripten.ts";
import { type LibraryGate, NOT_EMBEDDED } from "./library_gate.ts";
import { sealImports } from "./seal_imports.ts";
import { INITIAL_PAGES } from "./shared_memory.ts";

/** What every module of a process is made from. */
export interface ModuleParts {
  /** Compiled from a binary that `shareMemory` changed. */
  readonly wasm: Promise<WebAssembly.Module>;
  /** PGlite's packed files: libraries, time zones, dictionaries. */
  readonly files: Uint8Array<ArrayBuffer>;
  readonly gate: LibraryGate;
}

/** A loaded module. */
export interface LoadedModule {
  readonly module: Emscripten;
  readonly exports: WasmExports;
  readonly memory: SharedArrayBuffer;
  /** The last lines that the server wrote to its log. */
  readonly log: readonly string[];
  /** How many libraries were loaded until now. */
  readonly libraries: () => number;
}

/** What surrounds a module. */
export interface ModuleOptions {
  /** Once it says that the running statement is to end, time leaps, so that a wait is over. */
  readonly isCancelled: () => boolean;
  /** What the memory may grow to. */
  readonly maximumPages: number;
}

/** Loads a module. */
export async function loadModule(
  parts: ModuleParts,
  { isCancelled, maximumPages }: ModuleOptions,
): Promise<LoadedModule> {
  const { PGlite } = await import("@electric-sql/pglite");
  const wasm = await parts.wasm;
  const memory = new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: maximumPages,
    shared: true,
  });
  const log: string[] = [];
  const filesystem = new HookedFilesystem(memory, parts.gate, isCancelled);
  const pglite = await PGlite.create({
    noInitDb: true,
    pgliteWasmModule: wasm,
    initdbWasmModule: wasm,
    fsBundle: new Bundle(parts.files),
    fs: filesystem,
    onStderr: (line) => {
      log.splice(0, log.length + 1 - LOG_LINES, line);
      return false;
    },
  });
  const module = pglite.Module as unknown as Emscripten;
  filesystem.module = module;
  if (filesystem.exports === null) throw new Error("PGlite has no WebAssembly exports");
  return {
    module,
    exports: filesystem.exports,
    memory: memory.buffer as SharedArrayBuffer,
    log,
    libraries: () => filesystem.loads,
  };
}

/** A Blob, as PGlite wants it, of bytes that nobody copies on the way in and out. */
class Bundle extends Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    super();
    this.#bytes = bytes;
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, length } = this.#bytes;
    const isWhole = length === buffer.byteLength;
    return Promise.resolve(isWhole ? buffer : buffer.slice(byteOffset, byteOffset + length));
  }
}

const LOG_LINES = 5;

/** A year of nanoseconds. */
const LEAP = 365n * 24n * 3600n * 1_000_000_000n;

/** The imports that are replaced; Emscripten looks them up by name in one object for both. */
interface Imports {
  readonly env: {
    _dlopen_js(handle: number): number;
    _setitimer_js(): number;
  };
  readonly wasi_snapshot_preview1: {
    clock_time_get(id: number, precision: bigint, place: number): number;
  };
}

interface EmscriptenOptions {
  wasmMemory?: WebAssembly.Memory;
  instantiateWasm?: (
    imports: Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ) => unknown;
}

/** Not a file system: the place where PGlite lets us at the options of its module. */
class HookedFilesystem {
  module: Emscripten | null = null;
  exports: WasmExports | null = null;
  readonly #memory: WebAssembly.Memory;
  readonly #gate: LibraryGate;
  readonly #isCancelled: () => boolean;
  loads = 0;

  constructor(memory: WebAssembly.Memory, gate: LibraryGate, isCancelled: () => boolean) {
    this.#memory = memory;
    this.#gate = gate;
    this.#isCancelled = isCancelled;
  }

  init<Options extends EmscriptenOptions>(_pglite: unknown, options: Options) {
    const { instantiateWasm } = options;
    const hooked: Options["instantiateWasm"] = (imports, done) => {
      sealImports(imports.env, this.#memory);
      this.#hookLibraries(imports);
      this.#hookClock(imports);
      return instantiateWasm?.(imports, (instance, module) => {
        this.exports = instance.exports as unknown as WasmExports;
        done(instance, module);
      });
    };
    const emscriptenOpts = { ...options, wasmMemory: this.#memory, instantiateWasm: hooked };
    return Promise.resolve({ emscriptenOpts });
  }

  initialSyncFs(): Promise<void> {
    return Promise.resolve();
  }

  syncToFs(): Promise<void> {
    return Promise.resolve();
  }

  closeFs(): Promise<void> {
    return Promise.resolve();
  }

  dumpTar(): Promise<Blob> {
    return Promise.reject(new Error("A scratch database is not dumped"));
  }

  #hookLibraries({ env }: Imports): void {
    const open = env._dlopen_js;
    env._dlopen_js = (handle: number) => this.#openLibrary(handle, () => open(handle));
  }

  #hookClock({ env, wasi_snapshot_preview1: wasi }: Imports): void {
    // A timer could not fire while a statement runs; afterwards it would only keep the process from ending.
    env._setitimer_js = () => 0;
    const read = wasi.clock_time_get;
    wasi.clock_time_get = (id: number, precision: bigint, place: number) => {
      const status = read(id, precision, place);
      if (this.#isCancelled()) {
        const time = new DataView(this.#memory.buffer, place, 8);
        time.setBigUint64(0, time.getBigUint64(0, true) + LEAP, true);
      }
      return status;
    };
  }

  /**
   * Opens a library under a name of its own each time. The module's loader never forgets a name, but a rewind takes the
   * library's memory away, so the same name could not be loaded a second time. Where the file system has no such file the
   * loader would look on the disk, so it does not get that far.
   */
  #openLibrary(handle: number, open: () => number): number {
    const { module } = this;
    if (module === null) return 0;
    const name = handle + LIBRARY.name;
    const end = module.HEAPU8.indexOf(0, name);
    const path = Buffer.from(module.HEAPU8.slice(name, end)).toString();
    const alias = path.replace(/^\/pglite\//, () => `/${String(++this.loads).padStart(6, "0")}/`);
    const binary = alias === path ? null : readFile(module, path);
    if (binary === null || !this.#gate.knows(binary)) return this.#refuse(module, NOT_EMBEDDED);
    module.FS.mkdirTree(alias.slice(0, alias.lastIndexOf("/")));
    module.FS.writeFile(alias, binary);
    const record = module.HEAPU8.slice(handle, end);
    module.HEAPU8.set(Buffer.from(alias), name);
    module.HEAPU8.fill(0, handle + LIBRARY.dataSize, handle + LIBRARY.dataSize + 4);
    const result = this.#gate.open(open);
    for (const [field, bytes] of [[LIBRARY.dataSize, 4], [LIBRARY.name, path.length]] as const) {
      module.HEAPU8.set(record.subarray(field, field + bytes), handle + field);
    }
    module.FS.unlink(alias);
    return result;
  }

  /** Says why as `dlerror` does, and gives the handle for none. */
  #refuse(module: Emscripten, reason: string): 0 {
    const stack = module.stackSave();
    this.exports?.__dl_seterr(module.stringToUTF8OnStack(reason), 0);
    module.stackRestore(stack);
    return 0;
  }
}

function readFile({ FS }: Emscripten, path: string): Uint8Array | null {
  try {
    return FS.readFile(path);
  } catch {
    return null;
  }
}

/** Fields of Emscripten's record of a library (`struct dso` of its dynlink.c): without data the file is read anew. */
const LIBRARY = { dataSize: 32, name: 36 } as const;
