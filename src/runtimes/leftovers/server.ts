/** Ends programs that work on a folder, and removes it. */

import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { processesNaming } from "../../host/processes.ts";
import { programCommand } from "../../host/program.ts";
import { foldersOf, type StartedServer } from "./record.ts";

/** See the module's comment. Throws when a folder cannot be removed. */
export async function endServer(thing: StartedServer): Promise<void> {
  const memory = await sharedMemory(thing.folder);
  await endProcesses(thing.folder);
  for (const folder of foldersOf(thing)) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  }
  if (memory !== null) await removeSharedMemory(memory);
}

/** Asks them to end at once, as a database server understands it, and makes them when they do not. */
async function endProcesses(folder: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pids = await processesNaming(folder);
    if (pids.length === 0) return;
    await run("sh", ["-c", KILL, attempt < GENTLE ? "QUIT" : "KILL", ...pids.map(String)]);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** A binary may start a shell and may send no signals itself. */
const KILL = `kill -s "$0" "$@"`;

const ATTEMPTS = 60;
/** Attempts before a process is killed. */
const GENTLE = 40;
/** Milliseconds between two of them. */
const PAUSE = 50;

/** A segment of System V shared memory. */
interface Segment {
  readonly key: string;
  readonly id: string;
}

/** The segment that a Postgres on this folder, or on `data` in it, has, which its kill leaves behind; as `postmaster.pid` says it. */
async function sharedMemory(folder: string): Promise<Segment | null> {
  const read = (path: string) => readFile(path, "utf8").catch(() => "");
  const text = await read(join(folder, "postmaster.pid")) ||
    await read(join(folder, "data", "postmaster.pid"));
  const [, key, id] = /^ *(\d+) +(\d+) *$/.exec(text.split("\n")[6] ?? "") ?? [];
  return key === undefined || id === undefined ? null : { key, id };
}

/** Removes it where the system says that nobody uses it. */
async function removeSharedMemory({ key, id }: Segment): Promise<void> {
  const list = await readFile("/proc/sysvipc/shm", "utf8").catch(() => "");
  const isUnused = list.split("\n").some((line) => {
    const [foundKey, foundId, , , , , attached] = line.trim().split(/\s+/);
    return foundKey === key && foundId === id && attached === "0";
  });
  if (!isUnused) return;
  await run("ipcrm", ["-m", id]);
}

/** Runs a program, whatever comes of it: what it ends may have ended meanwhile. */
function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    try {
      execFile(...programCommand(program, args), () => resolve());
    } catch {
      resolve();
    }
  });
}
