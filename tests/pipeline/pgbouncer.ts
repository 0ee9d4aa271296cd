/** pgbouncer of this machine, in front of a Postgres server. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import {
  asUnprivileged,
  unprivilegedUser,
} from "../../src/runtimes/local_postgres/unprivileged.ts";
import type { PostgresAddress } from "../../src/runtimes/postgres_server/address.ts";
import { freePort } from "../runtimes/native_servers.ts";
import type { Pooler } from "./pooler.ts";

/** Where it is; null where this machine has none. */
export function findPgbouncer(): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, "pgbouncer")).find(existsSync) ?? null;
}

/** Starts it; all sessions are those of the account `owner`, which must be let in without a password. */
export async function startPgbouncer(
  program: string,
  { host, port }: Pick<PostgresAddress, "host" | "port">,
  mode: "transaction" | "session",
): Promise<Pooler> {
  const folder = await mkdtemp(join(tmpdir(), "aim-pgbouncer-"));
  const own = await freePort();
  const settings = join(folder, "pgbouncer.ini");
  const text = `[databases]
* = host=${host} port=${port} user=owner
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
ignore_startup_parameters = extra_float_digits,options
`;
  await writeFile(settings, text);
  const user = unprivilegedUser();
  if (user !== null) {
    for (const path of [folder, settings]) {
      await chown(path, user.uid, user.gid);
    }
  }
  const child = spawn(program, [settings], { ...asUnprivileged(), cwd: "/", stdio: "ignore" });
  const ended = once(child, "exit");
  for (let turn = 0; !await answers(own); turn++) {
    if (turn > 1000 || child.exitCode !== null) throw new Error("pgbouncer does not start");
    await setTimeout(10);
  }
  return {
    port: own,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => resolve(false)).on("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
