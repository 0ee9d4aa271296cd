/** A SQLite database in memory as a file for other programs, for a time. */

import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseError } from "../core/error.ts";
import type { SharedDatabase } from "./runtime.ts";

/** The database as bytes. */
export interface FileContent {
  read(): Promise<Uint8Array>;
  write(bytes: Uint8Array): Promise<unknown>;
}

/** The most bytes that a program may leave. */
const MOST_BYTES = 512 << 20;

/** Puts the database into a file that only this user can open, until the end of the scope: then it is what the file holds. */
export async function shareFile(content: FileContent): Promise<SharedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "aim-orm-"));
  const file = join(folder, "scratch.db");
  await writeFile(file, await content.read(), { mode: 0o600 });
  const path = file.replaceAll("\\", "/");
  return {
    address: {
      url: `sqlite:///${path}`,
      host: "",
      port: 0,
      user: "",
      password: "",
      database: file,
      file,
    },
    [Symbol.asyncDispose]: async () => {
      try {
        await content.write(await readBack(file));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function readBack(file: string): Promise<Uint8Array> {
  const { size } = await stat(file);
  if (size > MOST_BYTES) {
    throw new DatabaseError(`the program left more than ${MOST_BYTES >> 20} MB in the database`);
  }
  const log = await stat(`${file}-wal`).catch(() => null);
  if (log !== null && log.size > 0) {
    throw new DatabaseError("the program left the database open: a part of it is in its log alone");
  }
  const bytes = new Uint8Array(await readFile(file));
  // A database in memory has no write-ahead log: these two bytes of the header say whether there is one.
  if (bytes[18] === WITH_LOG && bytes[19] === WITH_LOG) bytes.fill(WITHOUT_LOG, 18, 20);
  return bytes;
}

const WITH_LOG = 2;
const WITHOUT_LOG = 1;
