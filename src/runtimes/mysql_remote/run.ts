/** One run's place on a server that others use: a database, an account for scripts, and a lock that tells other runs that it lives. */

import { randomBytes } from "node:crypto";
import { DatabaseError } from "../../core/error.ts";
import type { Session } from "../mysql_server/session.ts";
import type { Confinement } from "./account.ts";
import { connect, type Login } from "./connect.ts";
import { quoteName, runName, runOf } from "./names.ts";
import type { MysqlAddress } from "./parse_url.ts";

/** How the scripts are kept to their database. */
export interface RunOptions {
  readonly confinement: Confinement;
  /** Of the server, for an account that is made, where nobody else is on it. */
  readonly privileges?: readonly string[];
}

/** See the module's comment. */
export class RemoteRun {
  readonly name: string;
  readonly #address: MysqlAddress;
  readonly #admin: Session;
  #login: Login;
  #account: string | null = null;

  /** Marks the run as alive, drops what dead ones left, and makes the account. Throws DatabaseError. */
  static async open(
    address: MysqlAddress,
    admin: Session,
    { confinement, privileges = [] }: RunOptions,
  ): Promise<RemoteRun> {
    const run = new RemoteRun(address, admin);
    await admin.run(`SET SESSION wait_timeout = ${DAY}; DO GET_LOCK('${run.name}', 0)`);
    await run.#dropStale();
    if (confinement.kind === "own account") await run.#makeAccount(confinement.host, privileges);
    return run;
  }

  private constructor(address: MysqlAddress, admin: Session) {
    this.name = runName();
    this.#address = address;
    this.#admin = admin;
    this.#login = address;
  }

  /** The database of the scripts. */
  get database(): string {
    return `${this.name}_1`;
  }

  /** Makes the database anew, empty. */
  async renew(): Promise<void> {
    const name = quoteName(this.database);
    await this.#admin.run(`DROP DATABASE IF EXISTS ${name}`);
    await this.#admin.run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  }

  /** A session of the scripts. */
  connect(): Promise<Session> {
    return connect(this.#address, this.#login);
  }

  /** Ends a statement of the scripts; who runs it may, whatever else it may not. */
  async cancel(session: Session): Promise<void> {
    const other = await this.connect();
    try {
      await other.run(`KILL QUERY ${session.id}`);
    } finally {
      other.close();
    }
  }

  /** Drops all that the run made; what cannot be dropped now is dropped by a later run. */
  async end(): Promise<void> {
    try {
      await this.#admin.run(`DROP DATABASE IF EXISTS ${quoteName(this.database)}`).catch(() => {});
      if (this.#account !== null) {
        await this.#admin.run(`DROP USER IF EXISTS ${this.#account}`).catch(() => {});
      }
    } finally {
      this.#admin.close();
    }
  }

  /** The account may do all in the one database and nothing elsewhere: the server keeps scripts to it. */
  async #makeAccount(host: string, privileges: readonly string[]): Promise<void> {
    const account = `'${this.name}'@${text(host)}`;
    // Letters of both cases, a digit and a sign: what servers ask of passwords.
    const password = `${randomBytes(18).toString("hex")}aA1-`;
    await this.#admin.run(`CREATE USER ${account} IDENTIFIED BY '${password}'`);
    this.#account = account;
    this.#login = { user: this.name, password };
    try {
      await this.#admin.run(`GRANT ALL ON ${quoteName(this.database)}.* TO ${account}`);
      for (const name of privileges) await this.#admin.run(`GRANT ${name} ON *.* TO ${account}`);
    } catch (error) {
      await this.#admin.run(`DROP USER ${account}`).catch(() => {});
      throw error;
    }
  }

  async #dropStale(): Promise<void> {
    const databases = await this.#admin.ask<{ name: string }>(
      "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE 'aim\\_scratch\\_%'",
      ANSWER,
    );
    for (const { name } of databases) {
      if (await this.#isStale(name)) {
        // Another run may be dropping it at the same time.
        await this.#admin.run(`DROP DATABASE IF EXISTS ${quoteName(name)}`).catch(() => {});
      }
    }
    // Who may not see the accounts made none.
    const accounts = await this.#admin.ask<{ name: string; host: string }>(
      "SELECT user AS name, host AS host FROM mysql.user WHERE user LIKE 'aim\\_scratch\\_%'",
      ANSWER,
    ).catch(unlessRefused);
    for (const { name, host } of accounts) {
      if (runOf(name) === name && await this.#isStale(name)) {
        await this.#admin.run(`DROP USER IF EXISTS '${name}'@${text(host)}`).catch(() => {});
      }
    }
  }

  /** Whether something is of a run, and that is gone: the lock went with its session. */
  async #isStale(name: string): Promise<boolean> {
    const run = runOf(name);
    if (run === null) return false;
    const [row] = await this.#admin.ask<{ free: number | null }>(
      `SELECT IS_FREE_LOCK('${run}') AS free`,
      ANSWER,
    );
    return row?.free === 1;
  }
}

function unlessRefused(error: unknown): [] {
  if (error instanceof DatabaseError) return [];
  throw error;
}

function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** Seconds that a run may leave its session unused. */
const DAY = 86_400;

/** Bytes of an answer. */
const ANSWER = 4 << 20;
