/** Files that aim carries besides its code: WebAssembly and prepared data, embedded in a binary or made once beside the source. */

import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { SetupError } from "./errors.ts";

/** Files that belong together, and how they come to be. */
export interface AssetGroup {
  /** What they are for, in one word. */
  readonly name: string;
  /** Changes whenever the files would: versions and a hash of the recipe. */
  readonly key: string;
  /** Writes the files into an empty folder. */
  make(folder: string): Promise<void>;
}

/**
 * The bytes of one file of a group. Works from source and in a compiled binary; from source the group is made first when
 * it is missing. Throws SetupError when it can be neither found nor made.
 */
export async function asset(group: AssetGroup, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const found = await read(group, file);
  if (found !== null) return found;
  await ensureAssets(group);
  const made = await read(group, file);
  if (made !== null) return made;
  throw new SetupError(`Cannot find the embedded file "${file}" of ${group.name}`, {
    hint: "Make the embedded files with `deno task assets`",
    code: "assets",
  });
}

/** True when the file is there and nothing has to be made. */
export async function hasAsset(group: AssetGroup, file: string): Promise<boolean> {
  return await read(group, file) !== null;
}

/** Makes a group's files unless they are there. Safe when several processes do it at once. Says whether there was work. */
export async function ensureAssets(group: AssetGroup): Promise<boolean> {
  const root = sourceFolder();
  const final = `${root}/${folderName(group)}`;
  if (await exists(final)) return false;
  try {
    await mkdir(root, { recursive: true });
    const draft = await mkdtemp(`${root}/.${group.name}-`);
    try {
      await group.make(draft);
      await rename(draft, final).catch(async (error: unknown) => {
        if (!await exists(final)) throw error;
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(`Cannot prepare the embedded files of ${group.name}: ${text(error)}`, {
      hint:
        `Install the packages with \`deno install\` and make sure that "${root}" can be written`,
      code: "assets",
      cause: error,
    });
  }
  return true;
}

/** Removes what older versions of the groups, and runs that were broken off, left in the assets folder. */
export async function pruneAssets(groups: readonly AssetGroup[]): Promise<void> {
  const root = sourceFolder();
  const kept = new Set(groups.map(folderName));
  for (const name of await readdir(root).catch(() => [])) {
    const isOwned = groups.some((group) => name.replace(/^\./, "").startsWith(`${group.name}-`));
    if (!isOwned || kept.has(name)) continue;
    const path = `${root}/${name}`;
    if (!name.startsWith(".") || await isOld(path)) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** The bytes of a file inside an installed npm package: `sql.js/dist/sql-wasm.wasm`. For recipes, which run from source only. */
export async function packageFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(packagePath(path)));
}

/** The absolute path of a file inside an installed npm package. */
export function packagePath(path: string): string {
  const parts = path.split("/");
  const name = parts.splice(0, path.startsWith("@") ? 2 : 1).join("/");
  const require = createRequire(import.meta.url);
  for (const modules of require.resolve.paths(name) ?? []) {
    const folder = `${modules}/${name}`;
    try {
      require.resolve(`${folder}/package.json`);
      return [folder, ...parts].join("/");
    } catch {
      continue;
    }
  }
  throw new SetupError(`Cannot find the npm package "${name}"`, {
    hint: "Install the packages with `deno install`",
    code: "assets",
  });
}

/** The assets folder as seen from this file in the source tree, and from a bundle whose entry stands at the project's root. */
const ROOTS = ["../assets/", "./assets/"];

async function read(group: AssetGroup, file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  for (const root of ROOTS) {
    const url = new URL(`${root}${folderName(group)}/${file}`, import.meta.url);
    try {
      const { buffer, byteOffset, length } = await readFile(url);
      // A file's bytes are never shared with another thread: nothing is copied.
      return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
    } catch {
      continue;
    }
  }
  return null;
}

function folderName(group: AssetGroup): string {
  return `${group.name}-${group.key}`;
}

function sourceFolder(): string {
  return fileURLToPath(new URL("../assets", import.meta.url));
}

/** No process takes an hour to make its files. */
async function isOld(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > 3_600_000;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
