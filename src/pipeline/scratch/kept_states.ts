/** States of a scratch database in the user's cache: what the first migrations of a history left, by the hash of all that made it. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { VERSION } from "../../core/version.ts";
import { KeptFiles } from "../../host/kept_files.ts";
import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import type { Sources } from "../sources.ts";
import { runnerTableScripts } from "./create_database.ts";

/** Changes whenever the same files leave another state, or it is written down in another way. */
const FORMAT = 1;

/** Forgets all states; says how many there were, and of how many bytes. */
export async function forgetStates(): Promise<{ readonly files: number; readonly bytes: number }> {
  return await keptStates.clear();
}

/** The folder of all states, of all projects of a user. */
const keptStates = new KeptFiles("states", { files: 40, bytes: 256 * 1024 ** 2 });

/** The most that a state takes once it is unpacked. */
const MOST = 1024 ** 3;

/** What goes with the bytes of a database. */
export interface StateNotes {
  /** What the last migration leaves to the session; null when it is that of a new one. */
  readonly searchPath: string | null;
  /** Settings that the session has after a reset, as SQL. */
  readonly settings: string;
  /** What the user was told while it was made. */
  readonly notes: readonly string[];
}

/**
 * Of each number of migrations up to `count`, from none on, the key of the state that they leave: the hash of their scripts and of all
 * else that it depends on. None where the server's states do not outlive it.
 */
export function stateKeys(
  project: Project,
  server: Server,
  { before = [], history }: Pick<Sources, "before" | "history">,
  count: number,
): readonly string[] {
  if (server.stateKey === undefined) return [];
  const { engine, format, config } = project;
  const hash = createHash("sha256").update(JSON.stringify([
    FORMAT,
    VERSION,
    [engine.dialect, server.runtime, server.version, server.stateKey],
    [format.name, config.searchPath],
    before,
    runnerTableScripts(project, history.migrations.map(({ up }) => up.text)),
  ]));
  const keys = [hash.copy().digest("hex")];
  const day = new Date().toISOString().slice(0, 10);
  let [readsClock, makesStatements] = [false, false];
  for (const { up } of history.migrations.slice(0, count)) {
    readsClock ||= engine.dated?.readsClock.test(up.text) === true;
    makesStatements ||= engine.dated?.makesStatements.test(up.text) === true;
    if (readsClock && makesStatements) hash.update(day);
    keys.push(hash.update(JSON.stringify(up)).copy().digest("hex"));
  }
  return keys;
}

/** A kept state in a new database. */
export interface KeptState extends StateNotes {
  readonly database: ScratchDatabase;
  /** Of its key. */
  readonly index: number;
}

/** The last of the states with these keys that can be read; null where there is none. */
export async function keptState(
  server: Server,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<KeptState | null> {
  if (keys.length === 0) return null;
  const there = await keptStates.keys();
  for (const [index, key] of [...keys.entries()].reverse()) {
    const packed = there.has(key) ? await keptStates.read(key) : null;
    if (packed === null) continue;
    try {
      const { notes, bytes } = unpack(packed);
      const database = await server.create();
      await database.readState?.(bytes);
      return { ...notes, database, index };
    } catch {
      signal.throwIfAborted();
      await keptStates.remove(key);
    }
  }
  return null;
}

/** Keeps the state of a database; where that cannot be, the next run replays. */
export async function keepState(
  database: ScratchDatabase,
  key: string,
  notes: StateNotes,
): Promise<void> {
  const bytes = await database.writeState?.() ?? null;
  if (bytes !== null) await keptStates.write(key, pack(notes, bytes));
}

/** The length of the notes, the notes, the database. */
function pack(notes: StateNotes, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(JSON.stringify(notes));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  return zstdCompressSync(Buffer.concat([size, text, bytes]));
}

function unpack(packed: Uint8Array): { notes: StateNotes; bytes: Uint8Array<ArrayBuffer> } {
  const whole = zstdDecompressSync(packed, { maxOutputLength: MOST });
  const end = 4 + whole.readUInt32LE();
  return {
    notes: JSON.parse(whole.toString("utf8", 4, end)),
    bytes: new Uint8Array(whole.subarray(end)),
  };
}
