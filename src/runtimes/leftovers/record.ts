/** The register of what runs start, so that a later run ends what an earlier one could not. */

import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { isRunning, type RememberedProcess, thisProcess } from "../../host/processes.ts";
import { MEGABYTE, readText, systemCode } from "../../host/read_text.ts";
import { stateFolder } from "../../host/user_dirs.ts";

/** Something that outlives the run that started it when that one is killed. */
export type Startable = StartedServer | StartedContainer;

/** Programs that work on a folder, which their command lines name. */
export interface StartedServer {
  readonly kind: "server";
  /** Its real path. Its last part begins with `aim-`: nothing else is ever removed. */
  readonly folder: string;
  /** More folders that go with it, by the same rule: of sockets, of files unpacked. */
  readonly folders?: readonly string[];
}

/** Containers with a label, of one engine. */
export interface StartedContainer {
  readonly kind: "container";
  /** The program that speaks to the engine, `docker` or `podman`. */
  readonly program: string;
  /** The variables that say which engine that is: `DOCKER_HOST`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Value of the label `io.aim.run`; no other container has it. */
  readonly run: string;
}

/** One thing of one run, as a file of the register has it. */
export interface StartRecord extends RememberedProcess {
  /** Path of the file. */
  readonly path: string;
  readonly thing: Startable;
}

/** A thing that is registered. */
export interface Registration {
  /** The thing is gone: nobody needs to end it any more. */
  forget(): Promise<void>;
}

/**
 * Writes down what is about to be started; it is on the disk when this resolves. Where no register can be kept, the thing is started
 * all the same and a run that is killed leaves it.
 */
export async function registerStart(thing: Startable): Promise<Registration> {
  for (const folder of foldersOf(thing)) checkFolder(folder);
  const folder = registerFolder();
  const path = join(folder, `${process.pid}-${randomBytes(8).toString("hex")}.json`);
  const draft = `${path}.draft`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(JSON.stringify({ ...await thisProcess(), thing }));
      // Containers outlive the power too.
      if (thing.kind === "container") await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch {
    return { forget: () => Promise.resolve() };
  }
  return { forget: () => unlink(path).catch(() => {}) };
}

/** What runs that are gone have registered and did not end. */
export async function deadRecords(): Promise<readonly StartRecord[]> {
  const folder = registerFolder();
  const found: StartRecord[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const record = await readRecord(path);
    if (record === null) {
      // A run was killed before it had written this down, and so before it started anything.
      const pid = Number.parseInt(name);
      if (name.endsWith(".draft") && pid !== process.pid && isGone(pid)) {
        await unlink(path).catch(() => {});
      }
      continue;
    }
    if (record.pid === process.pid && record.started === (await thisProcess()).started) continue;
    if (await isRunning(record) === false) found.push(record);
  }
  return found;
}

function registerFolder(): string {
  return join(stateFolder(process.env), "started");
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return systemCode(error) === "ESRCH";
  }
}

/** All folders that go with a thing. */
export function foldersOf(thing: Startable): readonly string[] {
  return thing.kind === "server" ? [thing.folder, ...thing.folders ?? []] : [];
}

function checkFolder(folder: string): void {
  if (!OWN_FOLDER.test(folder)) throw new Error(`"${folder}" is not a folder of aim's own`);
}

/** An absolute path whose last part begins with `aim-`. */
const OWN_FOLDER = /^(?:[A-Za-z]:)?[\\/](?:.*[\\/])?aim-[\w.-]+$/;

async function readRecord(path: string): Promise<StartRecord | null> {
  if (!path.endsWith(".json")) return null;
  try {
    const value: unknown = JSON.parse(await readText(path, { limit: MEGABYTE }));
    if (typeof value !== "object" || value === null) return null;
    const { pid, host, started, thing } = value as Partial<StartRecord>;
    if (typeof pid !== "number" || typeof host !== "string" || !isStartable(thing)) return null;
    return { path, pid, host, started: started ?? null, thing };
  } catch {
    return null;
  }
}

function isStartable(thing: Startable | undefined): thing is Startable {
  if (thing?.kind === "container") {
    return typeof thing.program === "string" && typeof thing.run === "string";
  }
  return thing?.kind === "server" && foldersOf(thing).every((folder) => OWN_FOLDER.test(folder));
}
