/** Starts a server, says where it is, and waits for its own end. */

import process from "node:process";
import { startLocal } from "./native_servers.ts";

const server = await startLocal(process.argv[2] ?? "");
const database = await server.create();
const [row] = await database.query<{ folder: string }>(
  "SELECT current_setting('unix_socket_directories') AS folder",
);
process.stdout.write(`${row?.folder}\n`);
await database.exec("SELECT pg_sleep(600)");
