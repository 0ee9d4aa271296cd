/** A scratch database for other programs: a port with a password, turns, and what is left behind. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import test from "node:test";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import { PostgresClient } from "../../src/runtimes/postgres_server/client.ts";
import { message, number, texts } from "../../src/runtimes/postgres_wire/client_messages.ts";
import { queryMessage, readAnswer } from "../../src/runtimes/postgres_wire/messages.ts";
import type { DatabaseAddress, ScratchDatabase } from "../../src/runtimes/runtime.ts";

const { signal } = new AbortController();

async function sharedDatabase() {
  const target = postgres.target(null, [], false);
  const server = await pglite.start(target, { emit: () => {}, signal });
  const database = await server.create();
  return { database, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function share(database: ScratchDatabase) {
  const shared = await database.share?.();
  assert.ok(shared);
  return shared;
}

function login({ host, port, user, password, database }: DatabaseAddress) {
  return { host, port, user, password, database, tls: "disable" } as const;
}

async function ask(client: PostgresClient, sql: string) {
  const answer = readAnswer((await client.send(queryMessage(sql), {})).bytes);
  if (answer.error !== null) throw new Error(answer.error.M);
  return answer.results[0]?.rows ?? [];
}

test("what another program makes is in the database, and nobody gets in afterwards", async () => {
  await using one = await sharedDatabase();
  await one.database.exec("CREATE TABLE before (id integer)");
  let address: DatabaseAddress;
  {
    await using shared = await share(one.database);
    address = shared.address;
    const client = await PostgresClient.connect(login(address), signal);
    assert.deepEqual(await ask(client, "SELECT count(*) FROM before"), [["0"]]);
    await ask(client, "CREATE TABLE made (id integer); INSERT INTO made VALUES (1), (2)");
    await assert.rejects(ask(client, "SELECT nothing"), /column "nothing" does not exist/);
    await ask(client, "SET search_path = pg_catalog");
    await client.end();
  }
  assert.deepEqual(await one.database.query("SELECT count(*)::int AS count FROM made"), [{
    count: 2,
  }]);
  assert.deepEqual(await one.database.query("SHOW search_path"), [{
    search_path: '"$user", public',
  }]);
  await assert.rejects(PostgresClient.connect(login(address), signal));
});

test("a wrong password is refused", async () => {
  await using one = await sharedDatabase();
  await using shared = await share(one.database);
  const wrong = { ...login(shared.address), password: "0".repeat(36) };
  await assert.rejects(PostgresClient.connect(wrong, signal), /password authentication failed/);
  const client = await PostgresClient.connect(login(shared.address), signal);
  assert.deepEqual(await ask(client, "SELECT 1"), [["1"]]);
  await client.end();
});

test("who is in a transaction has the session to its end, and what a client leaves open is rolled back", async () => {
  await using one = await sharedDatabase();
  {
    await using shared = await share(one.database);
    const [first, second] = await Promise.all([
      PostgresClient.connect(login(shared.address), signal),
      PostgresClient.connect(login(shared.address), signal),
    ]);
    await ask(first, "BEGIN");
    await ask(first, "CREATE TABLE first (id integer)");
    const order: string[] = [];
    const waiting = ask(second, "CREATE TABLE second (id integer)").then(() =>
      order.push("second")
    );
    await ask(first, "SELECT pg_sleep(0.2)");
    order.push("first");
    await ask(first, "COMMIT");
    await waiting;
    assert.deepEqual(order, ["first", "second"]);
    await ask(second, "BEGIN");
    await ask(second, "CREATE TABLE lost (id integer)");
    await second.end();
    assert.deepEqual(
      await ask(
        first,
        "SELECT relname FROM pg_class WHERE relname IN ('first', 'second', 'lost') ORDER BY 1",
      ),
      [["first"], ["second"]],
    );
    await first.end();
  }
  await one.database.exec("CREATE TABLE after (id integer)");
});

/** A client that speaks the extended protocol, as drivers with prepared statements do. */
class Raw {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (piece: Buffer) => this.#bytes = Buffer.concat([this.#bytes, piece]));
  }

  static async open({ host, port, user, password, database }: DatabaseAddress): Promise<Raw> {
    const socket = connect({ host, port });
    await new Promise((resolve) => socket.once("connect", resolve));
    const raw = new Raw(socket);
    const words = texts("user", user, "database", database, "options", "-c statement_timeout=4s");
    const body = Buffer.concat([number(3 << 16), words, Buffer.from([0])]);
    socket.write(Buffer.concat([number(body.length + 4), body]));
    socket.write(message("p", [texts(password)]));
    await raw.ready();
    return raw;
  }

  send(...messages: readonly Uint8Array[]): void {
    this.#socket.write(Buffer.concat(messages));
  }

  /** Waits until the server is ready; gives the answer so far. */
  async ready() {
    for (let round = 0; round < 400; round++) {
      const at = this.#bytes.length - 6;
      if (at >= 0 && this.#bytes[at] === 0x5a && this.#bytes.readInt32BE(at + 1) === 5) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const answer = readAnswer(this.#bytes);
    this.#bytes = Buffer.alloc(0);
    assert.ok(answer.ready);
    return answer;
  }

  end(): void {
    this.#socket.destroy();
  }
}

const parse = (name: string, sql: string) => message("P", [texts(name, sql), Buffer.from([0, 0])]);
const bind = (name: string) => message("B", [texts("", name), Buffer.alloc(6)]);
const describe = message("D", [Buffer.from("P"), texts("")]);
const execute = message("E", [texts(""), number(0)]);
const sync = message("S", []);

test("prepared statements of two clients do not meet, and an error ends at Sync", async () => {
  await using one = await sharedDatabase();
  await using shared = await share(one.database);
  const [first, second] = await Promise.all([Raw.open(shared.address), Raw.open(shared.address)]);
  first.send(parse("one", "SELECT 'first'"), sync);
  second.send(parse("one", "SELECT 'second'"), sync);
  for (const raw of [first, second]) assert.equal((await raw.ready()).error, null);
  first.send(bind("one"), describe, execute, sync);
  assert.deepEqual((await first.ready()).results[0]?.rows, [["first"]]);
  second.send(bind("one"), describe, execute, sync);
  assert.deepEqual((await second.ready()).results[0]?.rows, [["second"]]);
  first.send(parse("", "SELECT nothing"), bind(""), execute, sync);
  assert.match((await first.ready()).error?.M ?? "", /"nothing" does not exist/);
  first.send(queryMessage("SHOW statement_timeout"));
  assert.deepEqual((await first.ready()).results[0]?.rows, [["4s"]]);
  for (const raw of [first, second]) raw.end();
});

test("bytes that are no message of Postgres end the connection and nothing else", async () => {
  await using one = await sharedDatabase();
  await using shared = await share(one.database);
  for (
    const bytes of [Buffer.from("GET / HTTP/1.1\r\n\r\n"), Buffer.alloc(64, 255), Buffer.alloc(16)]
  ) {
    const socket = connect({ host: shared.address.host, port: shared.address.port });
    socket.on("error", () => {});
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.write(bytes);
    socket.resume();
    await closed;
  }
  const client = await PostgresClient.connect(login(shared.address), signal);
  assert.deepEqual(await ask(client, "SELECT 1"), [["1"]]);
  await client.end();
});
