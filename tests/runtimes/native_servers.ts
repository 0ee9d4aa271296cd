/** The Postgres servers that tests of real servers run on. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { chmod, chown, cp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { clusterOf } from "../../src/runtimes/local_postgres/cluster.ts";
import { findServers } from "../../src/runtimes/local_postgres/find_server.ts";
import { ADMIN_ROLE } from "../../src/runtimes/local_postgres/roles.ts";
import {
  asUnprivileged,
  unprivilegedUser,
} from "../../src/runtimes/local_postgres/unprivileged.ts";
import { local } from "../../src/runtimes/local.ts";
import type { Limits } from "../../src/runtimes/limits.ts";
import type { PostgresAddress } from "../../src/runtimes/postgres_server/address.ts";
import type { Server, Target } from "../../src/runtimes/runtime.ts";

/** Major versions that must be on this machine: AIM_TEST_SERVERS="15,17". Without it these tests are skipped, and say so. */
export const SERVERS: readonly string[] = (process.env.AIM_TEST_SERVERS ?? "").split(",").filter((
  major,
) => major !== "");

/** Options of a test that needs one. */
export const NEEDS_SERVER = SERVERS.length === 0
  ? { skip: "AIM_TEST_SERVERS names no version" }
  : {};

/** A private server of a version. */
export function startLocal(
  version: string,
  { limits, signal = new AbortController().signal, part = {} }: {
    readonly limits?: Limits;
    readonly signal?: AbortSignal;
    readonly part?: Partial<Target>;
  } = {},
): Promise<Server> {
  const target = { dialect: "postgres", version, needs: [], anyVersion: false, ...part };
  return local.start(target, {
    emit: () => {},
    signal,
    ...(limits === undefined ? {} : { limits }),
  });
}

/** A server that listens on this machine's loopback. */
export interface ListeningServer extends AsyncDisposable {
  /** As its superuser. */
  readonly address: PostgresAddress;
  readonly folder: string;
}

/** Starts one with lines of pg_hba.conf and settings of its own; `prepare` may put files into its data folder. */
export async function startListening(
  version: string,
  { rules, settings = [], prepare }: {
    readonly rules: readonly string[];
    readonly settings?: readonly string[];
    prepare?(data: string): void;
  },
): Promise<ListeningServer> {
  const [server] = findServers([Number(version)], process.env);
  if (server === undefined) throw new Error(`There is no Postgres ${version} here`);
  const { signal } = new AbortController();
  const cluster = await clusterOf(server, { signal, making: () => {} });
  const folder = mkdtempSync("/tmp/aim-listening-");
  const data = join(folder, "data");
  await cp(cluster.data, data, { recursive: true });
  writeFileSync(join(data, "pg_hba.conf"), `${rules.join("\n")}\n`);
  prepare?.(data);
  await own(folder);
  const port = await freePort();
  const child = spawn(join(server.bin, "postgres"), [
    ...["-D", data, "-p", String(port), "-k", folder, "-h", "127.0.0.1"],
    ...["fsync=off", "dynamic_shared_memory_type=mmap", ...settings].flatMap((
      text,
    ) => ["-c", text]),
  ], { ...asUnprivileged(), cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes: Uint8Array) => said += new TextDecoder().decode(bytes));
  const ended = once(child, "exit");
  for (let turn = 0; !/ready to accept connections/.test(said); turn++) {
    if (turn > 30_000 || child.exitCode !== null) {
      child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
      throw new Error(`It does not start: ${said}`);
    }
    await setTimeout(10);
  }
  return {
    folder,
    address: {
      host: "127.0.0.1",
      port,
      user: ADMIN_ROLE,
      password: cluster.password,
      database: "template1",
      tls: "disable",
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGQUIT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A certificate for a name that signs itself, and its key, as PEM texts. */
export function selfSigned(name: string): { readonly certificate: string; readonly key: string } {
  const folder = mkdtempSync("/tmp/aim-certificate-");
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  try {
    const made = spawnSync("openssl", [
      ..."req -x509 -newkey rsa:2048 -nodes -days 2 -sha256".split(" "),
      ...["-keyout", key, "-out", certificate, "-subj", `/CN=${name}`],
      ...["-addext", `subjectAltName=DNS:${name}`],
    ]);
    if (made.status !== 0) throw new Error(String(made.stderr));
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function own(folder: string): Promise<void> {
  const user = unprivilegedUser();
  await chmod(join(folder, "data"), 0o700);
  const names = await readdir(folder, { recursive: true });
  if (user === null) return;
  for (const path of [folder, ...names.map((name) => join(folder, name))]) {
    await chown(path, user.uid, user.gid);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject()
      );
    });
  });
}
