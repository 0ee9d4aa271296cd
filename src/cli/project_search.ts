/** Looks for what a project already has: a folder of migrations of a known format, a schema file. */

import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { SourceFile } from "../formats/format.ts";
import { MEGABYTE, readText } from "../host/read_text.ts";

/** A folder of migrations. */
export interface FoundMigrations {
  /** Relative to the project, with `/`. */
  readonly folder: string;
  /** Name of the format. */
  readonly format: string;
  readonly files: number;
}

/** How deep below the project folders are looked at, and how many. */
const DEEPEST = 4;
const MOST_FOLDERS = 2000;
/** A format shows in its first files. */
const MOST_FILES = 400;

const SKIPPED = new Set(["node_modules", "target", "dist", "build", "vendor", "venv"]);
const NAMES = /^(?:db[-_]?)?(?:migrations?|migrate|versions)$/i;
const SCHEMAS = ["schema.sql", "structure.sql"];

/** The folder given, or the shallowest one that looks like migrations, when its files are of a known format. */
export async function findMigrations(
  project: string,
  given: string | null,
): Promise<FoundMigrations | null> {
  if (given !== null) return await recognise(project, resolve(project, given));
  for await (const folder of folders(project)) {
    const found = await recognise(project, folder);
    if (found !== null) return found;
  }
  return null;
}

/** A schema file in one of the usual places, relative to the project, or null. */
export async function findSchema(project: string): Promise<string | null> {
  for (const folder of ["", "db", "database", "sql"]) {
    for (const name of SCHEMAS) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (await isFile(join(project, path))) return path;
    }
  }
  return null;
}

async function recognise(project: string, folder: string): Promise<FoundMigrations | null> {
  const { detectFormat } = await import("../formats/mod.ts");
  const files = await readFiles(folder);
  if (files.length === 0) return null;
  const format = detectFormat(files);
  if (format === null) return null;
  return {
    folder: relative(project, folder).replaceAll("\\", "/") || ".",
    format: format.name,
    files: files.filter(({ path }) => format.wants(path)).length,
  };
}

/** Folders whose name or content says migrations, the shallow ones first. */
async function* folders(project: string): AsyncGenerator<string> {
  let level = [project];
  let seen = 0;
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++seen > MOST_FOLDERS) return;
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const named = NAMES.test(folder.split(/[\\/]/).at(-1) ?? "") && depth > 0;
      if (named || entries.some(({ name }) => name === "sqitch.plan")) yield folder;
      for (const entry of entries) {
        if (!entry.isDirectory() || entry.name.startsWith(".") || SKIPPED.has(entry.name)) continue;
        next.push(join(folder, entry.name));
      }
    }
    level = next.sort();
  }
}

/** The first files below a folder, shallow ones first; one that cannot be read counts as empty. */
async function readFiles(folder: string): Promise<readonly SourceFile[]> {
  const paths = (await firstFiles(folder)).sort();
  return await Promise.all(paths.map(async (path) => ({
    path: relative(folder, path).replaceAll("\\", "/"),
    text: /\.(?:sql|plan|toml|conf)$/.test(path)
      ? await readText(path, { limit: MEGABYTE }).catch(() => "")
      : "",
  })));
}

async function firstFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  const open = [folder];
  for (let seen = 0; seen < MOST_FOLDERS && files.length < MOST_FILES; seen++) {
    const at = open.shift();
    if (at === undefined) break;
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      const path = join(at, entry.name);
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory()) open.push(path);
    }
  }
  return files.slice(0, MOST_FILES);
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then((found) => found.isFile(), () => false);
}
