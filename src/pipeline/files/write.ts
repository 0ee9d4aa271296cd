/** The only place that writes migrations: all of the files or none. */

import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import {
  link,
  lstat,
  mkdir,
  open,
  realpath,
  rename,
  rmdir,
  stat,
  unlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { AimError, SetupError, UsageError } from "../../core/error.ts";
import { MEGABYTE, readBytes, systemCode } from "../../host/read_text.ts";
import type { SourceFile } from "../../formats/format.ts";

/** How to write. */
export interface WriteOptions {
  /** Files that go, and those whose text may become any other; by their paths below the folder. None when absent. */
  readonly replaces?: readonly string[];
  /** Ends the work; the tree is then as it was. */
  readonly signal: AbortSignal;
}

/**
 * Writes `files`, by their paths below `folder`, all or none: on any failure the tree is as it was. A file that exists is
 * only replaced by a text that begins with its own (a plan with one more line), where it still has the text that the file says it
 * replaces (a journal), or where `replaces` names it; what it names and `files` have not is removed. Throws UsageError for a path
 * outside the
 * folder, a name that is taken and a folder that cannot be written to, SetupError for a full disk.
 */
export async function writeFiles(
  folder: string,
  files: readonly SourceFile[],
  { signal, replaces = [] }: WriteOptions,
): Promise<void> {
  const undo: Undo[] = [];
  const leftovers: string[] = [];
  try {
    signal.throwIfAborted();
    await makeFolders(folder, undo);
    const root = await realpath(folder);
    const staged: Staged[] = [];
    for (const file of distinct(files)) {
      signal.throwIfAborted();
      const mayChange = replaces.includes(file.path);
      staged.push(await stage(file, { root, undo, leftovers, mayChange }));
    }
    for (const one of staged) {
      signal.throwIfAborted();
      await putInPlace(one, undo, leftovers);
    }
    const written = new Set(files.map(({ path }) => path));
    for (const path of replaces) {
      if (!written.has(path)) await remove(targetOf(root, path), undo);
    }
    signal.throwIfAborted();
    for (const parent of new Set(staged.map(({ target }) => dirname(target)))) {
      await syncFolder(parent);
    }
  } catch (error) {
    const stuck: string[] = [];
    for (const { path, run } of undo.reverse()) await run().catch(() => stuck.push(path));
    throw explained(error, folder, await there(stuck));
  } finally {
    for (const path of leftovers) await unlink(path).catch(() => {});
  }
}

/** How to take back one step of what was done. */
interface Undo {
  /** What stays when it cannot be taken back. */
  readonly path: string;
  readonly run: () => Promise<void>;
}

/** A file whose text lies complete on disk beside its place. */
interface Staged {
  readonly target: string;
  readonly temporary: string;
  /** What stands at the target and is to be replaced. */
  readonly replaced: Stats | null;
}

interface Stage {
  readonly root: string;
  readonly undo: Undo[];
  readonly leftovers: string[];
  /** Whether what stands there may be replaced by any text. */
  readonly mayChange: boolean;
}

/** Removes a file, and its folder where nothing is left in it. */
async function remove(target: string, undo: Undo[]): Promise<void> {
  const bytes = await readBytes(target, { limit: REPLACED_LIMIT });
  const { mode } = await stat(target);
  await unlink(target);
  undo.push({
    path: target,
    run: async () => {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes, { flag: "wx", mode });
    },
  });
  // Fails, as it must, for a folder with other files in it.
  await rmdir(dirname(target)).catch(() => {});
}

async function stage(
  file: SourceFile,
  { root, undo, leftovers, mayChange }: Stage,
): Promise<Staged> {
  const target = targetOf(root, file.path);
  await makeFolders(dirname(target), undo);
  const parent = await realpath(dirname(target));
  if (!isInside(root, parent)) throw outside(file.path);
  const replaced = await standing(target, file, mayChange);
  const temporary = join(parent, `.aim-${randomBytes(6).toString("hex")}.tmp`);
  leftovers.push(temporary);
  undo.push({ path: temporary, run: () => unlink(temporary) });
  const handle = await open(temporary, "wx", replaced === null ? 0o666 : replaced.mode & 0o7777);
  try {
    await handle.writeFile(file.text);
    // The mode given to open is cut by the umask.
    if (replaced !== null) await handle.chmod(replaced.mode & 0o7777);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { target: join(parent, basename(target)), temporary, replaced };
}

/** Moves a staged file to its place. A new one is linked, which fails where a name has been taken meanwhile; rename would not. */
async function putInPlace(
  { target, temporary, replaced }: Staged,
  undo: Undo[],
  leftovers: string[],
): Promise<void> {
  if (replaced === null) {
    try {
      await link(temporary, target);
    } catch (error) {
      if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(systemCode(error))) throw error;
      if (await exists(target)) throw taken(target);
      await rename(temporary, target);
    }
    undo.push({ path: target, run: () => unlink(target) });
    return;
  }
  const backup = `${temporary}.${(await lstat(temporary)).ino}.old`;
  await copyAside(target, backup);
  leftovers.push(backup);
  await rename(temporary, target);
  undo.push({ path: target, run: () => rename(backup, target) });
}

