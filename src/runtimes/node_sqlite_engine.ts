/** SQLite of the host in a thread of its own, called by the main thread. */

import { DatabaseError, SetupError } from "../core/error.ts";
import { BoundedRows } from "./bounded_rows.ts";
import {
  connect,
  loadNodeSqlite,
  type NodeConnection,
  type NodeSqlite,
  type Value,
} from "./node_sqlite_host.ts";
import { sqliteFault } from "./sqlite_fault.ts";
import { MATH_FUNCTIONS } from "./sqlite_math.ts";
import {
  memoryScript,
  type SqliteDatabase,
  sqliteOperations,
  type SqliteState,
} from "./sqlite_operations.ts";
import { type Registered, type StandInFunction, standInFunctions } from "./sqlite_registered.ts";
import { readSettings, settingsScript } from "./sqlite_settings.ts";
import type { EngineStart, Operations } from "./worker/serve.ts";

/** Starts it. Part: `registered`, what the application registers. */
export async function start(start: EngineStart): Promise<Operations> {
  const host = await loadNodeSqlite();
  if (host === null) throw new SetupError("Cannot start node:sqlite in a thread of its own");
  const registered = await start.part("registered") as Registered;
  const functions = standInFunctions(registered);
  return sqliteOperations(() => new NodeDatabase(host, start.memory, functions), start, registered);
}

class NodeDatabase implements SqliteDatabase {
  readonly #host: NodeSqlite;
  readonly #memory: number;
  readonly #functions: readonly StandInFunction[];
  #connection: NodeConnection | null;

  constructor(host: NodeSqlite, memory: number, functions: readonly StandInFunction[]) {
    this.#host = host;
    this.#memory = memory;
    this.#functions = functions;
    this.#connection = this.#prepared();
  }

  exec(sql: string): void {
    this.#attempt(sql, (connection) => run(connection, sql));
  }

  query(sql: string): readonly object[] {
    return this.#attempt(sql, (connection) => read(connection, sql, this.#memory));
  }

  save(): SqliteState {
    return this.#attempt("", (connection) => {
      const ask = (sql: string) => read(connection, sql, this.#memory);
      const settings = settingsScript(readSettings(ask));
      return { bytes: connection.serialize?.() ?? new Uint8Array(), settings };
    });
  }

  load(state: SqliteState): void {
    this.#attempt("", (connection) => {
      connection.close();
      this.#connection = null;
      this.#connection = this.#prepared(state.bytes);
      this.#connection.exec(state.settings);
    });
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  #prepared(bytes?: Uint8Array): NodeConnection {
    const connection = prepared(this.#host, this.#memory, bytes);
    for (const { name, arguments: count, call } of this.#functions) {
      const options = {
        deterministic: true,
        useBigIntArguments: true,
        varargs: count < 0,
      } as const;
      connection.function(name, options, call);
    }
    return connection;
  }

  #attempt<T>(sql: string, work: (connection: NodeConnection) => T): T {
    const connection = this.#connection;
    if (connection === null) throw new DatabaseError("Cannot use a database that was ended");
    try {
      return work(connection);
    } catch (error) {
      throw error instanceof DatabaseError ? error : fault(error, sql, connection);
    }
  }
}

/** Deno lets a thread without permissions attach nothing, not even the database in memory that VACUUM makes; it changes no schema. */
function run(connection: NodeConnection, sql: string): void {
  try {
    connection.exec(sql);
  } catch (error) {
    const cannotAttach = error instanceof Error && /attached databases - max 0/.test(error.message);
    if (!cannotAttach || !VACUUM.test(sql)) throw error;
  }
}

const VACUUM = /^(?:\s|--.*\n|\/\*[\s\S]*?\*\/)*VACUUM(?:\s+(?:main|"main"))?\s*;?\s*$/i;

/** A new connection that can touch no file and computes what SQLite's own shell computes. */
function prepared(host: NodeSqlite, memory: number, bytes?: Uint8Array): NodeConnection {
  const connection = connect(host.Connection);
  if (bytes !== undefined && bytes.length > 0) connection.deserialize?.(bytes);
  connection.exec(memoryScript(memory, PAGE));
  connection.setAuthorizer?.((action, name) =>
    action === ATTACH && name !== "" && name !== ":memory:" ? DENY : OK
  );
  if (!host.hasMath) {
    for (const { name, calls } of MATH_FUNCTIONS) {
      for (const call of calls) {
        connection.function(name, { deterministic: true, useBigIntArguments: true }, call);
      }
    }
  }
  return connection;
}

const ATTACH = 24;
const DENY = 1;
const OK = 0;

function read(connection: NodeConnection, sql: string, memory: number): readonly object[] {
  const statement = connection.prepare(sql);
  statement.setReadBigInts(true);
  const rows = new BoundedRows<object>(memory);
  for (const row of statement.iterate()) {
    const plain: Record<string, Value> = {};
    for (const [key, value] of Object.entries(row)) {
      const fits = typeof value === "bigint" && BigInt.asIntN(53, value) === value;
      plain[key] = fits ? Number(value) : value;
    }
    rows.add(plain);
  }
  return rows.all;
}

/** Bytes of a page, as SQLite has it by default. */
const PAGE = 4096;

function fault(error: unknown, sql: string, connection: NodeConnection): DatabaseError {
  const message = error instanceof Error ? error.message : String(error);
  const told = toldByDeno(message, sql);
  if (told !== null) {
    const whole = { sql: "", offset: 0 };
    const named = sqliteFault(told.message, whole, () => null, error);
    return new DatabaseError(told.message, {
      code: named.code,
      offset: told.offset,
      hint: named.hint,
      cause: error,
    });
  }
  return sqliteFault(message, { sql, offset: 0 }, (part) => {
    try {
      connection.prepare(part);
      return null;
    } catch (refused) {
      const text = refused instanceof Error ? refused.message : String(refused);
      return toldByDeno(text, part)?.message ?? text;
    }
  }, error);
}

/** Deno appends ` in <rest of the script> at offset <bytes>`. */
function toldByDeno(message: string, sql: string): { message: string; offset: number } | null {
  const bytes = / at offset (\d+)$/.exec(message);
  if (bytes === null) return null;
  const body = message.slice(0, bytes.index);
  for (let at = body.indexOf(" in "); at >= 0; at = body.indexOf(" in ", at + 1)) {
    const rest = body.slice(at + 4);
    if (!sql.endsWith(rest)) continue;
    const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      new TextEncoder().encode(rest).slice(0, Number(bytes[1])),
    );
    return { message: body.slice(0, at), offset: sql.length - rest.length + before.length };
  }
  return null;
}
