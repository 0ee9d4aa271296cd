/** Folders of `.up.sql` and `.down.sql` pairs: golang-migrate's, and what other tools made of the same idea. */

import type { Migration, Script, SourceFile } from "./format.ts";
import { taggedDialect } from "./transaction_mode.ts";
import { compareNumbers, compareText } from "./versions.ts";

/** A file of a pair, read from its name. */
export interface PairFile {
  readonly path: string;
  /** Numbers of the folders above, for tools that keep a folder a release. */
  readonly folders: readonly string[];
  readonly version: string;
  readonly name: string;
  readonly direction: "up" | "down";
  /** The dialect that the name is tagged with, or null. */
  readonly dialect: string | null;
  /** That tag as written. */
  readonly tag: string | null;
  /** True when the name asks for no transaction (`.autocommit.`). */
  readonly autocommit: boolean;
  /** `.sql` in all but odd cases. */
  readonly extension: string;
}

/** Reads `000001_add_email.up.sql`, `V0001.Name.up.sql`, `20200101_add.sqlite3.up.sql`, `1/03_add.up.sql`; null for any other path. */
export function pairFile(path: string): PairFile | null {
  const parts = path.split("/");
  const base = parts.pop() ?? "";
  const found = /^(?:(\d+)_|V(\d+)[._])(.*)\.(up|down)\.(.*)$/.exec(base);
  if (found === null || parts.some((part) => !/^\d+$/.test(part))) return null;
  const [, plain, prefixed, rest = "", direction, extension = ""] = found;
  const [name = "", ...tags] = trailingTags(rest);
  const tag = tags.find((word) => taggedDialect(word) !== null) ?? null;
  return {
    path,
    folders: parts,
    version: plain ?? prefixed ?? "",
    name,
    direction: direction === "up" ? "up" : "down",
    dialect: tag === null ? null : taggedDialect(tag),
    tag,
    autocommit: tags.includes("autocommit"),
    extension,
  };
}

/** Orders by folder, then version, as numbers, then by name. */
export function comparePairs(a: PairFile, b: PairFile): number {
  for (let i = 0; i < Math.max(a.folders.length, b.folders.length); i++) {
    const order = compareNumbers(a.folders[i] ?? "0", b.folders[i] ?? "0");
    if (order !== 0) return order;
  }
  return compareNumbers(a.version, b.version) || compareText(a.name, b.name) ||
    compareText(a.path, b.path);
}

/** What names one migration among the files. */
export function pairKey(file: PairFile): string {
  return [...file.folders, BigInt(file.version), file.name].join("/");
}

/** Joins files of one key to a migration. */
export function pairMigration(
  up: PairFile,
  down: PairFile | null,
  scriptOf: (file: PairFile) => Script,
): Migration {
  return {
    version: [...up.folders, up.version].join("/"),
    name: up.name,
    up: scriptOf(up),
    down: down === null ? null : scriptOf(down),
    files: down === null ? [up.path] : [up.path, down.path],
  };
}

/** The texts of files by path. */
export function byPath(files: readonly SourceFile[]): ReadonlyMap<string, SourceFile> {
  return new Map(files.map((file) => [file.path, file]));
}

/** `identities.sqlite3.autocommit` -> `identities`, `sqlite3`, `autocommit`; dots that are no tags stay in the name. */
function trailingTags(rest: string): readonly string[] {
  const parts = rest.split(".");
  const tags: string[] = [];
  while (parts.length > 1) {
    const last = parts.at(-1) ?? "";
    if (last !== "autocommit" && taggedDialect(last) === null) break;
    tags.unshift(last);
    parts.pop();
  }
  return [parts.join("."), ...tags];
}

/** What is said of files that have no DOWN beside them: of each where they are few, of all where they are many. */
export function withoutDown(paths: readonly string[]): readonly string[] {
  if (paths.length <= FEW) return paths.map((path) => `${path} has no .down.sql`);
  return [`${paths.length} files have no .down.sql: ${paths.slice(0, 2).join(", ")} and others`];
}

/** So many files are named one by one. */
const FEW = 5;
