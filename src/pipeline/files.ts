/** Reads what a person points at: schema files and folders of migrations. The only reader of the pipeline. */

import type { Dirent, Stats } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { AimError, UsageError } from "../errors.ts";
import { positionAt } from "../sql/position.ts";
import type { History, MigrationFormat, ReadOptions, SourceFile } from "../formats/format.ts";

/** Files larger than this are no SQL that a person keeps. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A folder of more files than this is not one of migrations. */
const MAX_FILES = 100_000;

/**
 * The schema as files in name order: one file, all `.sql` files below a folder, or those that a glob matches.
 * Paths come out relative to `base`. Throws UsageError when there is none, or one cannot be read.
 */
export async function readSchema(
  schema: string,
  base: string = process.cwd(),
): Promise<readonly SourceFile[]> {
  const shown = (path: string) => relativeTo(base, path);
  const found = await statOf(schema);
  if (found?.isFile()) return [await readText(schema, shown(schema))];
  const glob = found === null && /[*?[{]/.test(schema);
  if (found === null && !glob) {
    throw new UsageError(`Cannot find the schema "${shown(schema)}"`, {
      code: "schema-missing",
      hint: "Set schema to a file, a folder or a glob, or run aim init",
    });
  }
  const root = glob ? globRoot(schema) : schema;
  const matches = glob ? globPattern(relativeTo(root, schema)) : /\.sql$/i;
  const paths = (await walk(root, shown)).filter((path) => matches.test(path))
    .sort(compareNames);
  if (paths.length === 0) {
    throw new UsageError(
      glob
        ? `No file matches the schema "${shown(schema)}"`
        : `No .sql file in the schema folder "${shown(schema)}"`,
      { code: "schema-missing", hint: "Set schema to a file, a folder or a glob" },
    );
  }
  return await Promise.all(
    paths.map((path) => readText(join(root, path), shown(join(root, path)))),
  );
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
  const found = await statOf(folder);
  if (found === null) return [];
  const shown = (path: string) => relativeTo(base, path);
  if (!found.isDirectory()) {
    throw new UsageError(`Cannot read migrations from "${shown(folder)}": it is no folder`, {
      code: "migrations-missing",
      hint: "Set migrations to the folder that holds them",
    });
  }
  const read = new Map<string, SourceFile>();
  const add = async (paths: readonly string[]) => {
    const files = await Promise.all(paths.map(async (path) => ({
      path,
      text: (await readText(join(folder, path), shown(join(folder, path)))).text,
    })));
    for (const file of files) read.set(file.path, file);
  };
  await add((await walk(folder, shown)).filter((path) => format.wants(path)));
  for (let named = [...read.values()]; format.refersTo !== undefined && named.length > 0;) {
    const paths = await existing(folder, format.refersTo([...read.values()]), read);
    await add(paths);
    named = paths.flatMap((path) => read.get(path) ?? []);
  }
  return [...read.values()].sort((a, b) => compareNames(a.path, b.path));
}

/** Reads and parses a migrations folder; errors name files as seen from `base`. */
export async function readHistory(
  folder: string,
  format: MigrationFormat,
  { base = process.cwd(), ...options }: ReadOptions & { readonly base?: string },
): Promise<{ readonly files: readonly SourceFile[]; readonly history: History }> {
  const files = await readMigrations(folder, format, base);
  return { files, history: withFolder(folder, base, () => format.parse(files, options)) };
}

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

/** The text of a file. Throws UsageError for one that is absent, too large, unreadable, or not UTF-8 text. */
export async function readText(path: string, shown: string = path): Promise<SourceFile> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) {
      throw new UsageError(
        `Cannot read "${shown}": it has ${Math.ceil(size / 1024 / 1024)} MB, more than ${
          MAX_BYTES / 1024 / 1024
        }`,
        { code: "file-unreadable", hint: "aim reads schemas and migrations, not dumps of data" },
      );
    }
    bytes = await readFile(path);
  } catch (error) {
    throw unreadable(error, shown);
  }
  return { path: shown, text: decode(bytes, shown) };
}

function decode(bytes: Uint8Array, shown: string): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe || first === 0xfe && second === 0xff) {
    throw new UsageError(`Cannot read "${shown}": it is UTF-16, not UTF-8`, {
      code: "file-encoding",
      hint: `Convert it, for example: iconv -f UTF-16 -t UTF-8 ${shown}`,
    });
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const line = lineOfFault(bytes);
    throw new UsageError(`Cannot read "${shown}": line ${line} is not UTF-8`, {
      code: "file-encoding",
      cause,
      place: { file: shown, line, column: 1 },
      hint: `Convert it, for example: iconv -f ISO-8859-1 -t UTF-8 ${shown}`,
    });
  }
  if (text.startsWith("\ufeff")) {
    throw new UsageError(`Cannot read "${shown}": it begins with two byte order marks`, {
      code: "file-encoding",
      place: { file: shown, line: 1, column: 1 },
      hint: "Remove them; what reads the file drops one, and the database refuses the other",
    });
  }
  const zero = text.indexOf("\0");
  if (zero < 0) return text;
  throw new UsageError(`Cannot read "${shown}": it holds a zero byte, so it is no text`, {
    code: "file-encoding",
    place: { file: shown, line: positionAt(text, zero).line, column: 1 },
  });
}

