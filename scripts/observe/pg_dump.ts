/** What Postgres's own `pg_dump` says of a database: the observer that knows nothing of aim. */

import { Buffer } from "node:buffer";
import type { PGlite } from "@electric-sql/pglite";
import { pgDump } from "@electric-sql/pglite-tools/pg_dump";

/** Sends one message of the wire protocol to a backend and gives the bytes that it answers. */
export type Exchange = (message: Uint8Array) => Uint8Array;

/** Runs `pg_dump --schema-only`, compiled to WebAssembly, against a backend. Leaves the session in a transaction with other settings. */
export async function dumpSchema(exchange: Exchange, serverVersion: string): Promise<string> {
  const connection = new Connection(exchange, serverVersion);
  // pgDump uses three methods of PGlite; two of them only to put the session right afterwards.
  const backend = {
    query: () => Promise.resolve({ rows: [{ search_path: "public" }] }),
    exec: () => Promise.resolve([]),
    execProtocolRawStream: (bytes: Uint8Array, to: { onRawData(bytes: Uint8Array): void }) =>
      to.onRawData(connection.receive(bytes)),
  };
  const file = await pgDump({
    pg: backend as unknown as PGlite,
    args: ["--schema-only"],
  });
  return await file.text();
}

/** The server's side of a connection: greets the client itself and hands on whole messages. */
class Connection {
  readonly #exchange: Exchange;
  readonly #version: string;
  #pending = Buffer.alloc(0);
  #greeted = false;

  constructor(exchange: Exchange, version: string) {
    this.#exchange = exchange;
    this.#version = version;
  }

  receive(bytes: Uint8Array): Uint8Array {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    const answers: Uint8Array[] = [];
    for (let message = this.#next(); message !== null; message = this.#next()) {
      answers.push(this.#answer(message));
    }
    return Buffer.concat(answers);
  }

  #next(): Buffer | null {
    const head = this.#greeted ? 1 : 0;
    if (this.#pending.length < head + 4) return null;
    const length = head + this.#pending.readInt32BE(head);
    if (this.#pending.length < length) return null;
    const message = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return message;
  }

  #answer(message: Buffer): Uint8Array {
    if (this.#greeted) {
      return message[0] === TERMINATE ? new Uint8Array() : this.#exchange(Buffer.from(message));
    }
    const code = message.readInt32BE(4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) return Buffer.from("N");
    this.#greeted = true;
    return greeting(this.#version);
  }
}

const TERMINATE = "X".charCodeAt(0);
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;

function greeting(version: string): Buffer {
  const settings: Record<string, string> = {
    server_version: version,
    server_encoding: "UTF8",
    client_encoding: "UTF8",
    standard_conforming_strings: "on",
    integer_datetimes: "on",
    DateStyle: "ISO, MDY",
    TimeZone: "UTC",
    is_superuser: "on",
    session_authorization: "postgres",
  };
  return Buffer.concat([
    packet("R", Buffer.alloc(4)),
    ...Object.entries(settings).map(([name, value]) =>
      packet("S", Buffer.from(`${name}\0${value}\0`))
    ),
    packet("K", Buffer.alloc(8)),
    packet("Z", Buffer.from("I")),
  ]);
}

function packet(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}
