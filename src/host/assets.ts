/** Files that aim carries besides its code: WebAssembly and prepared data, embedded in a binary or made once beside the source. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupError } from "../core/error.ts";

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
 * it is missing or a file has not the size that it was made with. Throws SetupError when it can be neither found nor made.
 */
export async function asset(group: AssetGroup, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const found = await intact(group, file);
  if (found !== null) return found;
  await ensureAssets(group);
  const made = await intact(group, file);
  if (made !== null) return made;
  throw new SetupError(`Cannot read the embedded file "${folderName(group)}/${file}"`, {
    hint: "Make the embedded files with `deno task assets`, or install aim again",
    code: "assets",
  });
}

/** True when the file is there and nothing has to be made. */
export async function hasAsset(group: AssetGroup, file: string): Promise<boolean> {
  return await intact(group, file) !== null;
}

/**
 * Makes a group's files unless they are there, each with the size that it had. Safe when several processes do it at once.
 * Says whether there was work.
 */
export async function ensureAssets(group: AssetGroup): Promise<boolean> {
  const folder = folderName(group);
  // Files that are read at the same time find the same damage, which is mended once.
  const going = making.get(folder) ?? make(group).finally(() => making.delete(folder));
  making.set(folder, going);
  return await going;
}

const making = new Map<string, Promise<boolean>>();

async function make(group: AssetGroup): Promise<boolean> {
  const root = sourceFolder();
  const final = `${root}/${folderName(group)}`;
  try {
    if (await exists(final)) {
      if (await hasSizes(final)) return false;
      await rm(final, { recursive: true });
    }
    await mkdir(root, { recursive: true });
    const draft = await mkdtemp(`${root}/.${group.name}-`);
    try {
      await group.make(draft);
      await writeFile(`${draft}/${CHECKSUMS}`, JSON.stringify(await checksumsOf(draft), null, 1));
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
  sizes.delete(folderName(group));
  return true;
}

/**
 * Reads all embedded files and removes the groups in which one has not the SHA-256 that it was made with, so that they are
 * recreated when they are next needed. Gives the damaged files, as `pglite-25e5f13b/postgres.bin`; 25 ms when there is none.
 * Throws SetupError when they cannot be removed.
 */
export async function removeDamagedAssets(): Promise<readonly string[]> {
  const root = sourceFolder();
  const damaged: string[] = [];
  for (const name of await readdir(root).catch(() => [])) {
    if (name.startsWith(".")) continue;
    const folder = `${root}/${name}`;
    const broken = await damagedIn(folder);
    if (broken.length === 0) continue;
    damaged.push(...broken.map((file) => `${name}/${file}`));
    sizes.delete(name);
    await rm(folder, { recursive: true }).catch((error: unknown) => {
      throw new SetupError(`Cannot remove the damaged "${folder}": ${text(error)}`, {
        hint: "Remove it, and make the embedded files with `deno task assets`",
        code: "assets",
        cause: error,
      });
    });
  }
  return damaged;
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
const IS_SOURCE = import.meta.url.endsWith("/src/host/assets.ts");
const ROOT = new URL(IS_SOURCE ? "../../assets/" : "./assets/", import.meta.url);

/** Names and checksums of the other files of a group, in its folder. */
const CHECKSUMS = "checksums.json";

interface Checksum {
  readonly bytes: number;
  readonly sha256: string;
}

type Checksums = Readonly<Record<string, Checksum>>;

/** Checksums by folder, read once. */
const sizes = new Map<string, Promise<Checksums | null>>();

/** The bytes of a file when there are as many as when it was made, else null. */
async function intact(group: AssetGroup, file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const name = folderName(group);
  const known = sizes.get(name) ?? read(`${name}/${CHECKSUMS}`).then(parseChecksums);
  sizes.set(name, known);
  const [bytes, checksums] = await Promise.all([read(`${name}/${file}`), known]);
  if (checksums === null) sizes.delete(name);
  return bytes !== null && checksums?.[file]?.bytes === bytes.length ? bytes : null;
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const url = new URL(path, ROOT);
  try {
    // What is in the program is in memory already: to wait for another thread would take longer.
    const { buffer, byteOffset, length } = IS_SOURCE ? await readFile(url) : readFileSync(url);
    // A file's bytes are never shared with another thread: nothing is copied.
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
  } catch {
    return null;
  }
}

function parseChecksums(bytes: Uint8Array | null): Checksums | null {
  try {
    return bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

async function checksumsOf(folder: string): Promise<Checksums> {
  const out: Record<string, Checksum> = {};
  for (const file of await filesIn(folder)) {
    const bytes = await readFile(`${folder}/${file}`);
    out[file] = { bytes: bytes.length, sha256: sha256(bytes) };
  }
  return out;
}

async function hasSizes(folder: string): Promise<boolean> {
  const checksums = parseChecksums(await readFile(`${folder}/${CHECKSUMS}`).catch(() => null));
  if (checksums === null) return false;
  for (const [file, { bytes }] of Object.entries(checksums)) {
    const found = await stat(`${folder}/${file}`).catch(() => null);
    if (found === null || !found.isFile() || found.size !== bytes) return false;
  }
  return true;
}

/** Files of a group that are not as they were made; none where there are no checksums, which `make` mends. */
async function damagedIn(folder: string): Promise<readonly string[]> {
  const checksums = parseChecksums(await readFile(`${folder}/${CHECKSUMS}`).catch(() => null));
  if (checksums === null) return [];
  const out: string[] = [];
  for (const [file, known] of Object.entries(checksums)) {
    const bytes = await readFile(`${folder}/${file}`).catch(() => null);
    if (bytes === null || sha256(bytes) !== known.sha256) out.push(file);
  }
  return out;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function folderName(group: AssetGroup): string {
  return `${group.name}-${group.key}`;
}

function sourceFolder(): string {
  return fileURLToPath(new URL("../../assets", import.meta.url));
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