/** A second name for the file, or a copy where the file system has no links. */
async function copyAside(path: string, backup: string): Promise<void> {
  try {
    await link(path, backup);
  } catch {
    const handle = await open(backup, "wx", (await stat(path)).mode & 0o7777);
    try {
      await handle.writeFile(await readBytes(path, { limit: REPLACED_LIMIT }));
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** The most bytes of a file that is replaced: a plan. */
const REPLACED_LIMIT = 32 * MEGABYTE;

/** What stands at a file's place: null for nothing. Throws UsageError when it may not be replaced. */
async function standing(
  target: string,
  file: SourceFile,
  mayChange: boolean,
): Promise<Stats | null> {
  let found: Stats;
  try {
    found = await lstat(target);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
  if (!found.isFile()) throw taken(file.path);
  if (mayChange) return found;
  const text = new TextDecoder().decode(
    await readBytes(target, { limit: REPLACED_LIMIT, shown: file.path }),
  );
  const { replaces } = file;
  const isSame = replaces !== undefined &&
    text.replace(/^\ufeff/, "") === replaces.replace(/^\ufeff/, "");
  if (!isSame && !file.text.startsWith(text)) throw taken(file.path);
  return found;
}

/** Makes a folder and those above it that are missing, and notes how to remove them again. */
async function makeFolders(folder: string, undo: Undo[]): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(folder); !await exists(at); at = dirname(at)) missing.unshift(at);
  for (const path of missing) {
    await mkdir(path);
    undo.push({ path, run: () => rmdir(path) });
  }
}

function distinct(files: readonly SourceFile[]): readonly SourceFile[] {
  const seen = new Set<string>();
  for (const { path } of files) {
    if (seen.has(path)) throw taken(path);
    seen.add(path);
  }
  return files;
}

function targetOf(root: string, path: string): string {
  const target = resolve(root, path);
  if (path === "" || path.includes("\0") || target === root || !isInside(root, target)) {
    throw outside(path);
  }
  return target;
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
}

/** Those of the paths at which something stands. */
async function there(paths: readonly string[]): Promise<readonly string[]> {
  const out: string[] = [];
  for (const path of paths) if (await exists(path).catch(() => true)) out.push(path);
  return out;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** Makes new names last over a power failure, where the system can. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Some systems open no folders; the files themselves are safe.
  }
}

function outside(path: string): UsageError {
  return new UsageError(`Cannot write "${path}": it lies outside the migrations folder`, {
    code: "write-outside",
  });
}

function taken(path: string): UsageError {
  return new UsageError(`Cannot write "${path}": there is already such a file`, {
    code: "write-clash",
    hint: "Run aim again, which takes the next version, or choose another --name",
  });
}

/** Says why in words, and that nothing was changed, or what could not be taken back. */
function explained(error: unknown, folder: string, stuck: readonly string[]): unknown {
  if (!(error instanceof Error) || (error instanceof AimError && stuck.length === 0)) return error;
  const code = systemCode(error);
  const reason = REASONS[code] ??
    (code === "" && !(error instanceof AimError) ? null : error.message);
  if (reason === null) return error;
  const end = stuck.length === 0
    ? "nothing was changed"
    : `cannot take back ${stuck.map((path) => `"${path}"`).join(", ")}`;
  const message = `Cannot write to "${folder}": ${reason}; ${end}`;
  return code === "ENOSPC" || code === "EDQUOT"
    ? new SetupError(message, { code: "disk-full", cause: error })
    : new UsageError(message, { code: "not-writable", cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EEXIST: "a file of that name has appeared meanwhile",
  ENOTDIR: "a file stands where a folder must be",
  ENAMETOOLONG: "a file's name is too long",
  ELOOP: "its links form a loop",
  EIO: "the disk reports an error",
  EFBIG: "the file is larger than the system allows",
  ENOENT: "the folder does not exist",
};
