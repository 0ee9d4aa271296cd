/** Writes an edited schema: all of its files or none, and only over what was read. */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SetupError, UsageError } from "../../core/error.ts";
import { MEGABYTE, readBytes, systemCode } from "../../host/read_text.ts";
import type { Project } from "../project.ts";

/** A file with its text as it was read and as it is to be. */
export interface Replacement {
  /** From the working folder. */
  readonly path: string;
  readonly old: string;
  readonly text: string;
}

/**
 * Replaces files; gives what puts the old texts back. Throws UsageError for a file that has changed since it was read or cannot
 * be written.
 */
export async function replaceSchema(
  { signal }: Pick<Project, "signal">,
  files: readonly Replacement[],
): Promise<() => Promise<void>> {
  const done: Replacement[] = [];
  const restore = async () => {
    for (const { path, old } of done.toReversed()) await replace(path, old);
  };
  const mark = (text: string) => text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  try {
    for (const file of files) {
      signal.throwIfAborted();
      const there = Buffer.from(await readBytes(file.path, { limit: LIMIT })).toString("utf8");
      const begin = mark(there);
      if (there !== begin + file.old) {
        throw new UsageError(`Cannot write ${file.path}: it has changed since it was read`, {
          code: "schema-changed",
          hint: "Run aim again, which begins with what is there now",
        });
      }
      await replace(file.path, begin + file.text);
      done.push({ ...file, old: there });
    }
  } catch (error) {
    await restore();
    throw explained(error);
  }
  return restore;
}

const BYTE_ORDER_MARK = "\uFEFF";

/** The most bytes of a file. */
const LIMIT = 256 * MEGABYTE;

/** Writes a text beside a file and moves it to its place, mode kept. */
async function replace(path: string, text: string): Promise<void> {
  const real = await realpath(path);
  const temporary = join(dirname(real), `.${basename(real)}.${randomBytes(6).toString("hex")}.tmp`);
  const { mode } = await stat(real);
  try {
    const handle = await open(temporary, "wx", mode & 0o7777);
    try {
      await handle.writeFile(text);
      await handle.chmod(mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, real);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

function explained(error: unknown): unknown {
  const code = systemCode(error);
  if (code === "") return error;
  const message = error instanceof Error ? error.message : String(error);
  return code === "ENOSPC" || code === "EDQUOT"
    ? new SetupError(`Cannot write the schema: ${message}`, { code: "write", cause: error })
    : new UsageError(`Cannot write the schema: ${message}`, {
      code: "write",
      hint: "the file and its folder must be writable",
      cause: error,
    });
}
