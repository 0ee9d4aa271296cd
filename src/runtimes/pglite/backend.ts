/** One Postgres backend in WebAssembly: started on a data directory, spoken to in wire messages, rewound as a whole. */

import {
  DATA_DIRECTORY,
  type FileTree,
  gatherFiles,
  memoryOf,
  mountTree,
  nodeAt,
  readTree,
  shareFiles,
  type Storage,
} from "./data_directory.ts";
import type { Emscripten, FileStream } from "./emscripten.ts";
import { type LoadedModule, loadModule, type ModuleParts } from "./load_module.ts";
import { Memory, type MemoryImage } from "./memory.ts";
import { AnswerBytes } from "../postgres_wire/answer_bytes.ts";
import type { Cancellation } from "./cancellation.ts";
import type { MemoryBudget } from "./memory_budget.ts";
import { Refusal, type RefusedFunction } from "./refused_functions.ts";
import { openStream, quickenFiles } from "./quick_files.ts";
import { START_PARAMETERS } from "./start_parameters.ts";
import { type Answer, copyFailMessage, readAnswer } from "../postgres_wire/messages.ts";

/** How to start a backend. */
export interface BackendOptions {
  readonly parts: ModuleParts;
  /** Files to add before the start, by absolute path: extensions. */
  readonly extraFiles: ReadonlyMap<string, Uint8Array>;
  /** Libraries to load before the start, so that they stand at the same place in each process. */
  readonly libraries: readonly string[];
  readonly refused: readonly RefusedFunction[];
  /** How its statements are ended. */
  readonly cancellation: Cancellation;
  /** What it may use. */
  readonly budget: MemoryBudget;
  /** Keep the write-ahead log, which only a later start of the cluster reads. */
  readonly keepsLog: boolean;
}

/** The whole state of an idle backend. */
export interface Image {
  readonly memory: MemoryImage;
  readonly tree: FileTree;
  readonly streams: readonly OpenFile[];
  readonly stack: number;
}

/** What is sent besides the message, and what is kept of the answer. */
export interface SendOptions {
  /** Handed over when the server asks for rows. */
  readonly copyData?: Uint8Array | null;
  /** False to pass over the rows of the answer. */
  readonly rows?: boolean;
}

/** The backend stopped in the middle of a statement and is of no use until it is restored. */
export class BackendCrash extends Error {
  /** True when the statement nested too deeply for the WebAssembly stack. */
  readonly tooDeep: boolean;
  /** True when a library called a function that the module does not have: its loader finds out as late as that. */
  readonly isMissing: boolean;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "BackendCrash";
    this.tooDeep = cause instanceof RangeError;
    this.isMissing = cause instanceof TypeError && /is not a function/.test(cause.message);
  }
}

/** See the module's comment. Every call is synchronous: nothing else runs until it returns. */
export class Backend {
  readonly #module: Emscripten;
  readonly #memory: Memory;
  readonly #storage: Storage;
  readonly #cancellation: Cancellation;
  readonly #budget: MemoryBudget;
  readonly #refusal: Refusal;
  readonly #libraries: () => number;
  #input: Uint8Array = new Uint8Array();
  #read = 0;
  #copyData: Uint8Array | null = null;
  #refusals = 0;
  #output: AnswerBytes;
  #crash: BackendCrash | null = null;
  /** The image that holds just this state; null as soon as something was sent. */
  #at: Image | null = null;
  /** Those that somebody may go back to. */
  readonly #images = new Set<Image>();

  /** Boots a backend on a copy-on-write view of the tree. */
  static async start(options: BackendOptions & { readonly tree: FileTree }): Promise<Backend> {
    const { loaded, backend } = await Backend.#load(options);
    backend.#boot(loaded, options.tree);
    return backend;
  }

  /** A backend in the state of an image that another process made, from a backend with the same parts and options. */
  static async resume(options: BackendOptions, image: Promise<Image>): Promise<Backend> {
    const { backend } = await Backend.#load(options);
    backend.restore(await image);
    return backend;
  }

