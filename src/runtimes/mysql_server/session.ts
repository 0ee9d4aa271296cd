/** One session on a MySQL or MariaDB server. */

import type { Duplex } from "node:stream";
import type { Connection, FieldPacket } from "mysql2";
import mysql from "mysql2";
import { DatabaseError } from "../../core/error.ts";
import { BoundedRows } from "../bounded_rows.ts";
import { cellOf } from "./values.ts";

/** Where a server is and who speaks to it. */
export interface Address {
  /** Path of a unix socket, which is taken in place of host and port. */
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
  /** Opens the connection in place of both. */
  readonly stream?: () => Duplex;
  /** Milliseconds until it is given up. */
  readonly connectTimeout?: number;
  /** Absent where nothing is encrypted. */
  readonly ssl?: Encryption;
  readonly user: string;
  readonly password: string;
}

/** How the connection is encrypted; the texts are PEM. */
export interface Encryption {
  /** Whether its certificate must come from an authority that is trusted. */
  readonly rejectUnauthorized: boolean;
  /** Whether the certificate must name the host as well. */
  readonly verifyIdentity: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A session in the driver's words; one statement at a time. All errors are `DatabaseError`. */
export class Session {
  readonly #connection: Connection;
  #reason: Error | null = null;
  #fail: ((reason: Error) => void) | null = null;
  #inTransaction = false;
  #written: number | null = null;

  /** Opens a session. Throws DatabaseError when the server does not let it in. */
  static async open(address: Address): Promise<Session> {
    const connection = mysql.createConnection({
      ...address,
      // The driver writes into what it is given.
      ...address.ssl === undefined ? {} : { ssl: { ...address.ssl } },
      charset: "UTF8MB4_GENERAL_CI",
      multipleStatements: true,
      rowsAsArray: true,
      // What the command line client does not ask for either: it would be recorded in the sql_mode of routines, and in ROW_COUNT().
      flags: ["-IGNORE_SPACE", "-FOUND_ROWS", "-LOCAL_FILES"],
      connectTimeout: address.connectTimeout ?? CONNECT_TIMEOUT,
      typeCast: cellOf,
    });
    const session = new Session(connection);
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => error === null ? resolve() : reject(databaseError(error)));
    });
    return session;
  }

  private constructor(connection: Connection) {
    this.#connection = connection;
    connection.on("error", (error: Error) => this.#die(error));
    connection.on("end", () => this.#die(new Error("the server closed the connection")));
  }

  /** The server's number of this session. */
  get id(): number {
    return this.#connection.threadId;
  }

  /** True while a transaction is open, as far as the server's last answers tell; true after an error, which may have ended it. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** How many rows the last statement wrote; null for one that gives rows. */
  get written(): number | null {
    return this.#written;
  }

  /** True when nothing can be sent any more. */
  get isDead(): boolean {
    return this.#reason !== null;
  }

  /** Sends one text and passes over what it answers. */
  async run(sql: string): Promise<void> {
    await this.#send(sql, null);
  }

  /** Sends one statement and gives its rows, which may take a part of `memory`; those of the last one where there are several. */
  async ask<Row extends object>(sql: string, memory: number): Promise<Row[]> {
    const rows = (await this.#send(sql, memory)).at(-1);
    return (rows?.all ?? []) as Row[];
  }

  /** Sends statements that all give rows in one text, and gives those of each, which may take a part of `memory` each. */
  async askEach<Row extends object>(
    statements: readonly string[],
    memory: number,
  ): Promise<readonly Row[][]> {
    return (await this.#send(statements.join(";\n"), memory)).map(({ all }) => all as Row[]);
  }

  /** Drops the session at once. */
  close(): void {
    this.#die(new Error("the session is closed"));
    this.#connection.destroy();
  }

  #die(reason: Error): void {
    const { code } = reason as { code?: string };
    // Why a session did not begin is told apart from one that was lost.
    this.#reason ??= code?.startsWith("HANDSHAKE") ? reason : Object.assign(reason, { code: LOST });
    this.#fail?.(this.#reason);
  }

  /** What the server says of the session behind a statement that gives no rows. */
  #learn(header: unknown): void {
    if (header === null || typeof header !== "object" || Array.isArray(header)) return;
    const { serverStatus, affectedRows } = header as {
      readonly serverStatus?: number;
      readonly affectedRows?: number;
    };
    if (serverStatus !== undefined) this.#inTransaction = (serverStatus & IN_TRANSACTION) !== 0;
    this.#written = affectedRows ?? null;
  }

  /** Gives the rows of each statement that has some, none where there is no `memory` for them. */
  #send(
    sql: string,
    memory: number | null,
  ): Promise<readonly BoundedRows<Record<string, unknown>>[]> {
    if (this.#reason !== null) {
      return Promise.reject(databaseError(this.#reason));
    }
    return new Promise((resolve, reject) => {
      let names: readonly string[] = [];
      const all: BoundedRows<Record<string, unknown>>[] = [];
      let rows: BoundedRows<Record<string, unknown>> | null = null;
      let failure: unknown = null;
      const query = this.#connection.query(sql);
      this.#written = null;
      query.on("error", (error) => {
        this.#inTransaction = true;
        failure ??= databaseError(error);
      });
      query.on("fields", (fields: FieldPacket[]) => {
        names = fields?.map(({ name }) => name) ?? [];
        rows = memory === null || fields === undefined ? null : new BoundedRows(memory);
        if (rows !== null) all.push(rows);
      });
      query.on("result", (row: unknown) => {
        this.#learn(row);
        if (rows === null || failure !== null || !Array.isArray(row)) return;
        try {
          rows.add(Object.fromEntries(names.map((name, at) => [name, row[at]])));
        } catch (error) {
          failure = error;
        }
      });
      query.on("end", () => failure === null ? resolve(all) : reject(failure));
      this.#fail = (reason) => reject(failure ?? databaseError(reason));
    });
  }
}

/** Milliseconds. */
const CONNECT_TIMEOUT = 20_000;

/** A bit of the server's status. */
const IN_TRANSACTION = 1;

const LOST = "PROTOCOL_CONNECTION_LOST";

/** What the driver reports, as this program's error; `code` is the server's number where it has one, else the driver's word. */
function databaseError(error: unknown): DatabaseError {
  if (!(error instanceof Error)) return new DatabaseError(String(error));
  const { errno, code, sqlMessage } = error as {
    errno?: number;
    code?: string;
    sqlMessage?: string;
  };
  const isServers = typeof errno === "number" && errno >= 1000 && sqlMessage !== undefined;
  return new DatabaseError(sqlMessage ?? error.message, {
    code: isServers ? String(errno) : code ?? "",
    cause: error,
  });
}
