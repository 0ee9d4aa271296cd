/** A session on a scratch database of a server, which remembers states as template databases. */

import { formatDuration, formatSize } from "../../config/quantities.ts";
import { DatabaseError } from "../../core/error.ts";
import { EngineEndedError, type Limits, MEMORY_HINT, TIMEOUT_HINT } from "../limits.ts";
import {
  copyMessages,
  type ErrorFields,
  queryMessage,
  readAnswer,
} from "../postgres_wire/messages.ts";
import type { Answered, Outcome, Session } from "../postgres_wire/session.ts";
import { bridgeTo } from "../bridge.ts";
import type { SecondSession, SharedDatabase } from "../runtime.ts";
import type { PostgresAddress } from "./address.ts";
import { joinRoles } from "./join_roles.ts";
import { replyError } from "../postgres_wire/reply_error.ts";
import { openSocket } from "./open_socket.ts";
import type { PostgresClient, Reply, SendOptions } from "./client.ts";
import type { ScratchTemplates, Template } from "./templates.ts";
import { StatementWatch } from "./statement_watch.ts";
import { ownSettings, readSession, restoreSession, type SessionState } from "./session_settings.ts";

/** What a session stands on. */
export interface SessionOptions {
  readonly templates: ScratchTemplates;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Opens a session on the scratch database. */
  connect(): Promise<PostgresClient>;
  /** What `connect` logs in as, and where. */
  readonly login: PostgresAddress;
  /** Ends the session of a statement that does not heed its cancellation. */
  terminate(processId: number): Promise<void>;
  /** The session's role becomes a member of the roles that scripts create. */
  readonly joinsRoles?: boolean;
  /** What to do about a statement that its role may not run. */
  readonly forbiddenHint?: string;
  /** Bytes that the database takes; absent where that is not bounded. */
  size?(): Promise<number>;
  /** Hears of every statement before it is sent. */
  note(sql: string): void;
  /** Sends a statement with rights that the session has not, where it may be; null where it needs none. */
  readonly elevated?: (sql: string, client: PostgresClient) => Promise<Reply> | null;
}

