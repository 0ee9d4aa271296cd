/** A way to a server that counts how often a client waits for its answers, and can be long. */

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";

/** One that is open. */
export interface Distance extends AsyncDisposable {
  readonly port: number;
  /** How often the client said something after the server had: each costs a round trip. */
  trips(): number;
}

/** Opens one to a port of this machine; what either side says arrives so many milliseconds later. */
export async function openDistance(to: number, milliseconds = 0): Promise<Distance> {
  const sockets = new Set<Socket>();
  let trips = 0;
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    // A connection begins with a trip of its own.
    trips++;
    let hasHeard = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    const carry = (from: Socket, other: Socket, said: () => void) => {
      let last = Promise.resolve();
      const later = (work: () => void) => {
        const arrives = milliseconds === 0 ? Promise.resolve() : setTimeout(milliseconds);
        last = last.then(() => arrives).then(work);
      };
      from.on("data", (bytes: Buffer) => {
        said();
        later(() => void other.write(bytes));
      });
      from.on("close", () => later(() => other.destroy()));
    };
    carry(near, far, () => {
      if (hasHeard) trips++;
      hasHeard = false;
    });
    carry(far, near, () => hasHeard = true);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    trips: () => trips,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
