/** The parts of PGlite's WebAssembly module that the backend works with. Undocumented, hence the exact pin of the package. */

/** The module: Postgres' entry points, its memory and its file system. */
export interface Emscripten {
  readonly FS: FileSystem;
  readonly MEMFS: {
    readonly ops_table: { readonly file: { readonly stream: StreamOperations } } | null;
  };
  /** Replaced when the memory grows: read it anew for each use. */
  readonly HEAPU8: Uint8Array;
  readonly ENV: Record<string, string>;
  addFunction(callback: (...values: number[]) => number, signature: string): number;
  callMain(args: string[]): number;
  stackSave(): number;
  stackRestore(pointer: number): void;
  stringToUTF8OnStack(text: string): number;
  _pgl_set_rw_cbs(read: number, write: number): void;
  _pgl_set_popen_fn(open: number): void;
  _pgl_setPGliteActive(active: number): number;
  _pgl_startPGlite(): void;
  _pgl_run_atexit_funcs(): void;
  _pgl_pq_flush(): void;
  _pq_buffer_remaining_data(): number;
  _PostgresMainLoopOnce(): void;
  _PostgresMainLongJmp(): void;
  _PostgresSendReadyForQueryIfNecessary(): void;
}

/** What instantiation gives besides the module's own members. */
export interface WasmExports {
  /** Where the end of the used memory is kept. */
  emscripten_get_sbrk_ptr(): number;
  /** The handle of the library, 0 for none. */
  dlopen(path: number, flags: number): number;
  /** Keeps the text, where `%s` stands for the second, as the reason of a failed `dlopen`. */
  __dl_seterr(text: number, value: number): void;
  /** Postgres' way to raise an error; the texts are formats of `printf`, with no values. */
  errstart(level: number, domain: number): number;
  errcode(code: number): number;
  errmsg(text: number, values: number): number;
  errhint(text: number, values: number): number;
  errfinish(file: number, line: number, routine: number): void;
  /** Where C keeps the number of the last error. */
  __errno_location(): number;
  /** Addresses of Postgres' flags of that name. */
  readonly InterruptPending: { readonly value: number };
  readonly QueryCancelPending: { readonly value: number };
}

/** A file or folder of the in-memory file system. */
export interface FileNode {
  readonly name: string;
  /** The folder that it is in; the root is in itself. */
  readonly parent: FileNode;
  /** What is mounted on it. */
  readonly mounted: unknown;
  mode: number;
  /** A folder's entries by name, or a file's bytes with spare room at the end. */
  contents: Record<string, FileNode> | Uint8Array | Int8Array;
  usedBytes: number;
  readonly stream_ops: StreamOperations;
  readonly node_ops: {
    mknod(parent: FileNode, name: string, mode: number, device: number): FileNode;
  };
  /** What a snapshot has of the file, and the array it was true of: `contents` itself or a copy; see `shareFiles`. */
  kept?: { readonly bytes: Uint8Array; readonly of: FileNode["contents"] };
}

/** An open file. */
export interface FileStream {
  readonly node?: FileNode;
  path: string;
  flags: number;
  position: number;
  fd: number;
  stream_ops: StreamOperations;
}

/** How files are written. */
export interface StreamOperations {
  write(
    stream: FileStream,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
    canOwn?: boolean,
  ): number;
}

/** What is looked for: the folder instead of what is in it; and whether there may be nothing. */
export interface LookupOptions {
  readonly parent?: boolean;
  readonly noent_okay?: boolean;
}

/** What stands at a path; without a node when there may be nothing and is nothing. */
export interface Found {
  readonly path: string;
  readonly node?: FileNode;
}

/** The in-memory file system. */
export interface FileSystem {
  readonly streams: (FileStream | null | undefined)[];
  lookupPath(path: string, options?: LookupOptions): Found;
  rename(from: string, to: string): void;
  cwd(): string;
  /** The absolute path of a node, links resolved. */
  getPath(node: FileNode): string;
  destroyNode(node: FileNode): void;
  createStream(stream: object, fd?: number): FileStream;
  nextfd(): number;
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  mkdirTree(path: string): void;
  chdir(path: string): void;
  readFile(path: string): Uint8Array<ArrayBuffer>;
  writeFile(path: string, data: Uint8Array): void;
  unlink(path: string): void;
  open(path: string, flags: string | number, mode?: number): FileStream;
  readonly ErrnoError: new (errno: number) => Error;
}
