/** Real servers for tests. */

import process from "node:process";
import { mariadb, mysql } from "../../src/engines/mysql/mod.ts";
import type { Engine } from "../../src/engines/engine.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { mysqlLocal } from "../../src/runtimes/mysql_local.ts";
import type { Limits } from "../../src/runtimes/limits.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";

const programs = await findPrograms();

/** Both engines; tests of one whose server is not on this machine are left out, which CI does not allow for MariaDB. */
export const SERVERS: readonly {
  readonly engine: Engine;
  readonly isMissing: boolean;
}[] = [mariadb, mysql].map((engine) => {
  const isMissing = !programs.some(({ family }) => family === engine.dialect);
  if (isMissing && engine === mariadb && process.env.AIM_TEST_MARIADB === "required") {
    throw new Error("There is no MariaDB on this machine");
  }
  return { engine, isMissing };
});

/** Starts the server of an engine. */
export async function startServer(engine: Engine, limits?: Limits): Promise<Server> {
  return await mysqlLocal.start(
    { dialect: engine.dialect, version: null, needs: [], anyVersion: true },
    {
      emit: () => {},
      signal: new AbortController().signal,
      ...limits === undefined ? {} : { limits },
    },
  );
}

/** Runs a script and gives the session its defaults back. */
export async function run(engine: Engine, database: ScratchDatabase, sql: string): Promise<void> {
  for (const statement of engine.split(sql)) await database.exec(statement.sql);
  await database.exec(engine.reset);
}

/** What a new database holds after a script. */
export async function snapshotOf(engine: Engine, server: Server, sql: string): Promise<Snapshot> {
  const database = await server.create();
  await run(engine, database, sql);
  return await engine.inspect(database, { ignoreTables: [] });
}
