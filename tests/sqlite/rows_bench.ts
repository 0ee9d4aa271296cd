/** Scratch databases for tests of rows, on both engines. */

import type { Snapshot } from "../../src/core/snapshot.ts";
import { sqlite } from "../../src/engines/sqlite/mod.ts";
import { nodeSqlite } from "../../src/runtimes/node_sqlite.ts";
import type { Runtime, ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { sqljs } from "../../src/runtimes/sqljs.ts";

/** The engines that rows are tested on. */
export const RUNTIMES: readonly Runtime[] = [sqljs, nodeSqlite];

/** One server of each runtime, started when it is first asked for. */
export function servers(): { of(runtime: Runtime): Promise<Server>; end(): Promise<void> } {
  const started = new Map<Runtime, Promise<Server>>();
  return {
    of: (runtime) => {
      const options = { emit: () => {}, signal: new AbortController().signal };
      const server = started.get(runtime) ??
        runtime.start(sqlite.target(null, [], false), options);
      started.set(runtime, server);
      return server;
    },
    end: async () => {
      for (const server of started.values()) await (await server)[Symbol.asyncDispose]();
    },
  };
}

/** A database in which a script has run. */
export async function databaseOf(server: Server, script: string): Promise<ScratchDatabase> {
  const database = await server.create();
  for (const { sql } of sqlite.split(script)) await database.exec(sql);
  return database;
}

/** Rows of a table as they are observed. */
export async function rowsOf(
  database: ScratchDatabase,
  table: string,
): Promise<readonly (readonly (string | null)[])[]> {
  const { tables } = await sqlite.rows.observe(database);
  return tables.get(`table:${table}`)?.rows ?? [];
}

/** What the catalog holds. */
export function snapshotOf(database: ScratchDatabase): Promise<Snapshot> {
  return sqlite.inspect(database, { ignoreTables: [] });
}
