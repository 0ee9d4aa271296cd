/** What `pg_dump` says of a database on a server of this machine. */

import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import process from "node:process";
import { clusterOf } from "../../src/runtimes/local_postgres/cluster.ts";
import { findServers } from "../../src/runtimes/local_postgres/find_server.ts";
import { ADMIN_ROLE } from "../../src/runtimes/local_postgres/roles.ts";
import type { Connection } from "../../src/runtimes/runtime.ts";

/** The pg_dump that can judge a server of a major version: `AIM_PG_DUMP`, or the oldest installed one that is not older; null when there is none. */
export function dumperFor(major: number): string | null {
  const named = process.env.AIM_PG_DUMP;
  if (named !== undefined && named !== "") return named;
  const installed = existsSync(INSTALLED) ? readdirSync(INSTALLED).map(Number) : [];
  const fitting = installed.filter((version) => version >= major).sort((a, b) => a - b)
    .map((version) => `${INSTALLED}/${version}/bin/pg_dump`).filter((path) => existsSync(path));
  return fitting[0] ?? null;
}

const INSTALLED = "/usr/lib/postgresql";

/** The dump of a scratch database of the runtime `local`; an empty text where no pg_dump can judge it. */
export async function dumpOnServer(database: Connection, version: string): Promise<string> {
  const major = Number.parseInt(version);
  const program = dumperFor(major);
  if (program === null) return "";
  const [server] = findServers([major], process.env);
  if (server === undefined) throw new Error(`There is no Postgres ${major} here`);
  const { signal } = new AbortController();
  const { password } = await clusterOf(server, { signal, making: () => {} });
  const [place] = await database.query<{ folder: string; port: string; name: string }>(`
    SELECT current_setting('unix_socket_directories') AS folder, current_setting('port') AS port,
      current_database() AS name`);
  if (place === undefined) throw new Error("The server does not say where it is");
  const args = [
    "--schema-only",
    "-h",
    place.folder,
    "-p",
    place.port,
    "-U",
    ADMIN_ROLE,
    place.name,
  ];
  return await new Promise((resolve, reject) => {
    const options = {
      env: { ...process.env, PGPASSWORD: password ?? "", PGOPTIONS: "" },
      maxBuffer: 1 << 28,
    };
    execFile(program, args, options, (error, stdout) => error ? reject(error) : resolve(stdout));
  });
}
