/** One run writes into a migrations folder at a time, and the others can say which one it is. */

import { createHash, randomBytes } from "node:crypto";
import { link, lstat, mkdir, rename, unlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { UsageError } from "../../core/error.ts";
import { isRunning, type RememberedProcess, thisProcess } from "../../host/processes.ts";
import { cacheFolder } from "../../host/user_dirs.ts";
import { MEGABYTE, readText, systemCode } from "../../host/read_text.ts";

/** A run that writes, or wrote, into a folder. */
export interface LockHolder extends RememberedProcess {
  /** As a user would type it: `aim generate`. */
  readonly command: string;
  /** When the lock was taken, ISO 8601. */
  readonly since: string;
}

/** A lock that is held until it is disposed of. */
export interface FolderLock extends AsyncDisposable {
  /** The run that wrote into the folder last, or null. */
  readonly last: LockHolder | null;
  /** Keeps a record of this run for those that come after it. */
  wrote(): void;
}

/** Where the start of a process cannot be compared, a lock counts for this long: what it guards takes moments. */
const LONGEST_MS = 10 * 60_000;

/**
 * Takes the lock of a folder, given by its real path. It lies in the user's cache folder, never in the project; one of a
 * process that is no more is taken over. Where no lock can be kept the run goes on without one: `write.ts` replaces nothing.
 * Throws UsageError, with the run that holds it, when it is taken.
 */
export async function lockFolder(folder: string, command: string): Promise<FolderLock> {
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  const own: LockHolder = {
    ...await thisProcess(),
    command,
    since: new Date().toISOString(),
  };
  for (const place of [join(cacheFolder(process.env), "locks"), join(tmpdir(), userFolder())]) {
    const path = join(place, name);
    const holder = await take(path, own);
    if (holder === "impossible") continue;
    if (holder !== null) throw held(folder, holder);
    return lockAt(path, await recordAt(`${path}.last`));
  }
  return { last: null, wrote: () => {}, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** `run 4711 (aim generate, since 14:02:03)`. */
export function describeHolder({ pid, host, command, since }: LockHolder): string {
  const where = host === hostname() ? "" : ` on ${host}`;
  const time = new Date(since);
  const today = time.toDateString() === new Date().toDateString();
  return `process ${pid}${where} (${command}, since ${
    today ? time.toTimeString().slice(0, 8) : since
  })`;
}

function lockAt(path: string, last: LockHolder | null): FolderLock {
  let wrote = false;
  return {
    last,
    wrote: () => wrote = true,
    [Symbol.asyncDispose]: async () => {
      await (wrote ? rename(path, `${path}.last`) : unlink(path)).catch(() => {});
    },
  };
}

/** Takes a lock; gives the living run that has it, or `impossible` where files cannot be made. */
async function take(path: string, own: LockHolder): Promise<LockHolder | "impossible" | null> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const folder = join(path, "..");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // In a shared folder for temporary files anybody can make a folder of this name.
    const { uid } = await lstat(folder);
    if (process.getuid !== undefined && uid !== process.getuid()) return "impossible";
    await writeFile(draft, JSON.stringify(own), { flag: "wx", mode: 0o600 });
  } catch {
    await unlink(draft).catch(() => {});
    return "impossible";
  }
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      // A link appears with its text; a file that is opened and then written would be empty for a moment.
      const error = await link(draft, path).then(() => null, (error: unknown) => error);
      if (error === null) return null;
      if (systemCode(error) !== "EEXIST") return "impossible";
      const holder = await recordAt(path);
      if (holder !== null && await isAlive(holder)) return holder;
      await bury(path, holder);
    }
    return await recordAt(path) ?? "impossible";
  } finally {
    await unlink(draft).catch(() => {});
  }
}

/** Takes the lock of a dead run away, unless another run has done so, and locked, meanwhile: then it is put back. */
async function bury(path: string, dead: LockHolder | null): Promise<void> {
  const grave = `${path}.${randomBytes(6).toString("hex")}`;
  if (!await rename(path, grave).then(() => true, () => false)) return;
  if (JSON.stringify(await recordAt(grave)) !== JSON.stringify(dead)) {
    await link(grave, path).catch(() => {});
  }
  await unlink(grave).catch(() => {});
}

/** Whether the run is still there. A process that ended and was not yet waited for is not. */
async function isAlive(holder: LockHolder): Promise<boolean> {
  return await isRunning(holder) ?? Date.now() - Date.parse(holder.since) < LONGEST_MS;
}

async function recordAt(path: string): Promise<LockHolder | null> {
  try {
    const value: unknown = JSON.parse(await readText(path, { limit: MEGABYTE }));
    if (typeof value !== "object" || value === null) return null;
    const { pid, host, started, command, since } = value as Partial<LockHolder>;
    if (typeof pid !== "number" || typeof host !== "string" || typeof since !== "string") {
      return null;
    }
    return { pid, host, started: started ?? null, command: String(command), since };
  } catch {
    return null;
  }
}

function userFolder(): string {
  return `aim-${process.getuid?.() ?? "user"}`;
}

function held(folder: string, holder: LockHolder): UsageError {
  return new UsageError(`Cannot write to "${folder}": ${describeHolder(holder)} is writing there`, {
    code: "locked",
    hint: "Run aim again when it has ended, so that the new migration comes after its",
  });
}
