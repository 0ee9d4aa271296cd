/** What a run that was killed while it wrote left in a migrations folder. */

import type { Stats } from "node:fs";
import { lstat, readdir, rename, rmdir, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Names that `write.ts` gives to files before they are in place, and to those that they replace. */
const TEMPORARY = /^\.aim-[0-9a-f]{12}\.tmp(?:\.(\d+)\.old)?$/;

/** Files of a run that did not come to its end, by path; no run must be writing. */
export async function findLeftovers(root: string): Promise<readonly string[]> {
  const out: string[] = [];
  const folders = [root];
  for (const entry of await entriesOf(root)) {
    if (entry.isDirectory()) folders.push(join(root, entry.name));
  }
  for (const folder of folders) {
    for (const entry of await entriesOf(folder)) {
      if (entry.isFile() && TEMPORARY.test(entry.name)) out.push(join(folder, entry.name));
    }
  }
  return out;
}

/**
 * Takes back what that run did: its files are removed, a plan that it replaced is put back, and its empty folder goes. A file
 * in place is known as its by being the same file as one that was to be moved there. When all of them are in place the run was
 * killed at its very end, and they stay. Gives the paths that were changed.
 */
export async function undoLeftovers(leftovers: readonly string[]): Promise<readonly string[]> {
  const found: Leftover[] = [];
  for (const path of leftovers) {
    const inode = TEMPORARY.exec(basename(path))?.[1] ?? null;
    found.push({ path, inode, twin: await twinOf(path, inode) });
  }
  const complete = found.every(({ inode, twin }) => inode !== null || twin !== null);
  const changed: string[] = [];
  for (const { path, inode, twin } of found) {
    if (complete || twin === null) await unlink(path);
    else {
      await (inode === null ? unlink(twin) : rename(path, twin));
      if (inode === null) await unlink(path);
      changed.push(twin);
    }
    // Fails, as it must, for a folder with other files in it.
    await rmdir(dirname(path)).catch(() => {});
  }
  return changed;
}

interface Leftover {
  readonly path: string;
  /** Of the file that replaced this one; null for a file that was to be moved into place. */
  readonly inode: string | null;
  /** The file in place that the killed run made. */
  readonly twin: string | null;
}

async function twinOf(path: string, inode: string | null): Promise<string | null> {
  const own = await lstat(path);
  return await findFile(
    dirname(path),
    ({ ino, dev }) => dev === own.dev && String(ino) === (inode ?? String(own.ino)),
  );
}

async function findFile(
  folder: string,
  is: (found: Stats) => boolean,
): Promise<string | null> {
  for (const entry of await entriesOf(folder)) {
    if (!entry.isFile() || TEMPORARY.test(entry.name)) continue;
    const path = join(folder, entry.name);
    const found = await lstat(path).catch(() => null);
    if (found !== null && is(found)) return path;
  }
  return null;
}

function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
