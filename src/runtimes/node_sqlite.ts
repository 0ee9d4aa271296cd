/** SQLite of the host: `node:sqlite`, set up to behave as a stock build does. */

import { DatabaseError, SetupError } from "../errors.ts";
import type { Checkpoint, Database, Runtime, Target } from "./runtime.ts";
import { SingleServer } from "./single_server.ts";
import { sqliteFault } from "./sqlite_fault.ts";
import { MATH_FUNCTIONS } from "./sqlite_math.ts";
import { readSettings, settingsScript } from "./sqlite_settings.ts";
import { isNewer } from "./version.ts";

/** The SQLite that Deno, Bun or Node brings along. It has modules that the embedded one lacks: FTS5, R-Tree. */
export const nodeSqlite: Runtime = {
  name: "node:sqlite",
  refuses: (target) => refusal(target),
  start: async (_target, { signal }) => {
    signal.throwIfAborted();
    const host = await load();
    if (host === null) throw new SetupError(`Cannot start node:sqlite: ${MISSING}`);
    return new SingleServer("node:sqlite", host.version, () => new NodeDatabase(host));
  },
};

const MISSING = "this runtime has no module node:sqlite";

async function refusal(target: Target): Promise<string | null> {
  if (target.dialect !== "sqlite") return `it runs SQLite, not ${target.dialect}`;
  const host = await load();
  if (host === null) return MISSING;
  if (!host.rewinds) return `the node:sqlite of this runtime is too old: it has no serialize()`;
  const missing = target.needs.filter((need) => !host.modules.has(need));
  if (missing.length > 0) {
    return `its SQLite ${host.version} is built without the module ${missing.join(", ")}`;
  }
  if (target.version !== null && !target.anyVersion && isNewer(target.version, host.version)) {
    return `it is SQLite ${host.version}, older than ${target.version}`;
  }
  return null;
}

type Value = string | number | bigint | Uint8Array | null;

interface NodeStatement {
  all(): Record<string, Value>[];
  setReadBigInts(enabled: boolean): void;
}

interface NodeConnection {
  exec(sql: string): void;
  prepare(sql: string): NodeStatement;
  close(): void;
  function(
    name: string,
    options: { readonly deterministic: true; readonly useBigIntArguments: true },
    call: (...values: Value[]) => Value,
  ): void;
  serialize?(): Uint8Array;
  deserialize?(bytes: Uint8Array): void;
  setAuthorizer?(call: (action: number, name: string | null) => number): void;
  enableDefensive?(active: boolean): void;
}

interface Host {
  readonly Connection: new (path: string, options: object) => NodeConnection;
  readonly version: string;
  readonly modules: ReadonlySet<string>;
  /** False when it lacks functions that SQLite's own shell has. */
  readonly hasMath: boolean;
  readonly rewinds: boolean;
}

let loaded: Promise<Host | null> | undefined;

function load(): Promise<Host | null> {
  loaded ??= (async () => {
    try {
      const { DatabaseSync } = await import("node:sqlite");
      const Connection = DatabaseSync as unknown as Host["Connection"];
      const probe = connect(Connection);
      const column = (sql: string) =>
        probe.prepare(sql).all().map((row) => String(Object.values(row)[0]));
      const host = {
        Connection,
        version: column("SELECT sqlite_version()")[0] ?? "",
        modules: new Set(column("SELECT name FROM pragma_module_list")),
        hasMath: column("SELECT 1 FROM pragma_function_list WHERE name = 'sqrt'").length > 0,
        rewinds: probe.serialize !== undefined && probe.deserialize !== undefined,
      };
      probe.close();
      return host;
    } catch {
      return null;
    }
  })();
  return loaded;
}

/** Stock SQLite takes "x" for a string where no column has that name, and leaves foreign keys alone until asked. */
function connect(Connection: Host["Connection"]): NodeConnection {
  const connection = new Connection(":memory:", {
    enableDoubleQuotedStringLiterals: true,
    enableForeignKeyConstraints: false,
  });
  connection.enableDefensive?.(false);
  return connection;
}

interface State extends Checkpoint {
  readonly bytes: Uint8Array;
  readonly settings: string;
}

class NodeDatabase implements Database {
  readonly dialect = "sqlite";
  readonly #host: Host;
  readonly #states = new Map<number, State>();
  #connection: NodeConnection | null;

  constructor(host: Host) {
    this.#host = host;
    this.#connection = prepared(host);
  }

  exec(sql: string): Promise<void> {
    return this.#attempt(sql, (connection) => connection.exec(sql));
  }

  query<Row extends object>(sql: string): Promise<Row[]> {
    return this.#attempt(sql, (connection) => read<Row>(connection, sql));
  }

  checkpoint(): Promise<Checkpoint> {
    return this.#attempt("", (connection) => {
      const settings = settingsScript(readSettings((sql) => read(connection, sql)));
      const bytes = connection.serialize?.() ?? new Uint8Array();
      const state = { id: this.#states.size + 1, bytes, settings };
      this.#states.set(state.id, state);
      return { id: state.id };
    });
  }

  rewind(to: Checkpoint): Promise<void> {
    return this.#attempt("", (connection) => {
      const state = this.#states.get(to.id);
      if (state === undefined) throw new DatabaseError(`Cannot rewind to unknown state ${to.id}`);
      connection.close();
      this.#connection = null;
      this.#connection = prepared(this.#host, state.bytes);
      this.#connection.exec(state.settings);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#connection?.close();
    this.#connection = null;
    this.#states.clear();
    return Promise.resolve();
  }

  #attempt<T>(sql: string, work: (connection: NodeConnection) => T): Promise<T> {
    const connection = this.#connection;
    if (connection === null) {
      return Promise.reject(new DatabaseError("Cannot use a database that was ended"));
    }
    try {
      return Promise.resolve(work(connection));
    } catch (error) {
      if (error instanceof DatabaseError) return Promise.reject(error);
      return Promise.reject(fault(error, sql, connection));
    }
  }
}

/** A new connection that can touch no file and computes what SQLite's own shell computes. */
function prepared(host: Host, bytes?: Uint8Array): NodeConnection {
  const connection = connect(host.Connection);
  if (bytes !== undefined && bytes.length > 0) connection.deserialize?.(bytes);
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

function read<Row extends object>(connection: NodeConnection, sql: string): Row[] {
  const statement = connection.prepare(sql);
  statement.setReadBigInts(true);
  return statement.all().map((row) => {
    const plain: Record<string, Value> = {};
    for (const [key, value] of Object.entries(row)) {
      const fits = typeof value === "bigint" && BigInt.asIntN(53, value) === value;
      plain[key] = fits ? Number(value) : value;
    }
    return plain as Row;
  });
}

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
