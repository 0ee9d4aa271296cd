/** What aim keeps for its own later runs: files in a folder of the user's cache, believed only where nobody else can have written them. */

import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { cacheFolder } from "./user_dirs.ts";

/** How much a folder keeps; what was not used longest goes first. */
export interface KeptBounds {
  readonly files: number;
  /** Of all of them together, and so of each. */
  readonly bytes: number;
}

/** A folder of such files, by keys that are hex digits. Nothing here throws: what cannot be kept is made again. */
export class KeptFiles {
  readonly #name: string;
  readonly #bounds: KeptBounds;

  /** `name` is that of the folder in the user's cache. */
  constructor(name: string, bounds: KeptBounds) {
    this.#name = name;
    this.#bounds = bounds;
  }

  /** The keys that there is something for. */
  async keys(): Promise<ReadonlySet<string>> {
    const names = await this.#isOurs() ? await readdir(this.#folder()).catch(() => []) : [];
    return new Set(names.filter((name) => KEY.test(name)));
  }

  /** What was kept under a key; null where there is nothing, or something that this user did not write whole, which is removed. */
  async read(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!KEY.test(key) || !await this.#isOurs()) return null;
    const path = join(this.#folder(), key);
    const bytes = await readOwn(path, this.#bounds.bytes).catch(() => null);
    if (bytes === null) return null;
    const content = bytes.subarray(DIGEST);
    if (!digestOf(key, content).equals(bytes.subarray(0, DIGEST))) {
      await this.remove(key);
      return null;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => {});
    return content;
  }

  /** Keeps bytes under a key. */
  async write(key: string, bytes: Uint8Array): Promise<void> {
    const folder = this.#folder();
    const draft = join(folder, `.${key}-${randomBytes(4).toString("hex")}`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const isRoom = DIGEST + bytes.length <= this.#bounds.bytes;
      if (!KEY.test(key) || !isRoom || !await this.#isOurs()) return;
      await writeFile(draft, Buffer.concat([digestOf(key, bytes), bytes]), {
        mode: 0o600,
        flag: "wx",
      });
      await rename(draft, join(folder, key));
      await this.#prune();
    } catch {
      await rm(draft, { force: true }).catch(() => {});
    }
  }

  /** Gives up what is kept under a key. */
  async remove(key: string): Promise<void> {
    if (KEY.test(key)) await rm(join(this.#folder(), key), { force: true }).catch(() => {});
  }

  /** Removes all of them; says how many there were, and of how many bytes. */
  async clear(): Promise<{ readonly files: number; readonly bytes: number }> {
    if (!await this.#isOurs()) return { files: 0, bytes: 0 };
    const found = await this.#found();
    for (const { path } of found) await rm(path, { force: true }).catch(() => {});
    return { files: found.length, bytes: found.reduce((sum, { size }) => sum + size, 0) };
  }

  /** True for a folder of this user that nobody else can write to; a link to one is none. */
  async #isOurs(): Promise<boolean> {
    const found = await lstat(this.#folder()).catch(() => null);
    return found !== null && found.isDirectory() && isOwn(found);
  }

  async #prune(): Promise<void> {
    const found = (await this.#found()).sort((a, b) => b.time - a.time);
    let bytes = 0;
    for (const [at, { path, size, isDraft, time }] of found.entries()) {
      bytes += size;
      const isTooMuch = at >= this.#bounds.files || bytes > this.#bounds.bytes;
      const isBroken = isDraft && Date.now() - time > OLD;
      if (isTooMuch || isBroken) await rm(path, { force: true });
    }
  }

  async #found() {
    const folder = this.#folder();
    const names = await readdir(folder).catch(() => []);
    const found = await Promise.all(names.map(async (name) => {
      const path = join(folder, name);
      const info = await lstat(path).catch(() => null);
      return info === null
        ? []
        : [{ path, size: info.size, time: info.mtimeMs, isDraft: name.startsWith(".") }];
    }));
    return found.flat();
  }

  #folder(): string {
    return join(cacheFolder(process.env), this.#name);
  }
}

const KEY = /^[0-9a-f]{64}$/;

/** Bytes of a SHA-256. */
const DIGEST = 32;

/** Milliseconds after which a file that nobody finished is nobody's. */
const OLD = 3_600_000;

/** The key is part of it, so that one file does not pass for another. */
function digestOf(key: string, bytes: Uint8Array): Buffer {
  return createHash("sha256").update(key).update(bytes).digest();
}

/** The bytes of a plain file of this user alone. Throws for any other. */
async function readOwn(path: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const info = await file.stat();
    if (!info.isFile() || !isOwn(info) || info.size > most || info.size < DIGEST) {
      throw new Error("It is not a file of ours");
    }
    const { buffer, byteOffset, length } = await file.readFile();
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
  } finally {
    await file.close();
  }
}

/** Windows keeps a user's folders to him by other means. */
function isOwn({ uid, mode }: Stats): boolean {
  const user = process.getuid?.();
  return user === undefined || process.platform === "win32" ||
    uid === user && (mode & 0o022) === 0;
}
