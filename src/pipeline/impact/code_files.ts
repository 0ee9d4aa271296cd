/** The files of programs: found below a folder within bounds, links never followed, what git leaves out left out. */

import type { Dirent } from "node:fs";
import { open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";
import { UsageError } from "../../core/error.ts";
import { MEGABYTE, systemCode, unreadable } from "../../host/read_text.ts";
import { isSqlFile, languageOf } from "../../usage/language.ts";
import { looksLikeLog } from "../../usage/query_log.ts";

/** A file that was read. */
export interface ReadFile {
  /** As it is shown. */
  readonly path: string;
  readonly text: string;
}

/** What was read below a folder, and what was left out. */
export interface ReadFolder {
  readonly files: readonly ReadFile[];
  /** Sentences. */
  readonly notes: readonly string[];
}

/** How a folder is read. */
export interface ReadFolderOptions {
  /** What stands before the paths of its files: `api/`; empty for none. */
  readonly prefix: string;
  /** Absolute real paths that are left out with all below them. */
  readonly without: readonly string[];
  readonly signal: AbortSignal;
}

/** A larger file is no code that is written by hand. */
const LARGEST_FILE = MEGABYTE;
/** Of all files together. */
const MOST_BYTES = 512 * MEGABYTE;
const MOST_FILES = 100_000;
const MOST_ENTRIES = 1_000_000;
const DEEPEST = 64;
/** Files that are read at once. */
const AT_ONCE = 32;

/** Folders of what others wrote, or a program did, and of migrations, which are history. */
const LEFT_OUT = new Set([
  "node_modules",
  "bower_components",
  "vendor",
  "third_party",
  "dist",
  "build",
  "target",
  "out",
  "coverage",
  "__pycache__",
  "venv",
  "site-packages",
  "migrations",
  "migrate",
  "migration",
  "old_migrations",
  "changelog",
  "changelogs",
  "versions",
]);

/** What a build made of code that is read anyway. */
const BUNDLED =
  /\.min\.\w+$|(?:^|\/)(?:_app\/immutable|_next\/static|public\/(?:build|packs)|static\/(?:js|chunks))\//;

/** Dumps of a schema: what it is, and no use of it. */
const SCHEMA_DUMP =
  /(?:^|\/)(?:db\/(?:schema|structure)\.(?:rb|sql)|schema\.rs|structure\.sql|[^/]*changelog[^/]*\.\w+)$/i;

/**
 * Reads the code, templates and SQL below a folder, or one file that was named. Throws UsageError for a path that is not there, or
 * a folder with more than anybody keeps.
 */
export async function readCode(root: string, options: ReadFolderOptions): Promise<ReadFolder> {
  const real = await realpath(root).catch((error) => {
    throw unreadable(error, root);
  });
  const found = await stat(real);
  if (found.isFile()) {
    return await readNamed(options.prefix.slice(0, -1), real, found.size);
  }
  const reader = new FolderReader(real, options);
  await reader.folder("", [], 0);
  return await reader.read();
}

/** A file by its name is read whatever it is called: it may be a log of queries. */
async function readNamed(path: string, real: string, size: number): Promise<ReadFolder> {
  if (size > MOST_BYTES) {
    throw new UsageError(`Cannot read "${path}": it is larger than ${MOST_BYTES / MEGABYTE} MB`, {
      code: "file-unreadable",
    });
  }
  const text = textOf(await readFile(real));
  if (text === null) {
    throw new UsageError(`Cannot read "${path}": it is not text`, { code: "file-unreadable" });
  }
  if (languageOf(path) === null && !isSqlFile(path) && !looksLikeLog(text)) {
    throw new UsageError(`Cannot read "${path}": it is neither code, SQL nor a log of queries`, {
      code: "file-unreadable",
      hint: "logs are those of slow queries, or pg_stat_statements as CSV or JSON",
    });
  }
  return { files: [{ path, text }], notes: [] };
}

interface Rules {
  readonly folder: string;
  readonly rules: Ignore;
}

class FolderReader {
  readonly #root: string;
  readonly #options: ReadFolderOptions;
  readonly #paths: string[] = [];
  #seen = 0;
  #large = 0;

  constructor(root: string, options: ReadFolderOptions) {
    this.#root = root;
    this.#options = options;
  }

  /** Finds the files of a folder, by its path below the root. */
  async folder(path: string, above: readonly Rules[], depth: number): Promise<void> {
    const absolute = join(this.#root, path);
    if (depth > DEEPEST || this.#options.without.includes(absolute)) return;
    this.#options.signal.throwIfAborted();
    const entries = await entriesOf(absolute, path === "");
    this.#seen += entries.length;
    const own = await rulesIn(absolute, path, entries);
    const rules = own === null ? above : [...above, own];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name.startsWith(".") || LEFT_OUT.has(entry.name.toLowerCase())) continue;
        if (!isIgnored(rules, `${inner}/`)) await this.folder(inner, rules, depth + 1);
      } else if (entry.isFile() && this.#isWanted(inner) && !isIgnored(rules, inner)) {
        this.#paths.push(inner);
      }
      if (this.#paths.length > MOST_FILES || this.#seen > MOST_ENTRIES) {
        throw new UsageError(
          `Cannot read "${this.#root}": it holds more than ${MOST_FILES} files`,
          {
            code: "file-unreadable",
            hint: "name folders inside of it",
          },
        );
      }
    }
  }

  #isWanted(path: string): boolean {
    const isCode = languageOf(path) !== null || isSqlFile(path) || isScript(path);
    return isCode && !SCHEMA_DUMP.test(path) &&
      !BUNDLED.test(path) && !this.#options.without.includes(join(this.#root, path));
  }

  /** Reads what was found. */
  async read(): Promise<ReadFolder> {
    const texts: (string | null)[] = new Array(this.#paths.length).fill(null);
    let next = 0;
    let bytes = 0;
    const work = async () => {
      for (let at = next++; at < this.#paths.length && bytes < MOST_BYTES; at = next++) {
        this.#options.signal.throwIfAborted();
        const path = this.#paths[at] ?? "";
        const read = await this.#bytes(path);
        bytes += read?.length ?? 0;
        const text = read === null ? null : textOf(read);
        const isText = text !== null && (!isScript(path) || languageOf(path, text) !== null);
        texts[at] = isText ? text : null;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const files = this.#paths.flatMap((path, at) => {
      const text = texts[at] ?? null;
      return text === null ? [] : [{ path: this.#options.prefix + path, text }];
    });
    const megabytes = LARGEST_FILE / MEGABYTE;
    return {
      files,
      notes: [
        ...this.#large > 0
          ? [`${this.#large} files of more than ${megabytes} MB were not read`]
          : [],
        ...bytes >= MOST_BYTES ? [`No more than ${MOST_BYTES / MEGABYTE} MB were read`] : [],
      ],
    };
  }

  /** The bytes of a file; null for one that is too large, or went meanwhile. */
  async #bytes(path: string): Promise<Uint8Array | null> {
    try {
      await using handle = await open(join(this.#root, path), "r");
      const { size } = await handle.stat();
      if (size > LARGEST_FILE) {
        this.#large++;
        return null;
      }
      return await handle.readFile();
    } catch (error) {
      if (["ENOENT", "EACCES", "EPERM", "ELOOP"].includes(systemCode(error))) return null;
      throw unreadable(error, path);
    }
  }
}

async function entriesOf(folder: string, isRoot: boolean): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isRoot) throw unreadable(error, folder);
    if (["ENOENT", "EACCES", "EPERM"].includes(systemCode(error))) return [];
    throw unreadable(error, folder);
  }
}

async function rulesIn(
  absolute: string,
  folder: string,
  entries: readonly Dirent[],
): Promise<Rules | null> {
  if (!entries.some((entry) => entry.name === ".gitignore" && entry.isFile())) return null;
  const path = join(absolute, ".gitignore");
  if ((await stat(path)).size > LARGEST_FILE) return null;
  const text = await readFile(path, "utf8");
  return { folder: folder === "" ? "" : `${folder}/`, rules: ignore().add(text) };
}

function isIgnored(all: readonly Rules[], path: string): boolean {
  return all.reduce((isOut, { folder, rules }) => {
    const { ignored, unignored } = rules.test(path.slice(folder.length));
    return ignored || isOut && !unignored;
  }, false);
}

/** Scripts of a name without an end say in their first line what runs them. */
function isScript(path: string): boolean {
  return !path.slice(path.lastIndexOf("/") + 1).includes(".");
}

/** UTF-8 text; null for what holds a zero byte or lines that nobody writes. */
function textOf(bytes: Uint8Array): string | null {
  if (bytes.subarray(0, 8192).includes(0)) return null;
  const text = new TextDecoder().decode(bytes);
  const first = text.indexOf("\n");
  return first < 0 && text.length > 50_000 ? null : text;
}
