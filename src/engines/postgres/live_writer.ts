/** A session on a Postgres server that people use, in which migrations run. */

import type { BookEdit, LockKey } from "../../core/book_edit.ts";
import { JOURNAL } from "../../core/book_edit.ts";
import { DatabaseError } from "../../core/error.ts";
import type { Statement } from "../../core/statement.ts";
import { type PostgresAddress, shownAddress } from "../../runtimes/postgres_server/address.ts";
import { PostgresClient } from "../../runtimes/postgres_server/client.ts";
import { demandOwnSession } from "../../runtimes/postgres_server/own_session.ts";
import { copyMessages, queryMessage, readAnswer } from "../../runtimes/postgres_wire/messages.ts";
import { replyError } from "../../runtimes/postgres_wire/reply_error.ts";
import { toRows } from "../../runtimes/postgres_wire/values.ts";
import { type Masks, withoutValues } from "../common/without_values.ts";
import type { BookRow, FoundTable, LiveWriter, RowsQuery } from "../live.ts";
import { bookRows, editText, rowsQuery } from "./books.ts";
import { ident, reference } from "./quote.ts";

/** Opens it. Throws DatabaseError for a server that does not let it in, and a pooler that gives no session of its own. */
export async function openWriter(address: PostgresAddress): Promise<LiveWriter> {
  // A signal ends statements by `cancel`, and not the session: what it did must be known.
  const client = await PostgresClient.connect(address, new AbortController().signal);
  const writer = new PostgresWriter(client);
  try {
    await demandOwnSession(client);
    await writer.open();
    return writer;
  } catch (error) {
    await client.end();
    throw error;
  }
}

class PostgresWriter implements LiveWriter {
  readonly #client: PostgresClient;
  readonly shown: string;
  readonly journal = {
    make: `CREATE TABLE IF NOT EXISTS ${JOURNAL.table} (
  format text NOT NULL, migration text NOT NULL, direction text NOT NULL,
  digest text NOT NULL, done int NOT NULL, total int NOT NULL, back int
)`,
    drop: `DROP TABLE IF EXISTS ${JOURNAL.table}`,
  };
  account = "";
  database = "";
  schema: string | null = null;

  constructor(client: PostgresClient) {
    this.#client = client;
    this.shown = `postgres://${shownAddress(client.address)}/${client.address.database}`;
  }

  /** Learns who and where it is. */
  async open(): Promise<void> {
    const [row] = await this.query<{ account: string; database: string; schema: string | null }>(
      `SELECT current_user::text AS account, pg_catalog.current_database()::text AS database,
        pg_catalog.current_schema()::text AS schema`,
    );
    Object.assign(this, row);
    if (this.schema === null) {
      throw new DatabaseError(
        "Cannot run migrations: the search_path names no schema that is there",
      );
    }
    await this.exec(SESSION);
    const table = `${ident(this.schema)}.${JOURNAL.table}`;
    this.journal.make = this.journal.make.replace(JOURNAL.table, table);
    this.journal.drop = this.journal.drop.replace(JOURNAL.table, table);
  }

  get inTransaction(): boolean {
    return this.#client.inTransaction;
  }

  get isLost(): boolean {
    return this.#client.isDead;
  }

  begin(): Promise<void> {
    return this.exec("BEGIN");
  }

  async exec(sql: string): Promise<void> {
    await this.#send(sql, null);
  }

  async run({ sql, copyData }: Pick<Statement, "sql" | "copyData">): Promise<number | null> {
    const { tags } = await this.#send(sql, copyData ?? null);
    const rows = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY|SELECT) (\d+)$/.exec(tags.at(-1) ?? "");
    return rows === null ? null : Number(rows[1]);
  }

  async query<Row extends object>(sql: string): Promise<Row[]> {
    const result = (await this.#send(sql, null)).results.at(-1);
    return result === undefined ? [] : toRows(result, new Map<number, number>()) as Row[];
  }

  async rows(table: FoundTable, query: RowsQuery): Promise<readonly BookRow[]> {
    return bookRows(await this.query<Record<string, unknown>>(rowsQuery(table, query)));
  }

  async holds(table: string, columns: readonly string[]): Promise<boolean> {
    const tests = columns.map((name) => `t.${ident(name)} IS NOT NULL`).join(" OR ");
    const where = tests === "" ? "" : ` WHERE ${tests}`;
    try {
      const [row] = await this.query<{ holds: boolean }>(
        `SELECT EXISTS (SELECT FROM ONLY ${reference(table)} t${where}) AS holds`,
      );
      return row?.holds !== false;
    } catch (error) {
      if (error instanceof DatabaseError) return true;
      throw error;
    }
  }

  edit(table: Pick<FoundTable, "table" | "schema">, edit: BookEdit): string {
    return editText(table, edit);
  }

  isAtomic({ sql, transactional }: Statement): boolean {
    // Procedures and blocks may end transactions themselves.
    return transactional && !/^(?:CALL|DO)\b/i.test(sql);
  }

  mayLeave(statement: Statement): boolean {
    return !this.isAtomic(statement);
  }

  async reset(): Promise<void> {
    await this.exec(`RESET SESSION AUTHORIZATION; RESET ALL; DISCARD TEMP; ${SESSION}`);
  }

  async lock({ number }: LockKey): Promise<boolean> {
    const [row] = await this.query<{ taken: boolean }>(
      `SELECT pg_catalog.pg_try_advisory_lock(${BigInt.asIntN(64, number)}) AS taken`,
    );
    return row?.taken === true;
  }

  waitFor(milliseconds: number): Promise<void> {
    return this.exec(`SET lock_timeout = ${Math.max(1, Math.round(milliseconds))}`);
  }

  isPassing({ code }: DatabaseError): boolean {
    return ["55P03", "40P01", "40001"].includes(code);
  }

  cancel(): Promise<void> {
    return this.#client.cancel();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }

  async #send(sql: string, copyData: string | null) {
    const { bytes } = await this.#client.send(queryMessage(sql), {
      copyData: copyData === null ? null : copyMessages(copyData),
    });
    const answer = readAnswer(bytes);
    if (answer.error === null) return answer;
    const error = replyError(answer.error, { isTimeout: false, sql });
    const masks = MASKS.find(({ code }) => code.test(error.code));
    throw masks === undefined ? error : withoutValues(error, masks);
  }
}

/** How the errors that speak of data name values, by their codes; the first that fits. */
const MASKS: readonly { readonly code: RegExp; readonly message: Masks; readonly detail: Masks }[] =
  [
    // What is wrong with XML is shown by a piece of it.
    { code: /^2200[LMNST]/, message: [/()".*"()/s], detail: [/^().*()$/s] },
    // `invalid input syntax for type integer: "x"`, `value "1" is out of range for type ...`, `Token "x" is invalid.` A sequence is no value.
    {
      code: /^22(?!00H)/,
      message: [/()".*"()/s],
      detail: [/()".*"()/s, /^(JSON data, line \d+: ).*()$/m],
    },
    // `Key (email)=(x) already exists.`, `Failing row contains (1, x).`, `COPY t, line 1: "x"`; a function may put values into its statement.
    {
      code: /^2[13]/,
      message: [/(: )".*"()$/s],
      detail: [
        /(\)=\().*(\))/s,
        /(row contains \().*(\))/s,
        /((?:^|\n)COPY [^"]*: )".*"()$/s,
        /(SQL statement )".*"()/s,
      ],
    },
  ];

/** A session that is cut off must not stay in a transaction and hold its locks. */
const SESSION = "SET idle_in_transaction_session_timeout = '10min'";
