/** Servers that people use, for scripts: databases on them, filled by statements, and what their own dumper says. */

import { spawnSync } from "node:child_process";
import type { Engine } from "../../src/engines/engine.ts";
import type { Statement } from "../../src/core/statement.ts";
import { DatabaseError } from "../../src/core/error.ts";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { PASSWORD, startRemote } from "../../tests/mysql/remote_server.ts";
import { startListening } from "../../tests/runtimes/native_servers.ts";
import { dumperFor } from "../observe/server_dump.ts";

/** A server. */
export interface Site extends AsyncDisposable {
  readonly engine: Engine;
  /** Makes a database anew and gives its address. */
  fresh(name: string): Promise<string>;
  /** The schema in the words of the server's own dumper; null where none is at hand that aim does not read as well. */
  dump(name: string): string | null;
}

/** Starts a server of a dialect and version. */
export function startSite(engine: Engine, version: string): Promise<Site> {
  return engine.dialect === "postgres" ? postgresSite(engine, version) : mysqlSite(engine, version);
}

/** Runs statements one by one; what it refuses first, in its words, or null. */
export async function fill(
  engine: Engine,
  url: string,
  statements: readonly Statement[],
): Promise<string | null> {
  const { signal } = new AbortController();
  await using writer = await opened(engine, url, signal);
  try {
    for (const statement of statements) {
      await writer.run(statement).catch((error) => {
        // Roles belong to the server, which another database had before.
        const isRole = /^CREATE (?:ROLE|USER)\b/i.test(statement.sql);
        if (!(error instanceof DatabaseError) || !isRole) throw error;
      });
    }
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.message;
  }
}

async function opened(engine: Engine, url: string, signal: AbortSignal) {
  const write = (await engine.live?.())?.write;
  if (write === undefined) throw new Error(`${engine.dialect} has no writer`);
  return await write(url, { signal, variables: {} });
}

async function postgresSite(engine: Engine, version: string): Promise<Site> {
  const server = await startListening(version, {
    rules: ["host all all 127.0.0.1/32 trust", "local all all trust"],
  });
  const { user, port } = server.address;
  const admin = await Administration.connect(server.address, new AbortController().signal);
  const url = (name: string) => `postgres://${user}@127.0.0.1:${port}/${name}?sslmode=disable`;
  const dumper = dumperFor(Number(version));
  return {
    engine,
    fresh: async (name) => {
      await admin.exec(`DROP DATABASE IF EXISTS ${name}`);
      await admin.exec(`CREATE DATABASE ${name} TEMPLATE template0`);
      return url(name);
    },
    dump: (name) => {
      if (dumper === null) return null;
      const args = ["--schema-only", "--no-owner", "--no-privileges", "-d", url(name)];
      const done = spawnSync(dumper, args, { encoding: "utf8", maxBuffer: 1 << 28 });
      if (done.status !== 0) throw new Error(`${dumper}: ${done.stderr || done.error}`);
      return done.stdout;
    },
    [Symbol.asyncDispose]: async () => {
      await admin.end();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function mysqlSite(engine: Engine, version: string): Promise<Site> {
  const program = (await findPrograms()).find((one) =>
    one.family === engine.dialect && one.version.startsWith(version)
  );
  if (program === undefined) throw new Error(`There is no ${engine.dialect} ${version} here`);
  const server = await startRemote(program, { tls: false });
  return {
    engine,
    fresh: async (name) => {
      await server.admin.run(`DROP DATABASE IF EXISTS ${name}; CREATE DATABASE ${name}`);
      return `mysql://boss:${PASSWORD}@127.0.0.1:${server.port}/${name}?ssl-mode=DISABLED`;
    },
    dump: () => null,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
