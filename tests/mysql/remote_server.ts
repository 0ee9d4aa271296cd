/** Servers of MySQL and MariaDB that listen on a port, as those of others do. */

import { type ChildProcess, spawn } from "node:child_process";
import { chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  type Owner,
  removeTree,
  scratchFolder,
  serverOwner,
} from "../../src/runtimes/mysql_server/folders.ts";
import { newData } from "../../src/runtimes/mysql_server/initialize.ts";
import type { ServerProgram } from "../../src/runtimes/mysql_server/program.ts";
import { Session } from "../../src/runtimes/mysql_server/session.ts";
import { selfSigned } from "../runtimes/native_servers.ts";

/** A server with accounts for tests. */
export interface RemoteServer extends AsyncDisposable {
  readonly port: number;
  /** Path of the certificate that it shows, which is for `name`. */
  readonly certificate: string;
  /** A session of its administrator, `boss`. */
  readonly admin: Session;
  /** Kills it, and starts it again on what it left; `admin` is another session then. */
  crash(): Promise<void>;
}

/** The password of every account. */
export const PASSWORD = "Canary-7x9q2w-secret";

const ACCOUNTS = `
  DROP USER aim_script@localhost;
  CREATE USER boss@'%' IDENTIFIED BY '${PASSWORD}';
  GRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION;
  CREATE USER kept@'%' IDENTIFIED BY '${PASSWORD}';
  GRANT ALL ON \`aim\\_scratch\\_%\`.* TO kept@'%';
  CREATE USER wide@'%' IDENTIFIED BY '${PASSWORD}';
  GRANT ALL ON *.* TO wide@'%';
  CREATE USER nobody@'%' IDENTIFIED BY '${PASSWORD}';
  CREATE DATABASE others;
  CREATE TABLE others.t (id INT);
  INSERT INTO others.t VALUES (7);
`;

/** Starts one, which is called `localhost` or something else. */
export async function startRemote(
  program: ServerProgram,
  { tls = true, name = "localhost", pair }: {
    readonly tls?: boolean;
    readonly name?: string;
    /** Paths of the certificate that it shows and of its key; one that signs itself when absent. */
    readonly pair?: { readonly certificate: string; readonly key: string };
  } = {},
): Promise<RemoteServer> {
  const owner = await serverOwner();
  const folder = await scratchFolder(owner);
  const port = await freePort();
  const data = join(folder, "data");
  for (const path of [data, join(folder, "tmp")]) await folderOf(path, owner);
  await newData(program, data, owner);
  const { certificate, key } = pair === undefined ? selfSigned(name) : {
    certificate: await readFile(pair.certificate, "utf8"),
    key: await readFile(pair.key, "utf8"),
  };
  const files = { init: ACCOUNTS.replaceAll(/\n\s*/g, "\n").trimStart(), certificate, key };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    if (owner !== null) await chown(join(folder, name), owner.uid, owner.gid);
  }
  const launch = () =>
    spawn(program.path, [
      "--no-defaults",
      `--datadir=${data}`,
      `--tmpdir=${join(folder, "tmp")}`,
      `--socket=${join(folder, "s")}`,
      `--pid-file=${join(folder, "pid")}`,
      `--log-error=${join(folder, "log")}`,
      `--init-file=${join(folder, "init")}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      "--innodb-buffer-pool-size=32M",
      "--skip-log-bin",
      ...owner === null ? [] : [`--user=${owner.name}`],
      ...program.family === "mysql" ? ["--secure-file-priv=NULL", "--mysqlx=OFF"] : [],
      ...tls
        ? [`--ssl-cert=${join(folder, "certificate")}`, `--ssl-key=${join(folder, "key")}`]
        : program.family === "mysql"
        ? ["--tls-version="]
        : ["--skip-ssl"],
    ], { cwd: "/", stdio: "ignore" });
  let child = launch();
  const kill = async () => {
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await ended;
  };
  const stop = async () => {
    await kill();
    removeTree(folder);
  };
  const enter = () => reached(join(folder, "s"), { child, log: join(folder, "log") });
  try {
    let admin = await enter();
    return {
      port,
      certificate: join(folder, "certificate"),
      get admin() {
        return admin;
      },
      crash: async () => {
        admin.close();
        await kill();
        await writeFile(join(folder, "init"), "SELECT 1;\n");
        child = launch();
        admin = await enter();
      },
      [Symbol.asyncDispose]: async () => {
        admin.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function folderOf(path: string, owner: Owner | null): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (owner !== null) await chown(path, owner.uid, owner.gid);
}

async function reached(
  socketPath: string,
  { child, log }: { readonly child: ChildProcess; readonly log: string },
): Promise<Session> {
  for (;;) {
    try {
      return await Session.open({ socketPath, user: "boss", password: PASSWORD });
    } catch (error) {
      if (child.exitCode !== null) throw new Error(await readFile(log, "utf8"), { cause: error });
    }
    await setTimeout(50);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject()
      );
    });
  });
}
