/** Reads what the user points at: schema files and folders of migrations. The only reader of the pipeline. */

import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { UsageError } from "../../core/error.ts";
import type {
  History,
  Migration,
  MigrationFormat,
  ReadOptions,
  SourceFile,
} from "../../formats/format.ts";
import {
  decodeText,
  kindOf,
  MEGABYTE,
  readBytes,
  readStdin,
  systemCode,
  unreadable,
} from "../../host/read_text.ts";
import { realOf } from "./bounds.ts";
import { type Glob, isGlob, parseGlob } from "./glob.ts";
import { type FoundPath, type FoundPaths, type Search, walk } from "./walk.ts";

/** The most bytes of one file of SQL. */
const FILE_LIMIT = 32 * MEGABYTE;

/** The most bytes of all files of a schema, or of a history. */
const TOTAL_LIMIT = 512 * MEGABYTE;

/** How many files are open at once. */
const OPEN_FILES = 16;

/** Where files are looked for. */
export interface Bounds {
  /** Folder that errors and paths of the schema are relative to. */
  readonly base: string;
  /** Whether a real path may be read. */
  allows(real: string): boolean;
}

/** A folder, and what was found in it. */
export interface Listing extends FoundPaths {
  readonly root: string;
  /** Set when the folder is not there. */
  readonly isMissing?: true;
}

/** Everything may be read. */
function anywhere(base: string): Bounds {
  return { base, allows: () => true };
}

/**
 * The schema as files in name order: one file, all `.sql` files below a folder, or those that a glob matches.
 * Paths come out relative to `base`. Throws UsageError when there is none, or one cannot be read.
 */
export async function readSchema(
  schema: string,
  base: string = process.cwd(),
): Promise<readonly SourceFile[]> {
  return await readListedSchema([await listSchema(schema, anywhere(base))], base);
}

/** The schema that stands on stdin, as a file of that name. Throws UsageError for a terminal and for too much. */
export async function readStdinSchema(signal: AbortSignal): Promise<readonly SourceFile[]> {
  return [{ path: "stdin", text: await readStdin({ limit: FILE_LIMIT, hint: HINT }, signal) }];
}

/** Finds the files that a path of the schema, or of `before`, stands for, unread. Throws UsageError when there is none. */
export async function listSchema(
  schema: string,
  bounds: Bounds,
  key: "schema" | "before" | "seeds" = "schema",
): Promise<Listing> {
  const shown = (path: string) => relativeTo(bounds.base, path);
  const found = await statOf(schema);
  if (found !== null && !found.isDirectory()) return await listFile(schema, bounds);
  const glob = await globIn(schema);
  if (found === null && glob === null) {
    throw new UsageError(`Cannot find the ${NOUNS[key]} "${shown(schema)}"`, {
      code: `${key}-missing`,
      hint: key === "schema"
        ? "Set schema to a file, a folder or a glob, or run aim init"
        : `Set ${key} to files, folders or globs`,
    });
  }
  const { root, pattern } = glob ?? { root: schema, pattern: null };
  const listing = await statOf(root) === null ? { files: [], outside: [] } : await walk(root, {
    wants: (path) => pattern === null ? /\.sql$/i.test(path) : pattern.matches(path),
    ...(pattern === null ? {} : { reaches: pattern.reaches }),
    allows: bounds.allows,
    shown,
  });
  if (listing.files.length === 0 && listing.outside.length === 0) {
    throw new UsageError(
      glob !== null
        ? `No file matches the ${NOUNS[key]} "${shown(schema)}"`
        : `No .sql file in the ${key} folder "${shown(schema)}"`,
      { code: `${key}-missing`, hint: `Set ${key} to a file, a folder or a glob` },
    );
  }
  return { root, ...listing };
}

const NOUNS = { schema: "schema", before: "file of before", seeds: "file of seeds" } as const;

/**
 * The glob in a path, which begins behind the folders that are there as they are written; null when there is none.
 * Throws UsageError for one that cannot be read.
 */
export async function globIn(
  schema: string,
): Promise<{ readonly root: string; readonly pattern: Glob } | null> {
  if (!isGlob(schema)) return null;
  const parts = schema.split(sep);
  for (let count = 1; count <= parts.length; count++) {
    if (await statOf(parts.slice(0, count).join(sep) || sep) !== null) continue;
    const rest = parts.slice(count - 1);
    if (!isGlob(rest.join("/"))) return null;
    const first = rest.findIndex(isGlob);
    return {
      root: parts.slice(0, count - 1 + first).join(sep) || sep,
      pattern: parseGlob(rest.slice(first).join("/")),
    };
  }
  return null;
}

