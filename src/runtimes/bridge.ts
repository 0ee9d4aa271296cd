/** A port of the loopback address that leads to a server, for programs that know no other way to it. */

import { createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";

/** A port that leads to a server until the end of the scope. */
export interface Bridge extends AsyncDisposable {
  readonly port: number;
}

/** Opens the port; each connection to it becomes one that `open` makes. */
export async function bridgeTo(open: () => Promise<Duplex>): Promise<Bridge> {
  const ends = new Set<Duplex>();
  const server = createServer((client) => {
    ends.add(client);
    client.on("error", () => {});
    client.on("close", () => ends.delete(client));
    open().then((there) => {
      ends.add(there);
      there.on("error", () => client.destroy());
      there.on("close", () => {
        ends.delete(there);
        client.end();
      });
      client.on("close", () => there.end());
      client.pipe(there);
      there.pipe(client);
    }, () => client.destroy());
  });
  const port = await listening(server);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const end of ends) end.destroy();
      await closed;
    },
  };
}

/** Begins to listen on a port of the loopback address that the system chooses, and gives it. */
export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
