/** One session on a Postgres server, in messages: logs in, sends, collects answers, cancels, and knows when it is dead. */

import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import { DatabaseError } from "../../core/error.ts";
import { AnswerBytes } from "../postgres_wire/answer_bytes.ts";
import {
  copyFailMessage,
  type ErrorFields,
  frontendMessage,
  readErrorFields,
} from "../postgres_wire/messages.ts";
import { type PostgresAddress, shownAddress } from "./address.ts";
import { Authentication } from "./authenticate.ts";
import { refused, startup } from "./login.ts";
import { MessageStream } from "./message_stream.ts";
import { connectError, CONNECTION_FAILURE, openSocket } from "./open_socket.ts";

/** What is sent besides a message, and what is kept of its answer. */
export interface SendOptions {
  /** Messages that are handed over when the server asks for rows. */
  readonly copyData?: Uint8Array | null;
  /** False to pass over the rows of the answer. */
  readonly rows?: boolean;
  /** Bytes of the answer that may be kept; the statement is cancelled when there are more. */
  readonly most?: number;
}

/** What came back for a message. */
export interface Reply {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** True when there was more than may be kept: it is not whole. */
  readonly isTooMuch: boolean;
}

interface Waiting {
  readonly answer: AnswerBytes;
  readonly copyData: Uint8Array | null;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

interface Login {
  readonly authentication: Authentication;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** See the module's comment. One message at a time, or several that are sent together; what is sent meanwhile waits. All its errors are `DatabaseError`, or the signal's reason. */
export class PostgresClient {
  readonly address: PostgresAddress;
  readonly #signal: AbortSignal;
  readonly #socket: Duplex;
  readonly #abort = () => this.#die(this.#signal.reason);
  readonly #closed: Promise<void>;
  readonly #parameters = new Map<string, string>();
  readonly #stream = new MessageStream((messages) => this.#hearAll(messages));
  #key: Buffer | null = null;
  #login: Login | null = null;
  /** What is answered in turn. */
  readonly #waiting: Waiting[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #fatal: ErrorFields | null = null;
  #ended: unknown = null;
  #processId = 0;
  #inTransaction = false;

  /** Connects and logs in. Throws DatabaseError with the server's own words where it has some. */
  static async connect(address: PostgresAddress, signal: AbortSignal): Promise<PostgresClient> {
    const { socket } = await openSocket(address, signal);
    const client = new PostgresClient(address, socket, signal);
    await client.#logIn();
    return client;
  }

  private constructor(address: PostgresAddress, socket: Duplex, signal: AbortSignal) {
    this.address = address;
    this.#socket = socket;
    this.#signal = signal;
    this.#closed = socket.destroyed
      ? Promise.resolve()
      : new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on(
      "error",
      (error) => this.#die(this.#fatal === null ? connectError(address, error) : this.#lost()),
    );
    socket.on(
      "close",
      () =>
        this.#die(
          this.#login === null
            ? this.#lost()
            : connectError(address, new Error("it closed the connection")),
        ),
    );
    signal.addEventListener("abort", this.#abort, { once: true });
    // Neither event comes again.
    if (signal.aborted) this.#die(signal.reason);
    else if (socket.destroyed) this.#die(this.#lost());
  }

  /** The server's number of this session. */
  get processId(): number {
    return this.#processId;
  }

  /** A setting that the server reports: `server_version`. */
  parameter(name: string): string | undefined {
    return this.#parameters.get(name);
  }

  /** True inside a transaction block, a failed one included. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** True when nothing can be sent any more. */
  get isDead(): boolean {
    return this.#ended !== null;
  }

  /** Sends a message and gives the server's answer up to its being ready for the next. */
  send(message: Uint8Array, options: SendOptions = {}): Promise<Reply> {
    const reply = this.#last.then(() => this.#exchange(message, options));
    this.#last = reply.catch(() => {});
    return reply;
  }

  /** Sends messages at once, and gives for each the server's answer up to its being ready for the next. */
  sendTogether(
    messages: readonly Uint8Array[],
    options: SendOptions = {},
  ): readonly Promise<Reply>[] {
    // By one write: when the server ends the session, what is written after that takes its last words away.
    const before = this.#last;
    const replies = messages.map((message, at) =>
      before.then(() => {
        if (at === 0) this.#socket.cork();
        const reply = this.#exchange(message, options);
        if (at === messages.length - 1) this.#socket.uncork();
        return reply;
      })
    );
    this.#last = Promise.allSettled(replies);
    return replies;
  }

