/** The runtimes on which runs are killed, where they are to be had for tests, and what is still there of such runs. */

import { readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { processesNaming } from "../../src/host/processes.ts";
import { findEngine, runCommand } from "../../src/runtimes/docker/engine.ts";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { unprivilegedUser } from "../../src/runtimes/local_postgres/unprivileged.ts";
import { SERVERS, startListening } from "./native_servers.ts";

/** A runtime that serves. */
export interface Place extends AsyncDisposable {
  readonly runtime: string;
  readonly engine: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** What is still there of runs with these process numbers. */
  left(pids: readonly number[]): Promise<readonly string[]>;
}

/** A runtime by name, and why it cannot be tried. */
export interface NamedPlace {
  readonly name: string;
  readonly skip: string | null;
  open(): Promise<Place>;
}

const [major] = SERVERS;
const [image] = (process.env.AIM_TEST_DOCKER ?? "").split(",").filter((text) => /^\d+$/.test(text));
const NO_SERVER = major === undefined ? "AIM_TEST_SERVERS names no version" : null;
const nothing = () => Promise.resolve();

/** All of them. */
export const PLACES: readonly NamedPlace[] = [
  {
    name: "pglite",
    skip: null,
    open: () =>
      Promise.resolve({
        runtime: "pglite",
        engine: "postgres",
        left: () => Promise.resolve([]),
        [Symbol.asyncDispose]: nothing,
      }),
  },
  { name: "local", skip: NO_SERVER, open: openLocal },
  {
    name: "docker",
    skip: image === undefined ? "AIM_TEST_DOCKER names no version" : null,
    open: openDocker,
  },
  { name: "url", skip: NO_SERVER, open: openUrl },
];

async function openLocal(): Promise<Place> {
  const foldersBefore = new Set(folders());
  // Whose a segment was is not to be told where others run servers too.
  const isAlone = foldersBefore.size === 0;
  const segmentsBefore = await segments();
  return {
    runtime: "local",
    engine: `postgres-${major}`,
    left: async () => {
      const found: string[] = [];
      for (const name of folders().filter((name) => !foldersBefore.has(name))) {
        if (!await isOfLivingRun(join(SHARED, name))) found.push(name);
      }
      const added = (isAlone ? await segments() : []).filter((id) => !segmentsBefore.includes(id));
      return [...found, ...added.map((id) => `segment ${id} of shared memory`)];
    },
    [Symbol.asyncDispose]: nothing,
  };
}

const SHARED = "/dev/shm";

/** Folders of servers in memory that are not those of other users; what such a server shares is in a file there, or a segment. */
function folders(): readonly string[] {
  const users = [process.getuid?.(), unprivilegedUser()?.uid];
  return readdirSync(SHARED).filter((name) =>
    name.startsWith("aim-") &&
    users.includes(statSync(join(SHARED, name), { throwIfNoEntry: false })?.uid)
  );
}

/** Segments of System V shared memory that nobody uses and whose maker is gone. */
async function segments(): Promise<readonly string[]> {
  const list = await readFile("/proc/sysvipc/shm", "utf8").catch(() => "");
  return list.split("\n").slice(1).map((line) => line.trim().split(/\s+/))
    .filter(([, , , , maker, , users]) => users === "0" && !isThere(Number(maker)))
    .map(([, id = ""]) => id);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** True for the folder of a server that some other run, which is still there, has started: not all its processes are orphans. */
async function isOfLivingRun(folder: string): Promise<boolean> {
  const pids = await processesNaming(folder);
  const parents = await Promise.all(pids.map(parentOf));
  return parents.some((parent) => parent > 1 && !pids.includes(parent));
}

async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") ? 0");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

async function openDocker(): Promise<Place> {
  const engine = await findEngine();
  if (typeof engine === "string") throw new Error(engine);
  const ask = async (...args: readonly string[]) =>
    (await runCommand(engine, args)).stdout.split("\n").filter((line) => line !== "");
  const volumes = () => ask("volume", "ls", "--quiet", "--filter", "dangling=true");
  const before = await volumes();
  return {
    runtime: "docker",
    engine: `postgres-${image}`,
    left: async (pids) => [
      ...(await ask("ps", "--all", "--format", '{{.Label "io.aim.pid"}}'))
        .filter((pid) => pids.includes(Number(pid))).map((pid) => `container of run ${pid}`),
      ...(await volumes()).filter((name) => !before.includes(name)).map((name) => `volume ${name}`),
    ],
    [Symbol.asyncDispose]: nothing,
  };
}

/** A server that stays, on which a role that is no superuser makes databases. */
async function openUrl(): Promise<Place> {
  const server = await startListening(major ?? "", {
    rules: ["host all all 127.0.0.1/32 trust", "local all all trust"],
  });
  const { address } = server;
  const admin = await Administration.connect(address, new AbortController().signal);
  await admin.exec("CREATE ROLE maker LOGIN CREATEDB CREATEROLE");
  const there = async () =>
    (await admin.query<{ name: string }>(`
      SELECT datname AS name FROM pg_database UNION ALL SELECT rolname FROM pg_roles
      UNION ALL SELECT application_name FROM pg_stat_activity WHERE application_name ~ '^aim_'
        AND pid <> pg_backend_pid()`))
      .map(({ name }) => name);
  const before = await there();
  return {
    runtime: "url",
    engine: `postgres-${major}`,
    variables: {
      AIM_DEV_URL: `postgres://maker@127.0.0.1:${address.port}/template1?sslmode=disable`,
    },
    left: async () => (await there()).filter((name) => !before.includes(name)),
    [Symbol.asyncDispose]: async () => {
      await admin.end();
      await server[Symbol.asyncDispose]();
    },
  };
}
