/** A SQLite file that people use, opened to be written to. */

import { DatabaseError, SetupError } from "../core/error.ts";
import { loadNodeSqlite, type NodeConnection, type Value } from "./node_sqlite_host.ts";

/** See the module's comment. All errors are `DatabaseError`. */
export class SqliteWritten implements AsyncDisposable {
  readonly #connection: NodeConnection;

  /** Throws SetupError where the host has no SQLite, DatabaseError for a file that cannot be opened. */
  static async open(path: string): Promise<SqliteWritten> {
    const host = await loadNodeSqlite();
    if (host === null) {
      throw new SetupError(
        "Cannot write to a SQLite file: this runtime has no module node:sqlite",
        {
          code: "no-runtime",
          hint: "Use the released binary of aim",
        },
      );
    }
    try {
      const connection = new host.Connection(path, {
        timeout: 5000,
        // As SQLite is where nobody asks for anything else, and as runners' drivers open it.
        enableDoubleQuotedStringLiterals: true,
        enableForeignKeyConstraints: false,
      });
      connection.enableDefensive?.(false);
      return new SqliteWritten(connection);
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  private constructor(connection: NodeConnection) {
    this.#connection = connection;
  }

  get inTransaction(): boolean {
    return this.#connection.isTransaction === true;
  }

  /** Runs one statement; gives how many rows it wrote, null for one that writes none. */
  run(sql: string): Promise<number | null> {
    return this.#try(() => {
      const total = () => Number(this.#all("SELECT total_changes() AS n")[0]?.n ?? 0);
      const before = total();
      this.#connection.exec(sql);
      const written = total() - before;
      return written > 0 ? written : null;
    });
  }

  query<Row extends object>(sql: string): Promise<Row[]> {
    return this.#try(() => this.#all(sql).map(plain) as Row[]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  #all(sql: string): Record<string, Value>[] {
    const statement = this.#connection.prepare(sql);
    statement.setReadBigInts(true);
    return statement.all();
  }

  #try<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      try {
        resolve(work());
      } catch (error) {
        reject(asDatabaseError(error));
      }
    });
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

function asDatabaseError(error: unknown): DatabaseError {
  return new DatabaseError(error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