  /** Asks the server to cancel the running statement, by a connection of its own. Whether there is one any more nobody knows. */
  async cancel(): Promise<void> {
    if (this.#key === null || this.isDead) return;
    try {
      const { socket } = await openSocket({ ...this.address, connectTimeout: 2000 }, this.#signal);
      const head = Buffer.alloc(8);
      head.writeInt32BE(8 + this.#key.length, 0);
      head.writeInt32BE(CANCEL_REQUEST, 4);
      await new Promise<void>((resolve) => {
        socket.on("error", () => resolve());
        socket.on("close", () => resolve());
        socket.resume();
        socket.end(Buffer.concat([head, this.#key ?? Buffer.alloc(0)]));
        setTimeout(resolve, 2000).unref();
      });
      socket.destroy();
    } catch {
      // The statement goes on until whoever asked loses patience.
    }
  }

  /** Ends the session; resolves when the server has let go of the database. */
  async end(): Promise<void> {
    if (!this.isDead) {
      this.#socket.end(frontendMessage("X", Buffer.alloc(0)));
      this.#die(new DatabaseError("The connection is closed", { code: "08003" }), false);
    }
    const timer = setTimeout(() => this.#socket.destroy(), PATIENCE);
    await this.#closed;
    clearTimeout(timer);
  }

  /** Drops the session at once; everything that waits for it fails with the reason. */
  destroy(reason: unknown): void {
    this.#die(reason);
  }

  async #logIn(): Promise<void> {
    if (this.#ended !== null) throw this.#ended;
    const authentication = new Authentication(this.address);
    const done = new Promise<void>((resolve, reject) => {
      this.#login = { authentication, resolve, reject };
    });
    const timer = setTimeout(
      () => this.#die(connectError(this.address, new Error("it does not let the session in"))),
      this.address.connectTimeout ??
        (this.address.host.startsWith("/") ? LOCAL_LOGIN_TIMEOUT : LOGIN_TIMEOUT),
    );
    this.#socket.on("data", (bytes: Buffer) => this.#take(bytes));
    this.#socket.write(startup(this.address));
    try {
      await done;
    } finally {
      clearTimeout(timer);
      this.#login = null;
    }
  }

  #hearAll(messages: Buffer): void {
    let heard = 0;
    for (let at = 0; at < messages.length;) {
      const end = at + 1 + messages.readInt32BE(at + 1);
      const message = messages.subarray(at, end);
      at = end;
      if (this.#login !== null) {
        this.#hearLogin(message, this.#login);
        heard = end;
      } else if (this.#hear(message)) {
        this.#answer(messages.subarray(heard, end));
        heard = end;
      }
    }
    this.#waiting[0]?.answer.add(messages.subarray(heard));
  }

  #hearLogin(message: Buffer, { authentication, resolve }: Login): void {
    switch (String.fromCharCode(message[0] ?? 0)) {
      case "R":
        authentication.answer(message).then((answer) => {
          if (answer !== null && !this.isDead) this.#socket.write(answer);
        }).catch((error) => this.#die(connectError(this.address, error)));
        break;
      case "K":
        this.#processId = message.readInt32BE(5);
        this.#key = Buffer.from(message.subarray(5));
        break;
      case "E": {
        const fields = readErrorFields(message);
        this.#die(refused(this.address, fields));
        break;
      }
      case "S":
        this.#learn(message);
        break;
      case "Z":
        this.#login = null;
        resolve();
        break;
    }
  }

  #take(bytes: Buffer): void {
    try {
      this.#stream.add(bytes);
    } catch (error) {
      this.#die(connectError(this.address, error));
    }
  }

  /** True when an answer ends with it. */
  #hear(message: Buffer): boolean {
    switch (String.fromCharCode(message[0] ?? 0)) {
      case "S":
        this.#learn(message);
        break;
      case "E":
        this.#noteFatal(message);
        break;
      case "G":
        this.#socket.write(
          this.#waiting[0]?.copyData ?? copyFailMessage("no rows were sent with this statement"),
        );
        break;
      case "W":
        this.#die(new DatabaseError("The server begins a replication"));
        break;
      case "Z":
        this.#inTransaction = message[5] !== 0x49;
        return true;
    }
    return false;
  }

  /** Gives whoever waits first the rest of the answer. */
  #answer(rest: Buffer): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    const { answer, resolve } = waiting;
    answer.add(rest);
    resolve({ bytes: answer.whole(), isTooMuch: answer.isTooMuch });
  }

  #learn(message: Buffer): void {
    const [name = "", value = ""] = message.toString("utf8", 5).split("\0");
    this.#parameters.set(name, value);
  }

  #noteFatal(message: Buffer): void {
    const fields = readErrorFields(message);
    if (fields.V === "FATAL" || fields.V === "PANIC") this.#fatal = fields;
  }

  #exchange(message: Uint8Array, options: SendOptions): Promise<Reply> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const { rows = true, most = MOST_OF_ANSWER, copyData = null } = options;
    return new Promise((resolve, reject) => {
      const answer = new AnswerBytes({ rows, most, tooMuch: () => void this.cancel() });
      this.#waiting.push({ answer, copyData, resolve, reject });
      this.#socket.write(message);
    });
  }

  #lost(): DatabaseError {
    const { M, C, H } = this.#fatal ?? {};
    const reason = M ?? "it closed the connection";
    return new DatabaseError(
      `The Postgres server at ${shownAddress(this.address)} ended the session: ${reason}`,
      { code: C ?? CONNECTION_FAILURE, hint: H },
    );
  }

  #die(reason: unknown, destroys = true): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#signal.removeEventListener("abort", this.#abort);
    if (destroys) this.#socket.destroy();
    this.#login?.reject(reason);
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }
}

/** Milliseconds that a server has to let a session in. */
const LOGIN_TIMEOUT = 10_000;

/** The same for one of this machine: it is busy, and not gone. */
const LOCAL_LOGIN_TIMEOUT = 60_000;

/** Milliseconds that a server has to end a session. */
const PATIENCE = 5000;

/** Bytes of an answer that are kept when nothing else is said. */
const MOST_OF_ANSWER = 1 << 30;

const CANCEL_REQUEST = 80877102;
