/** SQLite as sql.js has it, in a thread of its own: started from what the main thread sends, called by it. */

import { DatabaseError } from "../core/error.ts";
import { BoundedRows } from "./bounded_rows.ts";
import {
  memoryScript,
  type SqliteDatabase,
  sqliteOperations,
  type SqliteState,
} from "./sqlite_operations.ts";
import { sqliteFault } from "./sqlite_fault.ts";
import { type Registered, type StandInFunction, standInFunctions } from "./sqlite_registered.ts";
import { readSettings, settingsScript } from "./sqlite_settings.ts";
import type { EngineStart, Operations } from "./worker/serve.ts";

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
  create_function(name: string, call: (...values: Value[]) => Value): unknown;
  close(): void;
}

/** sql.js' own loader: what its module exports. */
export type SqljsLoader = (options: {
  readonly useOldExtensionFunctions: boolean;
  readonly instantiateWasm: InstantiateWasm;
}) => Promise<Sqljs>;

interface Sqljs {
  readonly Database: new (bytes?: Uint8Array) => SqljsConnection;
  _sqlite3_create_function_v2(
    database: number,
    name: number,
    count: number,
    flags: number,
    ...rest: readonly number[]
  ): number;
}

/** A loader's hook to make the instance itself. */
type InstantiateWasm = (
  imports: WebAssembly.Imports,
  receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
) => Record<string, never>;

/**
 * Starts it with the loader that the bundle holds. Parts: `wasm`, sql.js' WebAssembly, compiled, and `registered`, what the
 * application registers.
 */
export async function start(start: EngineStart): Promise<Operations> {
  // Its loader wants a folder name even when it is given the program.
  (globalThis as { __dirname?: string }).__dirname ??= "/";
  const module = await import("sql.js") as { default: unknown };
  return await startWith(module.default as SqljsLoader, start);
}

/** The same with a loader that was found in another way. */
export async function startWith(init: SqljsLoader, start: EngineStart): Promise<Operations> {
  const compiled = await start.part("wasm") as WebAssembly.Module;
  const failed = Promise.withResolvers<never>();
  const instantiateWasm: InstantiateWasm = (imports, receive) => {
    WebAssembly.instantiate(compiled, imports)
      .then((instance) => receive(instance, compiled), failed.reject);
    return {};
  };
  const sqljs = await Promise.race([
    failed.promise,
    keepingByteOrderMarks(() => init({ useOldExtensionFunctions: false, instantiateWasm })),
  ]);
  const registered = await start.part("registered") as Registered;
  const functions = standInFunctions(registered);
  if (functions.length > 0) makeDeterministic(sqljs);
  const make = () => new SqljsDatabase(sqljs, start.memory, functions);
  return sqliteOperations(make, start, registered);
}

/** It registers functions as UTF-8 alone; an index takes deterministic ones only. */
function makeDeterministic(sqljs: Sqljs): void {
  const register = sqljs._sqlite3_create_function_v2;
  sqljs._sqlite3_create_function_v2 = (database, name, count, _flags, ...rest) =>
    register(database, name, count, UTF8 | DETERMINISTIC | INNOCUOUS, ...rest);
}

/** From SQLite's header. */
const UTF8 = 1;
const DETERMINISTIC = 0x800;
const INNOCUOUS = 0x200000;

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

class SqljsDatabase implements SqliteDatabase {
  readonly #sqljs: Sqljs;
  readonly #memory: number;
  readonly #functions: readonly StandInFunction[];
  #connection: SqljsConnection | null;

  constructor(sqljs: Sqljs, memory: number, functions: readonly StandInFunction[]) {
    this.#sqljs = sqljs;
    this.#memory = memory;
    this.#functions = functions;
    this.#connection = this.#connect();
  }

  exec(sql: string): void {
    this.#run(sql);
  }

  query(sql: string): readonly object[] {
    return this.#read(sql);
  }

  save(): SqliteState {
    const settings = settingsScript(readSettings((sql) => this.#read(sql)));
    return { bytes: this.#open().export(), settings };
  }

  load(state: SqliteState): void {
    this.close();
    this.#connection = this.#connect(state.bytes);
    this.#run(state.settings);
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
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
      const rows = new BoundedRows<Row>(this.#memory);
      while (statement.step()) {
        rows.add(plain(statement.getAsObject(null, { useBigInt: true })) as Row);
      }
      return rows.all;
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      throw sqliteFault(text(error), { sql, offset: 0 }, (part) => this.#compile(part), error);
    } finally {
      statement?.free();
    }
  }

  /** Nothing here outlives the process, and nobody else looks at it: what makes files safe only takes time. */
  #connect(bytes?: Uint8Array): SqljsConnection {
    const connection = new this.#sqljs.Database(bytes);
    connection.exec(`
      PRAGMA page_size = ${PAGE};
      PRAGMA journal_mode = MEMORY;
      PRAGMA synchronous = OFF;
      PRAGMA locking_mode = EXCLUSIVE;
      ${memoryScript(this.#memory, PAGE)}`);
    for (const { name, call } of this.#functions) connection.create_function(name, call);
    return connection;
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

/** Bytes of a page: most scratch databases are small. */
const PAGE = 1024;

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
