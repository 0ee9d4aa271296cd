/** A session on a MySQL or MariaDB server that people use, in which migrations run. */

import { type BookEdit, JOURNAL, type LockKey } from "../../core/book_edit.ts";
import { DatabaseError } from "../../core/error.ts";
import type { Statement } from "../../core/statement.ts";
import { connect } from "../../runtimes/mysql_remote/connect.ts";
import type { Session } from "../../runtimes/mysql_server/session.ts";
import { withoutValues } from "../common/without_values.ts";
import type { BookRow, FoundTable, LiveWriter, RowsQuery } from "../live.ts";
import { bookRows, editText, ident, rowsQuery, tableText } from "./books.ts";
import type { LiveAddress } from "./live_address.ts";
import { openSession } from "./live_session.ts";
import { literal, quotePath } from "./quote.ts";

/** Opens it. Throws DatabaseError for a server that does not let it in. */
export async function openWriter(address: LiveAddress): Promise<LiveWriter> {
  const session = await openSession(address);
  try {
    await session.run(SESSION);
    const [row] = await session.ask<{ account: string }>(
      "SELECT SUBSTRING_INDEX(USER(), '@', 1) AS account",
      1 << 16,
    );
    return new MysqlWriter(session, address, row?.account ?? "");
  } catch (error) {
    session.close();
    throw error;
  }
}

class MysqlWriter implements LiveWriter {
  readonly #session: Session;
  readonly #address: LiveAddress;
  readonly account: string;
  readonly journal: LiveWriter["journal"];

  constructor(session: Session, address: LiveAddress, account: string) {
    this.#session = session;
    this.#address = address;
    this.account = account;
    const table = tableText({ table: JOURNAL.table, schema: address.database });
    this.journal = {
      make: `CREATE TABLE IF NOT EXISTS ${table} (
  format varchar(50) NOT NULL, migration varchar(700) NOT NULL, direction varchar(4) NOT NULL,
  digest varchar(64) NOT NULL, done int NOT NULL, total int NOT NULL, back int, id int PRIMARY KEY DEFAULT 1
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4`,
      drop: `DROP TABLE IF EXISTS ${table}`,
    };
  }

  get shown(): string {
    return this.#address.shown;
  }

  get database(): string {
    return this.#address.database;
  }

  get schema(): string {
    return this.#address.database;
  }

  get inTransaction(): boolean {
    return this.#session.inTransaction;
  }

  get isLost(): boolean {
    return this.#session.isDead;
  }

  begin(): Promise<void> {
    return this.exec("START TRANSACTION READ WRITE");
  }

  async exec(sql: string): Promise<void> {
    await this.#session.run(sql);
  }

  async run({ sql }: Pick<Statement, "sql">): Promise<number | null> {
    try {
      await this.#session.run(sql);
    } catch (error) {
      throw error instanceof DatabaseError ? withoutValues(error, VALUES) : error;
    }
    return /^(?:INSERT|UPDATE|DELETE|REPLACE|LOAD|WITH)\b/i.test(sql)
      ? this.#session.written
      : null;
  }

  query<Row extends object>(sql: string): Promise<Row[]> {
    return this.#session.ask<Row>(sql, MOST_BYTES);
  }

  async rows(table: FoundTable, query: RowsQuery): Promise<readonly BookRow[]> {
    return bookRows(await this.query<Record<string, unknown>>(rowsQuery(table, query)));
  }

  async holds(table: string, columns: readonly string[]): Promise<boolean> {
    const tests = columns.map((name) => `${ident(name)} IS NOT NULL`).join(" OR ");
    const where = tests === "" ? "" : ` WHERE ${tests}`;
    try {
      const [row] = await this.query<{ holds: unknown }>(
        `SELECT EXISTS (SELECT 1 FROM ${quotePath(table)}${where}) AS holds`,
      );
      return Number(row?.holds ?? 1) !== 0;
    } catch (error) {
      if (error instanceof DatabaseError) return true;
      throw error;
    }
  }

  edit(table: Pick<FoundTable, "table" | "schema">, edit: BookEdit): string {
    return editText(table, edit);
  }

  /** A definition ends the transaction that it stands in. */
  isAtomic({ sql }: Statement): boolean {
    return /^(?:INSERT|UPDATE|DELETE|REPLACE|SELECT|WITH)\b/i.test(sql);
  }

  /** A definition that fails leaves nothing, unless it is of several things. */
  mayLeave({ sql }: Statement): boolean {
    return /^(?:CALL\b|LOAD\b|\/\*|BEGIN\s+NOT\b|(?:DROP|RENAME)\s+(?:TABLE|VIEW)S?\b[^;]*,)/i.test(
      sql,
    );
  }

  async reset(): Promise<void> {
    await this.exec(`ROLLBACK; UNLOCK TABLES; ${SESSION}`);
  }

  async lock({ text }: LockKey): Promise<boolean> {
    const [row] = await this.query<{ taken: unknown }>(
      `SELECT GET_LOCK(${literal(text.slice(0, 64))}, 0) AS taken`,
    );
    return Number(row?.taken ?? 0) === 1;
  }

  waitFor(milliseconds: number): Promise<void> {
    const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
    return this.exec(
      `SET SESSION lock_wait_timeout = ${seconds}, SESSION innodb_lock_wait_timeout = ${seconds}`,
    );
  }

  isPassing({ code }: DatabaseError): boolean {
    return code === "1205" || code === "1213";
  }

  async cancel(): Promise<void> {
    try {
      const other = await connect(this.#address.address);
      await other.run(`KILL QUERY ${this.#session.id}`);
      other.close();
    } catch (error) {
      // The statement goes on until it ends by itself.
      if (!(error instanceof DatabaseError)) throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#session.close();
    return Promise.resolve();
  }
}

/** `Duplicate entry 'x' for key 'k'`, `Incorrect integer value: 'x' for column 'c' at row 1`, `Truncated incorrect DOUBLE value: 'x'`. */
const VALUES = {
  message: [
    /^(Duplicate entry )'.*'( for key .*)$/s,
    /( value: )'.*'( for (?:column|function) .*)$/s,
    /( value: )'.*'()$/s,
  ],
  detail: [],
};

/** What scripts may change and that decides what later ones mean. */
const SESSION =
  "SET NAMES utf8mb4; SET SESSION sql_mode = DEFAULT, SESSION foreign_key_checks = @@GLOBAL.foreign_key_checks, SESSION unique_checks = @@GLOBAL.unique_checks, SESSION autocommit = DEFAULT, SESSION time_zone = DEFAULT";

/** Of an answer. */
const MOST_BYTES = 1 << 28;