/** How many sessions others have on the database. */
const OTHERS = `
  SELECT count(*) FROM pg_catalog.pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;
const ROUNDS = 60;

interface State {
  readonly template: Template;
  readonly session: SessionState;
}

/** See the module's comment. */
export class ServerSession implements Session {
  readonly #options: SessionOptions;
  #client: PostgresClient;
  /** The state that the database is in, while nothing was sent since. */
  #at: State | null = null;
  #ended: EngineEndedError | null = null;
  /** How many sessions of `beside` are open. */
  #besides = 0;
  /** Settings of an application's own that were set. */
  readonly #own = new Set<string>();

  static async open(options: SessionOptions): Promise<ServerSession> {
    return new ServerSession(options, await options.connect());
  }

  private constructor(options: SessionOptions, client: PostgresClient) {
    this.#options = options;
    this.#client = client;
  }

  async run(statements: readonly string[], copyData: string | null): Promise<Outcome> {
    const rows = copyData === null ? null : copyMessages(copyData);
    let outcome: Outcome = { error: null, index: 0, isTimeout: false };
    for (let index = 0; index < statements.length; index++) {
      const together = this.#client.inTransaction && rows === null
        ? ordinaryOnes(statements, index)
        : [];
      if (together.length > 1) {
        outcome = await this.#runTogether(together, index);
        if (outcome.error !== null) break;
        index = outcome.index;
        continue;
      }
      const sql = statements[index] ?? "";
      const options = { rows: false, copyData: rows };
      const { reply, isTimeout } = await this.#send(sql, { ...options, index, least: 0 });
      const error = this.#withHint(readAnswer(reply.bytes).error);
      outcome = { error, index, isTimeout };
      if (error !== null) break;
      await this.#join(sql);
    }
    return outcome;
  }

  /** Sends them all before the first is answered: in a transaction nothing comes of those after one that fails. */
  async #runTogether(statements: readonly string[], first: number): Promise<Outcome> {
    for (const sql of statements) this.#begin(sql);
    const replies = this.#client.sendTogether(statements.map(queryMessage), { rows: false });
    // When the session ends, all of them fail, and the first tells why.
    for (const reply of replies) reply.catch(() => {});
    let failed: Outcome | null = null;
    for (const [at, reply] of replies.entries()) {
      const index = first + at;
      const watched = { sql: statements[at] ?? "", index, least: 0 };
      const { reply: { bytes }, isTimeout } = await this.#watched(reply, watched);
      const error = this.#withHint(readAnswer(bytes).error);
      if (error !== null) failed ??= { error, index, isTimeout };
    }
    return failed ?? { error: null, index: first + statements.length - 1, isTimeout: false };
  }

  async ask(sql: string): Promise<Answered> {
    const most = Math.floor(this.#options.limits.memory / 16);
    const { reply, isTimeout } = await this.#send(sql, { most, index: 0, least: QUESTION });
    if (reply.isTooMuch) {
      throw new DatabaseError(
        `the result has more than ${formatSize(most)}, a part of memory_limit`,
        { code: "54000", hint: MEMORY_HINT },
      );
    }
    return { bytes: reply.bytes, isTimeout };
  }

  /** The server takes several sessions, so others have their own, by the same role. */
  async share(): Promise<SharedDatabase> {
    this.#throwIfEnded();
    this.#at = null;
    const { login, signal } = this.#options;
    const bridge = await bridgeTo(async () => (await openSocket(login, signal)).socket);
    const { user, database } = login;
    const password = login.password ?? "";
    const name = [user, password].map(encodeURIComponent).join(":");
    const at = `127.0.0.1:${bridge.port}/${encodeURIComponent(database)}`;
    return {
      address: {
        url: `postgresql://${name}@${at}?sslmode=disable`,
        host: "127.0.0.1",
        port: bridge.port,
        user,
        password,
        database,
        file: "",
      },
      [Symbol.asyncDispose]: async () => {
        await bridge[Symbol.asyncDispose]();
        await this.#alone();
      },
    };
  }

  /** By the role of the own one. It finds a deadlock within a tenth of a second where it may say so. */
  async beside(): Promise<SecondSession> {
    this.#throwIfEnded();
    this.#at = null;
    const client = await this.#options.connect();
    this.#besides++;
    const send = async (sql: string) => {
      const { bytes } = await client.send(queryMessage(sql), { rows: false });
      const { error } = readAnswer(bytes);
      if (error !== null) throw replyError(error, { isTimeout: false, sql });
    };
    await send("SET deadlock_timeout = '100ms'").catch((error: unknown) => {
      if (!(error instanceof DatabaseError)) throw error;
    });
    return {
      exec: send,
      deadlock: "40P01",
      [Symbol.asyncDispose]: async () => {
        this.#besides--;
        await client.end();
        await this.#alone();
      },
    };
  }

  /** Waits until the server has noticed that those are gone that were ended: a database in use is not copied and not dropped. */
  async #alone(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      const { bytes } = await this.ask(OTHERS);
      if (Number(readAnswer(bytes).results[0]?.rows[0]?.[0]) <= this.#besides) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async save(): Promise<unknown> {
    this.#throwIfEnded();
    if (this.#client.inTransaction) {
      throw new DatabaseError("Cannot make a checkpoint inside a transaction", { code: "25001" });
    }
    if (this.#at !== null) return this.#at;
    const session = await readSession(this.#client, this.#own);
    await this.#client.end();
    const state = { template: await this.#options.templates.save(), session };
    await this.#reconnect(session);
    this.#at = state;
    return state;
  }

  async load(state: unknown): Promise<void> {
    this.#throwIfEnded();
    if (this.#at === state && !this.#client.isDead) return;
    this.#at = null;
    const { template, session } = state as State;
    await this.#client.end();
    await this.#options.templates.load(template);
    await this.#reconnect(session);
    this.#at = state as State;
  }

  end(): Promise<void> {
    return this.#client.end();
  }

  async #join(sql: string): Promise<void> {
    const join = this.#options.joinsRoles === true ? joinRoles(sql) : null;
    if (join !== null) await this.#client.send(queryMessage(join), { rows: false });
  }

  #withHint(error: ErrorFields | null): ErrorFields | null {
    const { forbiddenHint: H } = this.#options;
    return error?.C === INSUFFICIENT_PRIVILEGE && H !== undefined ? { ...error, H } : error;
  }

  async #reconnect(session: SessionState): Promise<void> {
    this.#client = await this.#options.connect();
    await restoreSession(this.#client, session, this.#own);
  }

  async #send(
    sql: string,
    options: SendOptions & { readonly index: number; readonly least: number },
  ): Promise<{ readonly reply: Reply; readonly isTimeout: boolean }> {
    this.#begin(sql);
    const reply = this.#options.elevated?.(sql, this.#client) ??
      this.#client.send(queryMessage(sql), options);
    return await this.#watched(reply, { ...options, sql });
  }

  /** What is to be known of a statement before it is sent. */
  #begin(sql: string): void {
    this.#throwIfEnded();
    this.#at = null;
    this.#options.note(sql);
    for (const name of ownSettings(sql)) this.#own.add(name);
  }

  /** Waits for an answer, and ends the statement where it takes too long or too much. */
  async #watched(
    answer: Promise<Reply>,
    { sql, index, least }: {
      readonly sql: string;
      readonly index: number;
      readonly least: number;
    },
  ): Promise<{ readonly reply: Reply; readonly isTimeout: boolean }> {
    const { statementTimeout } = this.#options.limits;
    const watch = new StatementWatch(Math.max(statementTimeout, least), {
      isUnlimited: statementTimeout === 0,
      cancel: () => void this.#client.cancel(),
      end: () => this.#end(sql, index),
      isTooLarge: () => this.#isTooLarge(),
    });
    try {
      const reply = await answer;
      if (watch.isTooLarge) throw this.#tooLarge(index);
      return { reply, isTimeout: watch.isLate };
    } finally {
      watch.stop();
    }
  }

  async #isTooLarge(): Promise<boolean> {
    const { size, limits } = this.#options;
    return size !== undefined && await size() > limits.memory;
  }

  #tooLarge(statement: number): DatabaseError {
    return new DatabaseError(
      `the scratch database takes more than memory_limit (${
        formatSize(this.#options.limits.memory)
      })`,
      { code: "53200", hint: MEMORY_HINT, statement },
    );
  }

  #throwIfEnded(): void {
    if (this.#ended !== null) throw this.#ended;
  }

  #end(sql: string, index: number): void {
    const { statementTimeout } = this.#options.limits;
    this.#ended = new EngineEndedError(
      `the statement did not end within statement_timeout (${formatDuration(statementTimeout)})`,
      { code: "57014", hint: TIMEOUT_HINT, index, sql },
    );
    this.#options.terminate(this.#client.processId).catch(() => {});
    this.#client.destroy(this.#ended);
  }
}

/** What is run as it stands, needs no rights but the session's own, and neither begins nor ends a transaction. */
const ORDINARY =
  /^(?:COMMENT|CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+)?(?:DOMAIN|FUNCTION|INDEX|PROCEDURE|SEQUENCE|TABLE|TRIGGER|TYPE|VIEW))\s(?!\s*CONCURRENTLY\b)/i;

/** The statements from an index on, up to one that is not so. */
function ordinaryOnes(statements: readonly string[], from: number): readonly string[] {
  const isOrdinary = (sql: string) => ORDINARY.test(sql) && joinRoles(sql) === null;
  const end = statements.findIndex((sql, at) => at >= from && !isOrdinary(sql));
  return statements.slice(from, end < 0 ? statements.length : end);
}

const INSUFFICIENT_PRIVILEGE = "42501";

/** Milliseconds that a question of aim's own has at least: a short limit is meant for the statements of scripts. */
const QUESTION = 10_000;