  static async #load(options: BackendOptions) {
    const { cancellation, budget } = options;
    const loaded = await loadModule(options.parts, {
      isCancelled: () => cancellation.isCancelled(),
      maximumPages: budget.maximumPages,
    });
    cancellation.watch(loaded.memory, loaded.exports);
    return { loaded, backend: new Backend(loaded, options) };
  }

  private constructor(loaded: LoadedModule, options: BackendOptions) {
    const { module } = loaded;
    this.#module = module;
    this.#memory = new Memory(module, loaded.exports);
    this.#libraries = loaded.libraries;
    this.#cancellation = options.cancellation;
    this.#budget = options.budget;
    this.#output = this.#collect(true);
    this.#storage = shareFiles(module, options);
    quickenFiles(module.FS, `${DATA_DIRECTORY}/`);
    for (const [path, bytes] of options.extraFiles) {
      module.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
      module.FS.writeFile(path, bytes);
    }
    module._pgl_set_rw_cbs(
      module.addFunction((pointer = 0, length = 0) => this.#feed(pointer, length), "ipi"),
      module.addFunction((pointer = 0, length = 0) => this.#take(pointer, length), "ipi"),
    );
    module._pgl_set_popen_fn(module.addFunction(() => this.#refuseProgram(loaded), "ppp"));
    this.#refusal = new Refusal(module, loaded.exports, options.refused);
    this.#refusal.apply();
    for (const library of options.libraries) openLibrary(loaded, library);
  }

  #boot(loaded: LoadedModule, tree: FileTree): void {
    const module = this.#module;
    mountTree(module.FS, tree);
    module._pgl_setPGliteActive(1);
    let status;
    try {
      status = module.callMain([...START_PARAMETERS, "-D", DATA_DIRECTORY, DATABASE]);
    } catch (error) {
      throw new Error(`Postgres did not start: ${loaded.log.at(-1) ?? error}`, { cause: error });
    }
    if (status !== STILL_ALIVE) throw new Error(`Postgres did not start: ${loaded.log.at(-1)}`);
    module._pgl_startPGlite();
  }

  /** Sends one message and gives the whole answer. */
  send(message: Uint8Array, options: SendOptions = {}): Answer {
    return this.#readAnswer(this.exchange(message, options));
  }

  /** Sends one message and gives the bytes of the answer. */
  exchange(
    message: Uint8Array,
    { copyData = null, rows = true }: SendOptions = {},
  ): Uint8Array<ArrayBuffer> {
    if (this.#crash !== null) throw this.#crash;
    this.#at = null;
    this.#input = message;
    this.#read = 0;
    this.#copyData = copyData;
    this.#refusals = 0;
    this.#output = this.#collect(rows);
    this.#cancellation.clear();
    this.#crash = this.#run();
    if (this.#output.isTooMuch) throw this.#budget.resultTooLarge();
    const answer = this.#output.whole();
    if (this.#crash !== null && this.#readAnswer(answer).error === null) throw this.#crash;
    return answer;
  }

  /** What is no answer comes from a server that is of no use any more. */
  #readAnswer(answer: Uint8Array): Answer {
    try {
      return readAnswer(answer);
    } catch (error) {
      throw this.#crash = new BackendCrash(error);
    }
  }

  /** How many libraries were loaded until now, the first ones included. */
  get libraries(): number {
    return this.#libraries();
  }

  /** The state to come back to. The backend must be idle. */
  capture(): Image {
    if (this.#at !== null) return this.#at;
    gatherFiles(this.#module.FS, this.#storage, this.#trees());
    const image = {
      memory: this.#memory.capture(),
      tree: readTree(this.#module.FS),
      streams: openFiles(this.#module.FS.streams),
      stack: this.#module.stackSave(),
    };
    this.#images.add(image);
    return this.#at = image;
  }

  /** Gives up an image that this backend made, to which nobody goes back: its memory is used for others. */
  forget(image: Image): void {
    if (!this.#images.delete(image)) return;
    if (this.#at === image) this.#at = null;
    this.#memory.forget(image.memory);
    this.#sweep();
  }

  #sweep(): void {
    this.#storage.sweep(memoryOf(this.#module.FS, this.#trees()));
  }

  #trees(): readonly FileTree[] {
    return [...this.#images].map(({ tree }) => tree);
  }

  /** Goes back to an image that this backend made, from any state. */
  restore(image: Image): void {
    if (this.#at === image) return;
    const { FS } = this.#module;
    const kept = new Set(image.streams.map((file) => file.fd));
    FS.streams.forEach((stream, fd) => {
      if (stream && (isData(stream.path) || !kept.has(fd))) FS.streams[fd] = null;
    });
    mountTree(FS, image.tree);
    for (const file of image.streams) this.#reopen(file);
    this.#memory.restore(image.memory);
    this.#refusal.apply();
    FS.chdir(DATA_DIRECTORY);
    this.#module.stackRestore(image.stack);
    this.#crash = null;
    this.#at = image;
    this.#sweep();
  }

  /** Shuts the cluster down and gives its data directory; the backend is of no use afterwards. */
  shutdown(): FileTree {
    this.#module._pgl_setPGliteActive(0);
    this.#module._pgl_run_atexit_funcs();
    this.#crash = new BackendCrash("The backend was shut down");
    const tree = new Map(readTree(this.#module.FS));
    tree.delete("postmaster.pid");
    tree.delete("postmaster.opts");
    return tree;
  }

  /** Runs the message that `send` put in place; gives what stopped the backend, or null. */
  #run(): BackendCrash | null {
    const module = this.#module;
    try {
      while (this.#read < this.#input.length || module._pq_buffer_remaining_data() > 0) {
        this.#step();
      }
      module._PostgresSendReadyForQueryIfNecessary();
      module._pgl_pq_flush();
      return null;
    } catch (error) {
      return new BackendCrash(error);
    }
  }

  #step(): void {
    const module = this.#module;
    const stack = module.stackSave();
    try {
      module._PostgresMainLoopOnce();
    } catch (error) {
      module.stackRestore(stack);
      if (!isLongJump(error)) throw error;
      module._PostgresMainLongJmp();
    }
  }

  /** What C's `popen` does when no program may be run. */
  #refuseProgram({ exports }: LoadedModule): number {
    const { buffer } = this.#module.HEAPU8;
    new DataView(buffer).setInt32(exports.__errno_location(), NOT_PERMITTED, true);
    return NO_PIPE;
  }

  /** The server wants to read. When all was read it waits for the rows of a COPY, which it gets, or a refusal. */
  #feed(pointer: number, length: number): number {
    if (this.#read === this.#input.length) {
      if (this.#refusals > 0) throw new Error("The server waits for more input");
      this.#input = this.#copyData ?? copyFailMessage("no rows were sent with this statement");
      if (this.#copyData === null) this.#refusals++;
      this.#copyData = null;
      this.#read = 0;
    }
    const part = this.#input.subarray(this.#read, this.#read + length);
    this.#module.HEAPU8.set(part, pointer);
    this.#read += part.length;
    return part.length;
  }

  #take(pointer: number, length: number): number {
    this.#output.add(this.#module.HEAPU8.subarray(pointer, pointer + length));
    return length;
  }

  #collect(rows: boolean): AnswerBytes {
    const tooMuch = () => this.#cancellation.ask();
    return new AnswerBytes({ rows, most: this.#budget.mostOfAnswer, tooMuch });
  }

  /** Stands in for a pipe that the server made to wake itself; nothing writes to it. */
  #openSilent(file: OpenFile): void {
    const { FS } = this.#module;
    const stream = FS.open("/dev/null", "r+");
    FS.streams[stream.fd] = null;
    stream.fd = file.fd;
    stream.path = file.path;
    FS.streams[file.fd] = stream;
  }

  #reopen(file: OpenFile): void {
    const { FS } = this.#module;
    if (!isData(file.path)) {
      if (!FS.streams[file.fd]) this.#openSilent(file);
      return;
    }
    openStream(FS, nodeAt(FS, file.path), file, file.fd);
  }
}

/** Loads a library as Postgres itself would, before it runs. */
function openLibrary({ module, exports }: LoadedModule, library: string): void {
  const stack = module.stackSave();
  const path = module.stringToUTF8OnStack(`/pglite/lib/postgresql/${library}.so`);
  const handle = exports.dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  module.stackRestore(stack);
  if (handle === 0) throw new Error(`Cannot load the library "${library}"`);
}

/** EPERM of WASI, and the null pointer. */
const NOT_PERMITTED = 63;
const NO_PIPE = 0;

const RTLD_NOW = 2;
const RTLD_GLOBAL = 256;

/** The one that initdb makes for the superuser of the same name. */
const DATABASE = "postgres";

/** What PGlite's `main` returns when the server goes on living, and the exit status that stands for its long jump. */
const STILL_ALIVE = 99;
const LONG_JUMP = 100;

/** A file that the server has open. */
export interface OpenFile {
  readonly fd: number;
  readonly path: string;
  readonly flags: number;
  readonly position: number;
}

function openFiles(streams: readonly (FileStream | null | undefined)[]): OpenFile[] {
  return streams.flatMap((stream, fd) =>
    stream ? [{ fd, path: stream.path, flags: stream.flags, position: stream.position }] : []
  );
}

function isData(path: string): boolean {
  return path.startsWith(DATA_DIRECTORY);
}

function isLongJump(error: unknown): boolean {
  return typeof error === "object" && error !== null && "status" in error &&
    error.status === LONG_JUMP;
}
