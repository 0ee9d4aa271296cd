/** The module `node:sqlite` of Deno, Bun or Node: what it is, and how a database is opened. */

/** A value as the driver has it. */
export type Value = string | number | bigint | Uint8Array | null;

/** A prepared statement. */
export interface NodeStatement {
  iterate(): Iterable<Record<string, Value>>;
  all(): Record<string, Value>[];
  setReadBigInts(enabled: boolean): void;
}

/** An open database. */
export interface NodeConnection {
  exec(sql: string): void;
  prepare(sql: string): NodeStatement;
  close(): void;
  readonly isTransaction?: boolean;
  function(
    name: string,
    options: {
      readonly deterministic: true;
      readonly useBigIntArguments: true;
      readonly varargs?: boolean;
    },
    call: (...values: Value[]) => Value,
  ): void;
  serialize?(): Uint8Array;
  deserialize?(bytes: Uint8Array): void;
  setAuthorizer?(call: (action: number, name: string | null) => number): void;
  enableDefensive?(active: boolean): void;
}

/** What the host's module is and can do. */
export interface NodeSqlite {
  readonly Connection: new (path: string, options: object) => NodeConnection;
  readonly version: string;
  readonly modules: ReadonlySet<string>;
  /** False when it lacks functions that SQLite's own shell has. */
  readonly hasMath: boolean;
  readonly rewinds: boolean;
}

let loaded: Promise<NodeSqlite | null> | undefined;

/** Loads the module once; null when this host has none. */
export function loadNodeSqlite(): Promise<NodeSqlite | null> {
  loaded ??= (async () => {
    try {
      const { DatabaseSync } = await import("node:sqlite");
      const Connection = DatabaseSync as unknown as NodeSqlite["Connection"];
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
export function connect(Connection: NodeSqlite["Connection"]): NodeConnection {
  const connection = new Connection(":memory:", {
    enableDoubleQuotedStringLiterals: true,
    enableForeignKeyConstraints: false,
  });
  connection.enableDefensive?.(false);
  return connection;
}
