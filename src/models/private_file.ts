/** Small TOML files that only their owner may read. */

import { randomBytes } from "node:crypto";
import { chmod, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import { UsageError } from "../core/error.ts";
import { MEGABYTE, readText } from "../host/read_text.ts";

/** Reads a file of tables; empty when there is none. Throws UsageError when it cannot be read or is not TOML. */
export async function readPrivate(path: string): Promise<Record<string, unknown>> {
  if (await stat(path).then(() => false, isAbsent)) return {};
  const text = await readText(path, { limit: MEGABYTE, code: "file" });
  const { parse, TomlError } = await import("smol-toml");
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The parser's own message quotes the line, and the line may hold a key.
    throw new UsageError(`Cannot read ${path}: it is not TOML in line ${error.line}`, {
      code: "file",
      place: { file: path, line: error.line, column: error.column },
    });
  }
}

function isAbsent(error: NodeJS.ErrnoException): boolean {
  return error.code === "ENOENT" || error.code === "ENOTDIR";
}

/** Replaces the file in one step; mode 0600, its folder 0700 when it is new. Throws UsageError when it cannot be written. */
export async function writePrivate(path: string, values: Record<string, unknown>): Promise<void> {
  const { stringify } = await import("smol-toml");
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, stringify(values), { mode: 0o600, flag: "wx" });
    await chmod(draft, 0o600);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot write ${path}: ${reason}`, { code: "file", cause: error });
  }
}

/** Whether others may read the file. */
export async function isExposed(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && process.platform !== "win32" && (found.mode & 0o077) !== 0;
}
