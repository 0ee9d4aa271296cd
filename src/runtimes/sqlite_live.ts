/** A SQLite file that people use: opened to be read, and nothing else. */

import { DatabaseError, SetupError } from "../core/error.ts";
import { loadNodeSqlite, type NodeConnection, type Value } from "./node_sqlite_host.ts";
import type { Connection } from "./runtime.ts";

/** See the module's comment. */
export class SqliteFile implements Connection, AsyncDisposable {
  readonly dialect = "sqlite";
  readonly #connection: NodeConnection;
  readonly version: string;

  /** Throws SetupError where the host has no SQLite, DatabaseError for a file that cannot be read. */
  static async open(path: string): Promise<SqliteFile> {
    const host = await loadNodeSqlite();
    if (host === null) {
      throw new SetupError("Cannot read a SQLite file: this runtime has no module node:sqlite", {
        code: "no-runtime",
        hint: "Use the released binary of aim",
      });
    }
    try {
      const connection = new host.Connection(path, { readOnly: true, timeout: 2000 });
      const file = new SqliteFile(connection, host.version);
      await file.query("SELECT count(*) AS n FROM sqlite_schema");
      return file;
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  private constructor(connection: NodeConnection, version: string) {
    this.#connection = connection;
    this.version = version;
  }

  exec(): Promise<void> {
    return Promise.reject(new Error("Only queries may be sent to a live database"));
  }

  execAll(): Promise<void> {
    return this.exec();
  }

  query<Row extends object>(sql: string): Promise<Row[]> {
    if (!/^\s*(?:SELECT|WITH)\b/i.test(sql)) return this.exec().then(() => []);
    return Promise.resolve().then(() => {
      try {
        const statement = this.#connection.prepare(sql);
        statement.setReadBigInts(true);
        return statement.all().map(plain) as Row[];
      } catch (error) {
        throw new DatabaseError(error instanceof Error ? error.message : String(error), {
          cause: error,
        });
      }
    });
  }

  /** Runs queries in one transaction, so that they see one state. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    this.#connection.exec("BEGIN");
    try {
      return await work();
    } finally {
      this.#connection.exec("ROLLBACK");
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}

/** Whole numbers as numbers, where they are exact. */
function plain(row: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "bigint" && BigInt.asIntN(53, value) === value ? Number(value) : value,
    ]),
  );
}

function unreadable(path: string, error: unknown): DatabaseError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DatabaseError(`Cannot read the SQLite file "${path}": ${reason}`, {
    cause: error,
    hint: /readonly|read-only/i.test(reason)
      ? "It is in WAL mode and the folder cannot be written to: read a copy of it"
      : "Check the path, and that it is a SQLite database that is not encrypted",
  });
}
