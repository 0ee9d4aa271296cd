/** A session on a server that people use. Reads in transactions that are read only, wait for no lock and keep none for long. */

import { DatabaseError } from "../../core/error.ts";
import { queryMessage, readAnswer, type ResultSet } from "../postgres_wire/messages.ts";
import { replyError } from "../postgres_wire/reply_error.ts";
import { toRows } from "../postgres_wire/values.ts";
import type { Connection } from "../runtime.ts";
import type { PostgresAddress } from "./address.ts";
import { PostgresClient } from "./client.ts";
import { demandOwnSession } from "./own_session.ts";

interface Waiting {
  readonly sql: string;
  readonly resolve: (result: ResultSet | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * See the module's comment. Queries that are asked for together inside of a transaction go in one message. Nothing stays in the
 * session, so that a pooler may hand it to others: settings end with the transaction, and what is prepared is kept here.
 */
export class LiveSession implements Connection, AsyncDisposable {
  readonly dialect = "postgres";
  readonly #client: PostgresClient;
  readonly #prepared = new Map<string, string>();
  #batch: Waiting[] = [];

  static async connect(address: PostgresAddress, signal: AbortSignal): Promise<LiveSession> {
    return new LiveSession(await PostgresClient.connect(address, signal));
  }

  private constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** The server's version as it says it: `15.18`. */
  get version(): string {
    return /^\S+/.exec(this.#client.parameter("server_version") ?? "")?.[0] ?? "";
  }

  /** Takes what begins, sets up and ends a transaction of reading. Anything else is a bug. */
  async exec(sql: string): Promise<void> {
    const [, name, query] = /^PREPARE (\w+) AS ([\s\S]*)$/.exec(sql) ?? [];
    if (name !== undefined && query !== undefined) {
      this.#prepared.set(name, query);
    } else if (/^BEGIN\b[^;]*\bREAD ONLY$/.test(sql)) {
      await this.#send(`${sql}; ${SETTINGS}`);
    } else if (/^(?:COMMIT|ROLLBACK)$/.test(sql) || isLocalSettings(sql)) {
      await this.#send(sql);
    } else {
      throw forbidden();
    }
  }

  async execAll(statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.exec(sql);
  }

  async query<Row extends object>(sql: string): Promise<Row[]> {
    const name = /^EXECUTE (\w+)$/.exec(sql)?.[1];
    const query = name === undefined ? sql : this.#prepared.get(name);
    if (query === undefined) {
      throw new DatabaseError(`prepared statement "${name}" does not exist`, { code: "26000" });
    }
    if (!/^\s*(?:SELECT|WITH)\b/i.test(query)) throw forbidden();
    if (this.#client.inTransaction) return rowsOf(await this.#together(query));
    return await this.read(async () => rowsOf<Row>(await this.#together(query)));
  }

  /** Runs queries in one transaction. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    await this.exec("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    try {
      return await work();
    } finally {
      if (!this.#client.isDead) await this.exec("ROLLBACK");
    }
  }

  /** Throws DatabaseError where a pooler gives each transaction another backend. Reading does not need one. */
  demandOwn(): Promise<void> {
    return demandOwnSession(this.#client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }

  #together(sql: string): Promise<ResultSet | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#batch.length === 0) setTimeout(() => void this.#flush(), 0);
      this.#batch.push({ sql, resolve, reject });
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    try {
      const results = await this.#send(batch.map(({ sql }) => sql).join("\n;\n"));
      for (const [at, { resolve }] of batch.entries()) resolve(results[at]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async #send(sql: string): Promise<readonly ResultSet[]> {
    const { bytes } = await this.#client.send(queryMessage(sql));
    const { error, results } = readAnswer(bytes);
    if (error !== null) throw replyError(error, { isTimeout: false, sql });
    return results;
  }
}

/** How long a query waits for a lock and runs, and what would change the meaning or the output of what is asked. */
const SETTINGS = [
  "lock_timeout = '2s'",
  "statement_timeout = '30s'",
  "idle_in_transaction_session_timeout = '60s'",
  "row_security = off",
  "standard_conforming_strings = on",
  "search_path = pg_catalog",
].map((setting) => `SET LOCAL ${setting}`).join("; ");

function isLocalSettings(sql: string): boolean {
  return sql.split(";").every((part) => /^\s*SET LOCAL [a-z_]+ = [^;]+$/i.test(part));
}

function rowsOf<Row extends object>(result: ResultSet | undefined): Row[] {
  return result === undefined ? [] : toRows(result, new Map<number, number>()) as Row[];
}

function forbidden(): Error {
  return new Error("Only queries of aim's own may be sent to a live database");
}