async function listFile(schema: string, { allows }: Bounds): Promise<Listing> {
  const one = { path: basename(schema), real: await realpath(schema) };
  const root = join(schema, "..");
  return allows(one.real)
    ? { root, files: [one], outside: [] }
    : { root, files: [], outside: [{ ...one, path: "" }] };
}

/** Reads what `listSchema` found, listing by listing; a file that several of them have counts once. Throws UsageError. */
export async function readListedSchema(
  listings: readonly Listing[],
  base: string,
): Promise<readonly SourceFile[]> {
  const found = new Map<string, FoundPath>();
  for (const { root, files } of listings) {
    for (const { path, real } of [...files].sort((a, b) => compareNames(a.path, b.path))) {
      if (!found.has(real)) found.set(real, { path: relativeTo(base, join(root, path)), real });
    }
  }
  return await readAll([...found.values()], (path) => path);
}

/** Reads one file that another one includes. Throws UsageError. */
export async function readIncluded(found: FoundPath): Promise<SourceFile> {
  const [file] = await readAll([found], (path) => path);
  return file ?? { path: found.path, text: "" };
}

/**
 * The files of a migrations folder that `format` wants, with those that they name; paths are relative to `folder`.
 * An absent folder is empty. Throws UsageError for what cannot be read.
 */
export async function readMigrations(
  folder: string,
  format: Pick<MigrationFormat, "wants" | "refersTo">,
  base: string = process.cwd(),
): Promise<readonly SourceFile[]> {
  const bounds = anywhere(base);
  return await readListedMigrations(await listMigrations(folder, format, bounds), format, bounds);
}

/** A format for reading alone: a plan that cannot be read, such as one with the marks of a conflict, names no files. */
export function withoutPlans(
  { wants, refersTo }: Pick<MigrationFormat, "wants" | "refersTo">,
): Pick<MigrationFormat, "wants" | "refersTo"> {
  if (refersTo === undefined) return { wants };
  return {
    wants,
    refersTo: (files) => {
      try {
        return refersTo(files);
      } catch (error) {
        if (error instanceof UsageError) return [];
        throw error;
      }
    },
  };
}

/** Finds the files of a migrations folder that `format` wants, unread. */
export async function listMigrations(
  folder: string,
  format: Pick<MigrationFormat, "wants">,
  { base, allows }: Bounds,
): Promise<Listing> {
  const found = await statOf(folder);
  if (found === null) {
    const real = await realOf(folder);
    const outside = allows(real) ? [] : [{ path: "", real }];
    return { root: folder, files: [], outside, isMissing: true };
  }
  const shown = (path: string) => relativeTo(base, path);
  if (!found.isDirectory()) {
    throw new UsageError(
      `Cannot read migrations from "${shown(folder)}": it is ${kindOf(found)}, not a folder`,
      { code: "migrations-missing", hint: "Set migrations to the folder that holds them" },
    );
  }
  const search: Search = { wants: (path) => format.wants(path), allows, shown };
  return { root: folder, ...await walk(folder, search) };
}

/** Reads what `listMigrations` found, and the files in the folder that those name. Throws UsageError. */
export async function readListedMigrations(
  { root, files }: Listing,
  format: Pick<MigrationFormat, "refersTo">,
  { base, allows }: Bounds,
): Promise<readonly SourceFile[]> {
  const shown = (path: string) => relativeTo(base, join(root, path));
  const read = new Map<string, SourceFile>();
  for (let named = files; named.length > 0;) {
    for (const file of await readAll(named, shown)) read.set(file.path, file);
    named = format.refersTo === undefined
      ? []
      : await existing(root, format.refersTo([...read.values()]), { read, allows });
  }
  return [...read.values()].sort((a, b) => compareNames(a.path, b.path));
}

