/** SQLite inside the program: sql.js, the official amalgamation compiled to WebAssembly. */

import { writeFile } from "node:fs/promises";
import { asset, type AssetGroup, packageFile } from "../assets.ts";
import { DatabaseError } from "../errors.ts";
import type { Checkpoint, Database, Runtime, Target } from "./runtime.ts";
import { SingleServer } from "./single_server.ts";
import { sqliteFault } from "./sqlite_fault.ts";
import { readSettings, settingsScript } from "./sqlite_settings.ts";
import { isNewer } from "./version.ts";

/** The embedded SQLite. */
export const sqljs: Runtime = {
  name: "sql.js",
  refuses: (target) => Promise.resolve(refusal(target)),
  start: async (_target, { signal }) => {
    signal.throwIfAborted();
    const sqljs = await load();
    return new SingleServer("sql.js", VERSION, () => new SqljsDatabase(sqljs));
  },
};

/** The WebAssembly that sql.js needs. */
export const SQLJS_ASSETS: AssetGroup = {
  name: "sqljs",
  key: "1.16.0",
  make: async (folder) => {
    await writeFile(`${folder}/sql-wasm.wasm`, await packageFile("sql.js/dist/sql-wasm.wasm"));
  },
};

/** What SQL.js 1.16.0 is. */
const VERSION = "3.54.1";

/** The virtual-table modules that it is built with. */
const MODULES = new Set(["fts3", "fts4", "fts3tokenize", "fts4aux"]);

function refusal(target: Target): string | null {
  if (target.dialect !== "sqlite") return `it runs SQLite, not ${target.dialect}`;
  const missing = target.needs.filter((need) => !MODULES.has(need));
  if (missing.length > 0) return `it is built without the module ${missing.join(", ")}`;
  if (target.version !== null && !target.anyVersion && isNewer(target.version, VERSION)) {
    return `it is SQLite ${VERSION}, older than ${target.version}`;
  }
  return null;
}

type Value = string | number | bigint | Uint8Array | null;

interface SqljsStatement {
  step(): boolean;
  getAsObject(params: null, config: { readonly useBigInt: boolean }): Record<string, Value>;
  /** Its text from the end of the one before. */
  getSQL(): string;
  free(): boolean;
}

interface SqljsConnection {
  exec(sql: string): unknown;
  prepare(sql: string): SqljsStatement;
  iterateStatements(sql: string): Iterator<SqljsStatement>;
  export(): Uint8Array;
  close(): void;
}

interface Sqljs {
  readonly Database: new (bytes?: Uint8Array) => SqljsConnection;
}

/** A loader's hook to make the instance itself. */
type InstantiateWasm = (
  imports: WebAssembly.Imports,
  receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
) => Record<string, never>;

let loaded: Promise<Sqljs> | undefined;

function load(): Promise<Sqljs> {
  loaded ??= (async () => {
    // Its loader wants a folder name even when it is given the bytes.
    (globalThis as { __dirname?: string }).__dirname ??= "/";
    const [module, wasm] = await Promise.all([
      import("sql.js") as Promise<{ default: unknown }>,
      asset(SQLJS_ASSETS, "sql-wasm.wasm"),
    ]);
    const init = module.default as (options: {
      readonly wasmBinary: ArrayBuffer;
      readonly useOldExtensionFunctions: boolean;
      readonly instantiateWasm: InstantiateWasm;
    }) => Promise<Sqljs>;
    // Left alone, its loader prints what is wrong with a damaged file, throws it where nobody can catch it, and never starts again.
    const compiled = await WebAssembly.compile(wasm);
    const failed = Promise.withResolvers<never>();
    const instantiateWasm: InstantiateWasm = (imports, receive) => {
      WebAssembly.instantiate(compiled, imports)
        .then((instance) => receive(instance, compiled), failed.reject);
      return {};
    };
    return await Promise.race([
      failed.promise,
      keepingByteOrderMarks(() =>
        init({ wasmBinary: wasm.buffer, useOldExtensionFunctions: false, instantiateWasm })
      ),
    ]);
  })();
  // Damaged files can be made again, and then it loads.
  loaded.catch(() => loaded = undefined);
  return loaded;
}

