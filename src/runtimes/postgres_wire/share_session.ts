/**
 * A session of a Postgres of ours for other programs of this machine: a port of the loopback address that takes a password by chance,
 * for as long as it is shared. The session is one, so clients take turns: who is in a transaction has it until its end.
 */

import { Buffer } from "node:buffer";
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { listening } from "../bridge.ts";
import type { SharedDatabase } from "../runtime.ts";
import {
  type ClientMessage,
  cutMessages,
  cutStartup,
  message,
  number,
  texts,
  withOwnNames,
} from "./client_messages.ts";
import { queryMessage, readAnswer } from "./messages.ts";

/** What is shared. */
export interface SharedSession {
  /** Sends messages of a client and gives the server's answer to them. Rejects when the server is gone. */
  relay(messages: Uint8Array): Promise<Uint8Array>;
  readonly user: string;
  readonly database: string;
}

/** Shares a session until the end of the scope. */
export async function shareSession(session: SharedSession): Promise<SharedDatabase> {
  const password = randomBytes(18).toString("hex");
  const desk = new Desk(session, password, await parametersOf(session));
  const server = createServer((socket) => desk.serve(socket));
  server.maxConnections = MOST_CLIENTS;
  const port = await listening(server);
  const { user, database } = session;
  return {
    address: {
      url: `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`,
      host: "127.0.0.1",
      port,
      user,
      password,
      database,
      file: "",
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await desk.end();
      await closed;
    },
  };
}

const MOST_CLIENTS = 64;

/** What every server tells a client when it connects. */
const TOLD = [
  "server_version",
  "server_encoding",
  "client_encoding",
  "DateStyle",
  "IntervalStyle",
  "TimeZone",
  "integer_datetimes",
  "standard_conforming_strings",
  "default_transaction_read_only",
  "in_hot_standby",
];

type Parameters = readonly (readonly [name: string, value: string])[];

async function parametersOf({ relay, user }: SharedSession): Promise<Parameters> {
  const names = TOLD.map((name) => `'${name.toLowerCase()}'`).join(", ");
  const sql = `SELECT name, setting FROM pg_catalog.pg_settings WHERE lower(name) IN (${names})`;
  const { results } = readAnswer(await relay(queryMessage(sql)));
  const told = (results[0]?.rows ?? []).map(([name, value]) => [name ?? "", value ?? ""] as const);
  return [...told, ["is_superuser", "on"], ["session_authorization", user]];
}

/** Who serves the clients, one after the other. */
class Desk {
  readonly #session: SharedSession;
  readonly #password: Buffer;
  readonly #parameters: Parameters;
  readonly #clients = new Set<Client>();
  /** Whose turn it is; the others wait. */
  #owner: Client | null = null;
  #waiting: { readonly client: Client; readonly go: () => void }[] = [];
  #count = 0;

  constructor(session: SharedSession, password: string, parameters: Parameters) {
    this.#session = session;
    this.#password = Buffer.from(password);
    this.#parameters = parameters;
  }

  serve(socket: Socket): void {
    socket.setNoDelay(true);
    const client = new Client(socket, `c${++this.#count}_`);
    this.#clients.add(client);
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      client.chain(() => this.#hear(client, bytes));
    });
    socket.on("close", () => {
      client.isGone = true;
      this.#stopWaiting(client);
      client.chain(() => this.#forget(client));
    });
  }

  /** Ends all clients, and leaves the session as a new one. */
  async end(): Promise<void> {
    const all = [...this.#clients];
    for (const client of all) {
      client.isGone = true;
      client.socket.destroy();
      this.#stopWaiting(client);
    }
    await Promise.all(all.map((client) => client.idle));
    await this.#clean(true).catch(() => {});
  }

  async #hear(client: Client, bytes: Buffer): Promise<void> {
    if (client.isGone) return;
    try {
      client.unread = Buffer.concat([client.unread, bytes]);
      if (client.stage === "startup" && !await this.#greet(client)) return;
      const { messages, rest } = cutMessages(client.unread);
      client.unread = rest;
      for (const one of messages) await this.#take(client, one);
    } catch (error) {
      client.fail("08P01", error instanceof Error ? error.message : String(error));
    }
  }

  /** Answers what a client begins with; false while more is to come, or nothing. */
  async #greet(client: Client): Promise<boolean> {
    for (;;) {
      const startup = cutStartup(client.unread);
      if (startup === null) return false;
      client.unread = startup.rest;
      if (startup.code === SSL_REQUEST || startup.code === GSS_REQUEST) {
        client.socket.write("N");
        continue;
      }
      if (startup.code >> 16 !== PROTOCOL) {
        client.socket.end();
        return false;
      }
      if ((startup.code & 0xffff) !== 0) {
        client.socket.write(message("v", [number(PROTOCOL << 16), number(0)]));
      }
      client.settings = settingsIn(startup.parameters);
      client.stage = "password";
      client.socket.write(message("R", [number(CLEAR_TEXT)]));
      return await Promise.resolve(true);
    }
  }

