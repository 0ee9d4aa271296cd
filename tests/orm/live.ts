/** Databases that a tool applies its migrations to: one of a server of Postgres of this machine, or a file of SQLite. */

import { join } from "node:path";
import process from "node:process";
import { findServers, MAJORS } from "../../src/runtimes/local_postgres/find_server.ts";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { startListening } from "../runtimes/native_servers.ts";
import { temporaryFolder } from "../run_aim.ts";

/** A database, by the variables in which an application finds it. */
export interface Live extends AsyncDisposable {
  readonly variables: Readonly<Record<string, string>>;
}

/** An empty database. Throws an Error where this machine has no server. */
export async function liveDatabase(engine: "postgres" | "sqlite"): Promise<Live> {
  if (engine === "sqlite") {
    const folder = await temporaryFolder({});
    const file = join(folder.path, "live.db");
    return {
      variables: { DB_FILE: file, DATABASE_URL: `sqlite:///${file}` },
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  }
  const [found] = findServers(MAJORS, process.env);
  if (found === undefined) throw new Error("There is no server of Postgres on this machine");
  const server = await startListening(String(Number.parseInt(found.version)), {
    rules: ["host all all 127.0.0.1/32 trust"],
  });
  const { host, port, user } = server.address;
  const session = await Administration.connect(server.address, new AbortController().signal);
  await session.exec("CREATE DATABASE shop TEMPLATE template0");
  await session.end();
  return {
    variables: {
      DATABASE_URL: `postgresql://${user}:x@${host}:${port}/shop`,
      DB_NAME: "shop",
      DB_USER: user,
      DB_PASSWORD: "x",
      DB_HOST: host,
      DB_PORT: String(port),
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
