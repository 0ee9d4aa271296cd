/** Folders of scratch servers: in memory where there is such a place, short enough for a socket, seen by nobody else. */

import { chmodSync, chownSync, constants, rmSync } from "node:fs";
import {
  access,
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  statfs,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** Who runs a server: nobody else than the user, unless that is root. */
export interface Owner {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The account that a server runs under when aim is root; null when it simply is the user's. */
export async function serverOwner(): Promise<Owner | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  for (const name of ["mysql", "nobody"]) {
    const [, , uid, gid] = accounts.split("\n").find((line) => line.startsWith(`${name}:`))
      ?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined && uid !== "0") {
      return { name, uid: Number(uid), gid: Number(gid) };
    }
  }
  return null;
}

/** A new folder of its own for one run. */
export async function scratchFolder(owner: Owner | null): Promise<string> {
  return await folderAt(join(await place(), "aim-"), owner);
}

/** A new folder inside of such a one. */
export async function folderIn(home: string, owner: Owner | null): Promise<string> {
  return await folderAt(join(home, "d"), owner);
}

async function folderAt(prefix: string, owner: Owner | null): Promise<string> {
  const folder = await mkdtemp(prefix);
  await chmod(folder, 0o700);
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
  return folder;
}

/** Bytes that must be free in memory for a folder to be there. */
const LEAST_FREE = 512 * 1024 ** 2;

async function place(): Promise<string> {
  const memory = "/dev/shm";
  try {
    await access(memory, constants.W_OK);
    const { bavail, bsize } = await statfs(memory);
    if (bavail * bsize >= LEAST_FREE) return memory;
  } catch {
    // There is none.
  }
  return tmpdir();
}

/** Copies a tree of plain files into a folder that is there; the copy belongs to `owner`. */
export async function copyTree(
  from: string,
  to: string,
  owner: Owner | null,
  leaveOut: (name: string) => boolean = () => false,
): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(entries.map(async (entry) => {
    if (leaveOut(entry.name)) return;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target, { mode: 0o700 });
      await copyTree(source, target, owner, leaveOut);
    } else if (entry.isFile()) {
      await copyFile(source, target);
      chmodSync(target, 0o600);
    } else {
      return;
    }
    if (owner !== null) chownSync(target, owner.uid, owner.gid);
  }));
}

/** Removes a tree at once. */
export function removeTree(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
