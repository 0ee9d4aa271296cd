/** Folders of servers that aim fetched: filled beside their place and moved there, so that there is never half of one. */

import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeSharedFolder } from "../host/shared_folder.ts";

/** Makes `place` hold a version; what is there already stays, and another version is replaced. */
export async function addAt(
  place: string,
  version: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(place);
  await makeSharedFolder(folder);
  await removeAbandoned(folder);
  const made = await mkdtemp(join(folder, ADDING));
  try {
    await fill(made);
    await writeFile(join(made, VERSION_FILE), `${version}\n`, { mode: 0o644 });
    await chmod(made, 0o755);
    await moveTo(made, place);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** The version that was added at a place; null for none. */
export async function addedVersion(place: string): Promise<string | null> {
  try {
    return (await readFile(join(place, VERSION_FILE), "utf8")).trim();
  } catch {
    return null;
  }
}

/** Removes what was added at a place; false when there is nothing. */
export async function removeAt(place: string): Promise<boolean> {
  if (!await exists(place)) return false;
  await rm(place, { recursive: true, force: true });
  return true;
}

const ADDING = ".adding-";
const VERSION_FILE = "package-version";

function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

/** A run that was killed cannot remove what it began. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(ADDING)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ABANDONED) await rm(path, { recursive: true, force: true });
  }
}

/** Milliseconds after which nobody adds it any more. */
const ABANDONED = 3_600_000;

async function moveTo(made: string, place: string): Promise<void> {
  if (await exists(place)) await rm(place, { recursive: true, force: true });
  try {
    await rename(made, place);
  } catch (error) {
    // Another process was quicker.
    if (!await exists(place)) throw error;
  }
}