/** The loader makes its decoder at once; by default that one drops a byte order mark in front of every name and value. */
function keepingByteOrderMarks<T>(start: () => T): T {
  const Decoder = globalThis.TextDecoder;
  globalThis.TextDecoder = class extends Decoder {
    constructor() {
      super("utf-8", { ignoreBOM: true });
    }
  };
  try {
    return start();
  } finally {
    globalThis.TextDecoder = Decoder;
  }
}

interface State extends Checkpoint {
  readonly bytes: Uint8Array;
  readonly settings: string;
}

class SqljsDatabase implements Database {
  readonly dialect = "sqlite";
  readonly #sqljs: Sqljs;
  readonly #states = new Map<number, State>();
  #connection: SqljsConnection | null;

  constructor(sqljs: Sqljs) {
    this.#sqljs = sqljs;
    this.#connection = connect(sqljs);
  }

  exec(sql: string): Promise<void> {
    return attempt(() => this.#run(sql));
  }

  query<Row extends object>(sql: string): Promise<Row[]> {
    return attempt(() => this.#read<Row>(sql));
  }

  checkpoint(): Promise<Checkpoint> {
    return attempt(() => {
      const settings = settingsScript(readSettings((sql) => this.#read(sql)));
      const state = { id: this.#states.size + 1, bytes: this.#open().export(), settings };
      this.#states.set(state.id, state);
      return { id: state.id };
    });
  }

  rewind(to: Checkpoint): Promise<void> {
    return attempt(() => {
      const state = this.#states.get(to.id);
      if (state === undefined) throw new DatabaseError(`Cannot rewind to unknown state ${to.id}`);
      this.#connection?.close();
      this.#connection = null;
      this.#connection = connect(this.#sqljs, state.bytes);
      this.#run(state.settings);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#connection?.close();
    this.#connection = null;
    this.#states.clear();
    return Promise.resolve();
  }

  #open(): SqljsConnection {
    if (this.#connection === null) throw new DatabaseError("Cannot use a database that was ended");
    return this.#connection;
  }

  #run(sql: string): void {
    const statements = this.#open().iterateStatements(sql);
    for (let offset = 0;;) {
      try {
        const next = statements.next();
        if (next.done === true) return;
        while (next.value.step());
        offset += next.value.getSQL().length;
      } catch (error) {
        const rest = sql.slice(offset);
        throw sqliteFault(text(error), { sql: rest, offset }, (part) => this.#compile(part), error);
      }
    }
  }

  #read<Row extends object>(sql: string): Row[] {
    let statement: SqljsStatement | undefined;
    try {
      statement = this.#open().prepare(sql);
      const rows: Row[] = [];
      while (statement.step()) {
        rows.push(plain(statement.getAsObject(null, { useBigInt: true })) as Row);
      }
      return rows;
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      throw sqliteFault(text(error), { sql, offset: 0 }, (part) => this.#compile(part), error);
    } finally {
      statement?.free();
    }
  }

  #compile(sql: string): string | null {
    try {
      this.#open().prepare(sql).free();
      return null;
    } catch (error) {
      return text(error);
    }
  }
}

/** Nothing here outlives the process, and nobody else looks at it: what makes files safe only takes time. */
function connect(sqljs: Sqljs, bytes?: Uint8Array): SqljsConnection {
  const connection = new sqljs.Database(bytes);
  connection.exec(`
    PRAGMA page_size = 1024;
    PRAGMA journal_mode = MEMORY;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;`);
  return connection;
}

/** Whole numbers as numbers where they fit exactly. */
function plain(row: Record<string, Value>): Record<string, Value> {
  for (const [key, value] of Object.entries(row)) {
    if (typeof value === "bigint" && BigInt.asIntN(53, value) === value) row[key] = Number(value);
  }
  return row;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function attempt<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(error);
  }
}
