/** Finds files below a folder, through links, without end in neither depth nor number. */

import type { Dirent, Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../core/error.ts";
import { systemCode, unreadable } from "../../host/read_text.ts";

/** A folder tree with more files or folders than this is not one of SQL. */
const MOST_ENTRIES = 200_000;

/** A schema or a history of more files than this is not kept by hand. */
const MOST_FILES = 20_000;

/** With more links to folders than this, the same files would be found over and over. */
const MOST_LINKS = 1000;

/** What is looked for. */
export interface Search {
  /** Whether a file is wanted, by its path relative to the root with `/`. */
  wants(path: string): boolean;
  /** Whether wanted files can lie below a folder; absent for everywhere. */
  reaches?(folder: string): boolean;
  /** Whether a real path may be read; what may not is given back as `outside`. */
  allows(real: string): boolean;
  /** A path as errors show it. */
  shown(path: string): string;
}

/** A file or a folder that was found. */
export interface FoundPath {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** Absolute, without links. */
  readonly real: string;
}

/** What a search found. */
export interface FoundPaths {
  readonly files: readonly FoundPath[];
  /** Wanted files, and folders that may have some, where links lead out of what is allowed. */
  readonly outside: readonly FoundPath[];
}

/**
 * All wanted files below `root`. Links are followed, loops of them not; hidden folders and node_modules are left out. Throws
 * UsageError for what cannot be read, for a link to nothing where SQL is expected, and for more files than anybody keeps.
 */
export async function walk(root: string, search: Search): Promise<FoundPaths> {
  return await new Walk(root, search).run();
}

interface Folder {
  readonly path: string;
  readonly real: string;
  /** The real folders on the way to it. */
  readonly above: readonly string[];
}

class Walk {
  readonly #root: string;
  readonly #search: Search;
  readonly #files: FoundPath[] = [];
  readonly #outside: FoundPath[] = [];
  #seen = 0;
  #links = 0;

  constructor(root: string, search: Search) {
    this.#root = root;
    this.#search = search;
  }

  async run(): Promise<FoundPaths> {
    const real = await realpath(this.#root).catch((error) => {
      throw unreadable(error, this.#search.shown(this.#root));
    });
    if (!this.#search.allows(real)) return { files: [], outside: [{ path: "", real }] };
    const open: Folder[] = [{ path: "", real, above: [real] }];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      open.push(...await this.#folder(folder));
    }
    return { files: this.#files, outside: this.#outside };
  }

  /** Takes the files of a folder; gives the folders in it. */
  async #folder(folder: Folder): Promise<readonly Folder[]> {
    const inner: Folder[] = [];
    for (const entry of await this.#entries(folder)) {
      const path = folder.path === "" ? entry.name : `${folder.path}/${entry.name}`;
      const linked = entry.isSymbolicLink();
      const kind = linked ? await this.#target(folder, path, entry.name) : entry;
      if (kind === null) continue;
      if (kind.isDirectory()) {
        if (!this.#enters(entry.name, path)) continue;
        if (linked && ++this.#links > MOST_LINKS) {
          throw this.#tooMany(MOST_LINKS, "links to folders");
        }
        const real = linked ? await this.#real(path) : join(folder.real, entry.name);
        if (!this.#search.allows(real)) this.#outside.push({ path, real });
        else if (!folder.above.includes(real)) {
          inner.push({ path, real, above: [...folder.above, real] });
        }
        continue;
      }
      if (!this.#search.wants(path)) continue;
      const real = linked ? await this.#real(path) : join(folder.real, entry.name);
      (this.#search.allows(real) ? this.#files : this.#outside).push({ path, real });
      if (this.#files.length > MOST_FILES) throw this.#tooMany(MOST_FILES, "files to read");
    }
    return inner;
  }

  async #entries(folder: Folder): Promise<readonly Dirent[]> {
    try {
      const entries = await readdir(folder.real, { withFileTypes: true });
      this.#seen += entries.length + 1;
      if (this.#seen > MOST_ENTRIES) throw this.#tooMany(MOST_ENTRIES, "files and folders");
      return entries;
    } catch (error) {
      throw unreadable(error, this.#search.shown(join(this.#root, folder.path)));
    }
  }

  #enters(name: string, path: string): boolean {
    if (name.startsWith(".") || name === "node_modules") return false;
    return this.#search.reaches?.(path) ?? true;
  }

  /** What a link leads to; null for one to nothing that nobody misses. */
  async #target(folder: Folder, path: string, name: string): Promise<Stats | null> {
    try {
      return await stat(join(folder.real, name));
    } catch (error) {
      if (!/\.(?:sql|toml|plan|conf)$/i.test(name)) return null;
      const shown = this.#search.shown(join(this.#root, path));
      if (systemCode(error) !== "ENOENT") throw unreadable(error, shown);
      throw new UsageError(`Cannot read "${shown}": it is a link to nothing`, {
        code: "file-unreadable",
      });
    }
  }

  async #real(path: string): Promise<string> {
    try {
      return await realpath(join(this.#root, path));
    } catch (error) {
      throw unreadable(error, this.#search.shown(join(this.#root, path)));
    }
  }

  #tooMany(limit: number, of: string): UsageError {
    return new UsageError(
      `Cannot read "${this.#search.shown(this.#root)}": it holds more than ${limit} ${of}`,
      {
        code: "file-unreadable",
        hint: "Point schema and migrations at folders that hold nothing else",
      },
    );
  }
}