/** The first line that does not decode by itself. A line break byte is no part of any UTF-8 sequence. */
function lineOfFault(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const cut = bytes.indexOf(0x0a, start);
    const end = cut < 0 ? bytes.length : cut + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}

/** All files below `root`, by path relative to it with `/`. Links are followed, circles of them not; hidden folders and node_modules are left out. */
async function walk(root: string, shown: (path: string) => string): Promise<readonly string[]> {
  const out: string[] = [];
  const visit = async (folder: string, prefix: string, above: readonly string[]) => {
    let entries: Dirent[];
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      throw unreadable(error, shown(folder));
    }
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? await targetOf(path) : entry;
      if (kind === null) {
        if (!/\.(?:sql|toml|plan|conf)$/i.test(entry.name)) continue;
        throw new UsageError(`Cannot read "${shown(path)}": it is a link to nothing`, {
          code: "file-unreadable",
        });
      }
      if (kind.isFile()) out.push(prefix + entry.name);
      if (out.length > MAX_FILES) {
        throw new UsageError(
          `Cannot read "${shown(root)}": it holds more than ${MAX_FILES} files`,
          {
            code: "file-unreadable",
            hint: "Point schema and migrations at the folders that hold nothing else",
          },
        );
      }
      if (!kind.isDirectory() || entry.name.startsWith(".") || entry.name === "node_modules") {
        continue;
      }
      const real = await realpath(path);
      if (!above.includes(real)) await visit(path, `${prefix}${entry.name}/`, [...above, real]);
    }
  };
  await visit(root, "", [await realpath(root)]);
  return out;
}

async function targetOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
    throw unreadable(error, path);
  }
}

/** Those of `paths` that are files inside `folder` and not read yet. */
async function existing(
  folder: string,
  paths: readonly string[],
  read: ReadonlyMap<string, SourceFile>,
): Promise<readonly string[]> {
  const out = new Set<string>();
  for (const path of paths) {
    const inside = relativeTo(folder, resolve(folder, path));
    if (inside === "" || inside.startsWith("../") || isAbsolute(path) || read.has(inside)) continue;
    if ((await targetOf(join(folder, inside)))?.isFile()) out.add(inside);
  }
  return [...out];
}

function unreadable(error: unknown, shown: string): Error {
  if (error instanceof AimError) return error;
  const reason = {
    ENOENT: "there is no such file",
    EACCES: "permission denied",
    EPERM: "permission denied",
    EISDIR: "it is a folder",
    ELOOP: "its links go in a circle",
    EMFILE: "too many files are open",
    EIO: "the disk reports an error",
  }[codeOf(error)];
  return new UsageError(
    `Cannot read "${shown}": ${reason ?? (error instanceof Error ? error.message : String(error))}`,
    { code: "file-unreadable", cause: error },
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}

function relativeTo(base: string, path: string): string {
  const inside = relative(base, path).split(sep).join("/");
  return inside === "" ? basename(path) : inside;
}

/** The folders before the first one with a pattern in its name. */
function globRoot(glob: string): string {
  const parts = glob.split(sep);
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  return parts.slice(0, first).join(sep) || sep;
}

/** `*`, `?`, `[a-z]`, `{a,b}` within a name, `**` across folders. */
function globPattern(glob: string): RegExp {
  let source = "";
  let braces = 0;
  for (let i = 0; i < glob.length; i++) {
    const sign = glob[i] ?? "";
    if (glob.startsWith("**/", i)) {
      source += "(?:.*/)?";
      i += 2;
    } else if (glob.startsWith("**", i)) {
      source += ".*";
      i++;
    } else if (sign === "*") source += "[^/]*";
    else if (sign === "?") source += "[^/]";
    else if (sign === "[") {
      const set = /^\[(!?)([^\]]+)\]/.exec(glob.slice(i));
      if (set === null) source += "\\[";
      else {
        source += `[${set[1] === "!" ? "^" : ""}${set[2]?.replace(/[\\^]/g, "\\$&")}]`;
        i += set[0].length - 1;
      }
    } else if (sign === "{") {
      source += "(?:";
      braces++;
    } else if (sign === "}" && braces > 0) {
      source += ")";
      braces--;
    } else if (sign === "," && braces > 0) source += "|";
    else source += sign.replace(/[.+^$()|\\\]]/g, "\\$&");
  }
  return new RegExp(`^${source}${")".repeat(braces)}$`);
}
