/** A line to a server that takes its time. */

import { connect, createServer, type Socket } from "node:net";

/** What leads to the server. */
export interface Line extends AsyncDisposable {
  /** Of this machine's loopback. */
  readonly port: number;
}

/** Opens a line to a port of this machine: what the server says comes so many milliseconds later, in its order, however much it is. */
export async function openLine(to: number, ms: number): Promise<Line> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    near.pipe(far);
    far.on("data", (bytes) => void setTimeout(() => near.write(bytes), ms));
    far.on("close", () => void setTimeout(() => near.destroy(), ms));
    near.on("close", () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
