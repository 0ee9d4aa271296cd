/** A SQLite file that people use, in which migrations run. */

import { basename } from "node:path";
import { type BookEdit, JOURNAL } from "../../core/book_edit.ts";
import { DatabaseError } from "../../core/error.ts";
import type { Statement } from "../../core/statement.ts";
import { SqliteWritten } from "../../runtimes/sqlite_written.ts";
import type { BookRow, FoundTable, LiveWriter, RowsQuery } from "../live.ts";
import { RESET } from "./reset.ts";
import { editText, ident, rowsQuery } from "./books.ts";

/** Opens it. Throws DatabaseError for a file that cannot be written to. */
export async function openWriter(path: string): Promise<LiveWriter> {
  return new SqliteWriter(await SqliteWritten.open(path), path);
}

class SqliteWriter implements LiveWriter {
  readonly #file: SqliteWritten;
  readonly shown: string;
  readonly account = "";
  readonly database: string;
  readonly schema = null;
  readonly isLost = false;
  readonly journal = {
    make: `CREATE TABLE IF NOT EXISTS ${JOURNAL.table} (
  format TEXT NOT NULL, migration TEXT NOT NULL, direction TEXT NOT NULL,
  digest TEXT NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL, back INTEGER
)`,
    drop: `DROP TABLE IF EXISTS ${JOURNAL.table}`,
  };

  constructor(file: SqliteWritten, path: string) {
    this.#file = file;
    this.shown = `sqlite:${path}`;
    this.database = basename(path);
  }

  get inTransaction(): boolean {
    return this.#file.inTransaction;
  }

  // One that reads first may find that another has written meanwhile.
  begin(): Promise<void> {
    return this.exec("BEGIN IMMEDIATE");
  }

  async exec(sql: string): Promise<void> {
    await this.#file.run(sql);
  }

  run({ sql }: Pick<Statement, "sql">): Promise<number | null> {
    return this.#file.run(sql);
  }

  query<Row extends object>(sql: string): Promise<Row[]> {
    return this.#file.query<Row>(sql);
  }

  rows({ table }: FoundTable, query: RowsQuery): Promise<readonly BookRow[]> {
    return this.#file.query(rowsQuery(table, query));
  }

  async holds(table: string, columns: readonly string[]): Promise<boolean> {
    const tests = columns.map((name) => `${ident(name)} IS NOT NULL`).join(" OR ");
    const where = tests === "" ? "" : ` WHERE ${tests}`;
    const name = table.replace(/^main\./, "");
    try {
      const [row] = await this.query<{ holds: number }>(
        `SELECT EXISTS (SELECT 1 FROM ${ident(name)}${where}) AS holds`,
      );
      return row?.holds !== 0;
    } catch (error) {
      if (error instanceof DatabaseError) return true;
      throw error;
    }
  }

  edit(table: Pick<FoundTable, "table">, edit: BookEdit): string {
    return editText(table, edit);
  }

  isAtomic({ transactional }: Statement): boolean {
    return transactional;
  }

  mayLeave({ transactional }: Statement): boolean {
    return !transactional;
  }

  reset(): Promise<void> {
    return this.exec(RESET);
  }

  /** A file has no such lock: each transaction looks whether the books still say what they said. */
  lock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  waitFor(milliseconds: number): Promise<void> {
    return this.exec(`PRAGMA busy_timeout = ${Math.max(1, Math.round(milliseconds))}`);
  }

  isPassing({ message }: DatabaseError): boolean {
    return /\bdatabase (?:table )?is locked\b/.test(message);
  }

  /** A statement runs in this very thread: nothing is heard meanwhile. */
  cancel(): Promise<void> {
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}
