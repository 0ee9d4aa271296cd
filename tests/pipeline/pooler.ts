/** A pooler in front of a Postgres server, as small as one can be: a backend for each transaction, or one for each session. */

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { PostgresAddress } from "../../src/runtimes/postgres_server/address.ts";

/** One that listens. */
export interface Pooler extends AsyncDisposable {
  readonly port: number;
}

/** A connection to the server, and what its answers are handed to. */
interface Backend {
  readonly socket: Socket;
  hear: (message: Buffer) => void;
}

const READY = "Z".charCodeAt(0);
const IDLE = "I".charCodeAt(0);

/** Cuts a stream into messages of a type, a length and a body. */
function messages(hear: (message: Buffer) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = 1 + rest.readInt32BE(1);
      hear(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
}

/** Starts one. The account must be let in without a password. */
export async function startPooler(
  { host, port }: Pick<PostgresAddress, "host" | "port">,
  mode: "transaction" | "session",
): Promise<Pooler> {
  const idle: Backend[] = [];
  const all = new Set<Socket>();

  /** The backend that became free last, as poolers prefer it; a new one where none is. */
  const backendFor = async (startup: Buffer): Promise<Backend> => {
    const free = idle.pop();
    if (free !== undefined) return free;
    const socket = connect(port, host);
    all.add(socket);
    const backend: Backend = { socket, hear: () => {} };
    await once(socket, "connect");
    const ready = new Promise<void>((resolve) => {
      backend.hear = ([type]) => type === READY && resolve();
    });
    socket.on("data", messages((message) => backend.hear(message)));
    socket.write(startup);
    await ready;
    return backend;
  };

  const serve = (client: Socket, startup: Buffer): void => {
    let backend: Backend | null = null;
    let work = Promise.resolve();
    const leave = (one: Backend) => {
      one.hear = () => {};
      idle.push(one);
      backend = null;
    };
    client.write(Buffer.concat([
      ...[frame("R", int(0)), frame("S", Buffer.from("server_version\x0015.0\x00"))],
      ...[frame("K", Buffer.concat([int(4711), int(4712)])), frame("Z", Buffer.from("I"))],
    ]));
    client.on(
      "data",
      messages((message) => {
        if (message[0] === "X".charCodeAt(0)) return;
        work = work.then(async () => {
          const one = backend ??= await backendFor(startup);
          one.hear = (answer) => {
            client.write(answer);
            const isOver = answer[0] === READY && answer[5] === IDLE;
            if (isOver && mode === "transaction") leave(one);
          };
          one.socket.write(message);
        });
      }),
    );
    client.on("close", () => backend !== null && leave(backend));
  };

  const server = createServer((client) => {
    all.add(client);
    client.on("error", () => {});
    // The first message has no type; only addresses without TLS come here.
    client.once("data", (startup: Buffer) => serve(client, startup));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It does not listen");
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of all) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function frame(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int(body.length + 4), body]);
}