  async #take(client: Client, one: ClientMessage): Promise<void> {
    if (client.isGone) return;
    if (client.stage === "password") return await this.#admit(client, one);
    if (one.type === "X") return void client.socket.end();
    client.batch.push(withOwnNames(one, client.prefix));
    if (!ENDS_BATCH.has(one.type)) return;
    const batch = Buffer.concat(client.batch);
    client.batch = [];
    await this.#turn(client);
    if (client.isGone) return;
    const answer = await this.#relay(client, batch);
    if (answer === null) return;
    client.socket.write(answer);
    if (endsIdle(answer)) this.#give(client);
  }

  async #admit(client: Client, { type, bytes }: ClientMessage): Promise<void> {
    const given = bytes.subarray(5, Math.max(5, bytes.length - 1));
    const isRight = type === "p" && given.length === this.#password.length &&
      timingSafeEqual(given, this.#password);
    if (!isRight) return client.fail("28P01", "password authentication failed");
    await this.#turn(client);
    if (client.isGone) return;
    for (const [name, value] of client.settings) {
      const sql = `SELECT pg_catalog.set_config(${quoted(name)}, ${quoted(value)}, false)`;
      if (await this.#relay(client, queryMessage(sql)) === null) return;
    }
    client.stage = "ready";
    client.socket.write(Buffer.concat([
      message("R", [number(0)]),
      ...this.#parameters.map(([name, value]) => message("S", [texts(name, value)])),
      message("S", [texts("application_name", "")]),
      message("K", [number(1), randomBytes(4)]),
      message("Z", [Buffer.from("I")]),
    ]));
    this.#give(client);
  }

  /** The server's answer; null when it is gone, and the client was told so. */
  async #relay(client: Client, messages: Uint8Array): Promise<Uint8Array | null> {
    try {
      return await this.#session.relay(messages);
    } catch (error) {
      client.fail("57P02", error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  #turn(client: Client): Promise<void> {
    if (this.#owner === null || this.#owner === client) {
      this.#owner = client;
      return Promise.resolve();
    }
    return new Promise((go) => this.#waiting.push({ client, go }));
  }

  #give(client: Client): void {
    if (this.#owner !== client) return;
    const next = this.#waiting.shift();
    this.#owner = next?.client ?? null;
    next?.go();
  }

  #stopWaiting(client: Client): void {
    const waiting = this.#waiting.filter((one) => one.client === client);
    this.#waiting = this.#waiting.filter((one) => one.client !== client);
    for (const { go } of waiting) go();
  }

  /** What a client leaves open is rolled back; what the last one set is undone. */
  async #forget(client: Client): Promise<void> {
    this.#clients.delete(client);
    if (this.#owner !== client) return;
    await this.#clean(this.#clients.size === 0).catch(() => {});
    this.#give(client);
  }

  async #clean(isLast: boolean): Promise<void> {
    await this.#session.relay(message("S", []));
    await this.#session.relay(queryMessage("ROLLBACK"));
    if (isLast) await this.#session.relay(queryMessage("DISCARD ALL"));
  }
}

/** After these a client waits for an answer: a query, Sync, Flush, a call of a function, and the rows of a COPY. */
const ENDS_BATCH = new Set(["Q", "S", "H", "F", "d", "c", "f"]);

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const PROTOCOL = 3;
const CLEAR_TEXT = 3;

class Client {
  readonly socket: Socket;
  readonly prefix: string;
  stage: "startup" | "password" | "ready" = "startup";
  settings: Parameters = [];
  unread: Buffer = Buffer.alloc(0);
  batch: Buffer[] = [];
  isGone = false;
  /** Resolves when all that came was dealt with. */
  idle: Promise<void> = Promise.resolve();

  constructor(socket: Socket, prefix: string) {
    this.socket = socket;
    this.prefix = prefix;
  }

  /** Does something after all that came before. */
  chain(work: () => Promise<void>): void {
    this.idle = this.idle.then(work, work);
  }

  /** Tells why, and ends. */
  fail(code: string, reason: string): void {
    this.isGone = true;
    const fields = texts("SFATAL", "VFATAL", `C${code}`, `M${reason}`);
    this.socket.end(message("E", [fields, Buffer.from([0])]));
  }
}

/** True when the answer ends with the server being ready, outside of a transaction. */
function endsIdle(answer: Uint8Array): boolean {
  const at = answer.length - 6;
  return at >= 0 && answer[at] === 0x5a && answer[at + 5] === 0x49;
}

/** Settings of the session in what a client sends when it connects: by their names, and as `-c name=value` in `options`. */
function settingsIn(parameters: Readonly<Record<string, string>>): Parameters {
  const { user: _user, database: _database, replication: _replication, options = "", ...rest } =
    parameters;
  const stated = [...options.matchAll(/(?:-c\s*|--)([\w.]+)=((?:\\.|[^\s\\])*)/g)].map((
    [, name = "", value = ""],
  ) => [name, value.replaceAll(/\\(.)/g, "$1")] as const);
  return [...Object.entries(rest).filter(([name]) => !name.startsWith("_pq_")), ...stated];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
