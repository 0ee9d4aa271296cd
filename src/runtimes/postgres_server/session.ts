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
    for (const [index, sql] of statements.entries()) {
      const options = { rows: false, copyData: rows };
      const { reply, isTimeout } = await this.#send(sql, { ...options, index, least: 0 });
      const error = this.#withHint(readAnswer(reply.bytes).error);
      outcome = { error, index, isTimeout };
      if (error !== null) break;
      await this.#join(sql);
    }
    return outcome;
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
    this.#throwIfEnded();
    this.#at = null;
    this.#options.note(sql);
    for (const name of ownSettings(sql)) this.#own.add(name);
    const { statementTimeout } = this.#options.limits;
    const watch = new Watch(Math.max(statementTimeout, options.least), {
      isUnlimited: statementTimeout === 0,
      cancel: () => void this.#client.cancel(),
      end: () => this.#end(sql, options.index),
      isTooLarge: () => this.#isTooLarge(),
    });
    try {
      const reply = await (this.#options.elevated?.(sql, this.#client) ??
        this.#client.send(queryMessage(sql), options));
      if (watch.isTooLarge) throw this.#tooLarge(options.index);
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

const INSUFFICIENT_PRIVILEGE = "42501";

interface Watched {
  /** No time is too long. */
  readonly isUnlimited: boolean;
  cancel(): void;
  end(): void;
  isTooLarge(): Promise<boolean>;
}

/** Cancels a statement that takes too long or too much, again and again, and gives it up in the end. */
class Watch {
  readonly #calls: Watched;
  readonly #deadline: number;
  #timer: ReturnType<typeof setTimeout>;
  #cancelledAt: number | null = null;
  #isLate = false;
  #isTooLarge = false;

  constructor(milliseconds: number, calls: Watched) {
    this.#calls = calls;
    this.#deadline = calls.isUnlimited ? Infinity : Date.now() + milliseconds;
    this.#timer = this.#next();
  }

  get isLate(): boolean {
    return this.#isLate;
  }

  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #next(): ReturnType<typeof setTimeout> {
    const left = this.#deadline - Date.now();
    const wait = this.#cancelledAt === null ? Math.max(0, Math.min(left, LOOK)) : AGAIN;
    return setTimeout(() => this.#look(), wait);
  }

  #look(): void {
    const now = Date.now();
    if (this.#cancelledAt === null && now >= this.#deadline) this.#isLate = true;
    if (this.#isLate || this.#isTooLarge) {
      this.#cancelledAt ??= now;
      if (now - this.#cancelledAt > GRACE) return this.#calls.end();
      this.#calls.cancel();
    } else {
      // What cannot be asked now is asked again.
      this.#calls.isTooLarge().then((is) => this.#isTooLarge ||= is, () => {});
    }
    this.#timer = this.#next();
  }
}

/** Milliseconds that a question of aim's own has at least: a short limit is meant for the statements of scripts. */
const QUESTION = 10_000;

/** Milliseconds that a statement has to end after it was asked to. */
const GRACE = 2000;

/** Milliseconds between two requests to cancel: a statement may catch the first. */
const AGAIN = 500;

/** Milliseconds between two looks at the size. */
const LOOK = 1000;
