/** DDL that a command gave, kept in the user's cache by all that it was made of. */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { cacheFolder } from "../../host/user_dirs.ts";
import type { ModelFile } from "./model_files.ts";

/** Changes whenever the same input gives other DDL. */
const FORMAT = 3;
/** So many texts are kept; the ones that were not used longest go. */
const MOST_KEPT = 40;

/** The name under which the DDL of this very input is kept. `input` is plain data. */
export function cacheKey(input: unknown, files: readonly ModelFile[]): string {
  const hash = createHash("sha256").update(JSON.stringify([FORMAT, input]));
  for (const { path, bytes } of files) {
    hash.update(JSON.stringify([path, bytes.length])).update(bytes);
  }
  return hash.digest("hex");
}

/** The DDL of a key; null where it is not kept. */
export async function cachedDdl(key: string): Promise<string | null> {
  const path = join(folder(), `${key}.sql`);
  try {
    const text = await readFile(path, "utf8");
    const end = text.lastIndexOf(MARK);
    // Another process, or a full disk, may have left a part of it.
    if (end < 0 || text.slice(end + MARK.length).trim() !== digestOf(text.slice(0, end))) {
      return null;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => {});
    return text.slice(0, end);
  } catch {
    return null;
  }
}

/** Keeps DDL; where that does not work the command is run again the next time. */
export async function keepDdl(key: string, text: string): Promise<void> {
  const draft = join(folder(), `.${key}-${process.pid}`);
  try {
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${text}${MARK}${digestOf(text)}\n`, { mode: 0o600 });
    await rename(draft, join(folder(), `${key}.sql`));
    await prune();
  } catch {
    await rm(draft, { force: true }).catch(() => {});
  }
}

const MARK = "\n-- sha256 of the text above: ";

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function prune(): Promise<void> {
  const names = (await readdir(folder())).filter((name) => name.endsWith(".sql"));
  if (names.length <= MOST_KEPT) return;
  const aged = await Promise.all(names.map(async (name) => {
    const path = join(folder(), name);
    return { path, time: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
  }));
  for (const { path } of aged.sort((a, b) => b.time - a.time).slice(MOST_KEPT)) {
    await rm(path, { force: true });
  }
}

function folder(): string {
  return join(cacheFolder(process.env), "orm");
}