/** Reads files, some at a time; their paths stay as they were found. */
async function readAll(
  files: readonly FoundPath[],
  shown: (path: string) => string,
): Promise<readonly SourceFile[]> {
  const out: SourceFile[] = [];
  let total = 0;
  for (let start = 0; start < files.length; start += OPEN_FILES) {
    const some = files.slice(start, start + OPEN_FILES);
    out.push(
      ...await Promise.all(some.map(async ({ path, real }) => {
        const bytes = await readBytes(real, { limit: FILE_LIMIT, shown: shown(path), hint: HINT });
        total += bytes.length;
        return { path, text: decodeText(bytes, shown(path)) };
      })),
    );
    if (total > TOTAL_LIMIT) {
      throw new UsageError(
        `Cannot read "${shown(some[0]?.path ?? "")}": with the files before it, it is more than ${
          TOTAL_LIMIT / MEGABYTE
        } MB`,
        { code: "file-unreadable", hint: HINT },
      );
    }
  }
  return out;
}

const HINT = "aim reads schemas and migrations, not dumps of data";

/** Reads and parses a migrations folder; errors name files as seen from `base`. */
export async function readHistory(
  folder: string,
  format: MigrationFormat,
  { base = process.cwd(), ...options }: ReadOptions & { readonly base?: string },
): Promise<{ readonly files: readonly SourceFile[]; readonly history: History }> {
  const files = await readMigrations(folder, format, base);
  return { files, history: parseHistory(files, { format, folder, base, ...options }) };
}

/** How the files of a migrations folder are parsed. */
export interface ParseOptions extends ReadOptions {
  readonly format: MigrationFormat;
  readonly folder: string;
  /** Folder that errors name files from; the working folder when absent. */
  readonly base?: string;
}

/** Parses the files of a migrations folder; errors name files as seen from `base`. */
export function parseHistory(
  files: readonly SourceFile[],
  { format, folder, base = process.cwd(), ...options }: ParseOptions,
): History {
  const history = withFolder(folder, base, () => format.parse(files, options));
  return { ...history, migrations: withAssumed(history.migrations, files) };
}

/** The migrations with what answers in the comments of their files say, which may stand outside of both scripts. */
function withAssumed(
  migrations: readonly Migration[],
  files: readonly SourceFile[],
): readonly Migration[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const owners = Map.groupBy(migrations.flatMap((one) => one.files), (path) => path);
  return migrations.map((migration) => {
    const { file, text } = migration.up;
    // What a file of several migrations says is of those whose script it stands in.
    const own = owners.get(file)?.length === 1 ? texts.get(file) ?? text : text;
    const assumed = [...own.matchAll(ASSUMED)].map(([, name = ""]) => name);
    return assumed.length === 0 ? migration : { ...migration, assumed };
  });
}

/** `aim:answer rows:public.t=assume-empty`, in a comment of any language. */
const ASSUMED = /^[ \t]*(?:--|#|\/\/|\/?\*+)?[ \t]*aim:answer [^:\s]+:(.+?)=assume-empty\b/gm;

/** Runs `work`; the place of an error that it throws, relative to `folder`, becomes relative to `base`. */
export function withFolder<T>(folder: string, base: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UsageError) || error.place === undefined) throw error;
    throw new UsageError(error.message, {
      code: error.code,
      cause: error,
      place: { ...error.place, file: relativeTo(base, join(folder, error.place.file)) },
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.source === undefined ? {} : { source: error.source }),
    });
  }
}

/** Compares paths folder by folder by their code units, as `LC_ALL=C ls` does. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [one = "", two = ""] = [left[i], right[i]];
    if (one !== two) return one < two ? -1 : 1;
  }
  return left.length - right.length;
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(systemCode(error))) return null;
    throw unreadable(error, path);
  }
}

/** Those of `paths` that are files inside `folder` and not read yet. */
async function existing(
  folder: string,
  paths: readonly string[],
  { read, allows }: { readonly read: ReadonlyMap<string, SourceFile> } & Pick<Bounds, "allows">,
): Promise<readonly FoundPath[]> {
  const out = new Map<string, FoundPath>();
  for (const path of paths) {
    const inside = relativeTo(folder, resolve(folder, path));
    if (inside === "" || inside.startsWith("../") || read.has(inside)) continue;
    if (isAbsolute(path) || isAbsolute(inside)) continue;
    const at = join(folder, inside);
    if (!(await stat(at).catch(() => null))?.isFile()) continue;
    const real = await realpath(at);
    if (allows(real)) out.set(inside, { path: inside, real });
  }
  return [...out.values()];
}

/** A path as errors show it: relative to `base`, with `/`; one far away from it whole. */
export function relativeTo(base: string, path: string): string {
  const inside = relative(base, path).split(sep).join("/");
  if (inside.startsWith("../") && inside.length > path.length) return path;
  return inside === "" ? basename(path) : inside;
}
