/** Looks for what a project already has: folders of migrations of a known format, a schema file. */

import { readdir, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { MigrationFormat, SourceFile } from "../formats/format.ts";
import { sameDialect, taggedDialect } from "../formats/transaction_mode.ts";
import { MEGABYTE, readText } from "../host/read_text.ts";
import { namedRunners } from "./runner_names.ts";

/** A folder of migrations. */
export interface FoundMigrations {
  /** Relative to the project, with `/`. */
  readonly folder: string;
  /** Name of the format. */
  readonly format: string;
  /** Formats whose files look the same, where nothing tells them apart. */
  readonly others: readonly string[];
  readonly files: number;
}

/** What is looked for. */
export interface Wanted {
  /** The folder that was named, or null to look everywhere. */
  readonly folder: string | null;
  /** Migrations for other dialects are left out where some are for this one. */
  readonly dialect: string;
}

/** How deep below the project folders are looked at, and how many. */
const DEEPEST = 8;
const MOST_FOLDERS = 4000;
/** A format shows in its first files. */
const MOST_FILES = 400;
const MOST_PATHS = 20_000;

const SKIPPED = new Set(["node_modules", "target", "dist", "build", "vendor", "venv"]);
/** Migrations below these are examples and tests, where there are others. */
const ASIDE =
  /^(?:tests?|testing|testdata|test[-_]?fixtures?|fixtures?|examples?|samples?|e2e|specs?|mocks?|__tests__|docs?)$/i;
const WORDS = new Set(["migration", "migrations", "migrate"]);
const SCHEMAS = ["schema.sql", "structure.sql"];

/** The folders of migrations, the shallow ones first; the one that was named when one was, if its files are of a known format. */
export async function findMigrations(
  project: string,
  { folder, dialect }: Wanted,
): Promise<readonly FoundMigrations[]> {
  const found: FoundMigrations[] = [];
  const isBelow = (path: string) =>
    found.some((other) => other.folder === "." || `${path}/`.startsWith(`${other.folder}/`));
  for await (const path of folder === null ? folders(project) : [resolve(project, folder)]) {
    if (folder === null && isBelow(shown(project, path))) continue;
    for (const one of await candidatesAt(project, path)) {
      if (folder !== null || !isBelow(one.folder)) found.push(one);
    }
  }
  if (found.length === 0 && folder === null) {
    for await (const path of folders(project, holdsNumbered)) {
      const one = isBelow(shown(project, path)) ? null : await recognise(project, path);
      if (one !== null && one.isWritable && one.confidence >= LIKELY) found.push(one.found);
    }
  }
  return forDialect(withoutAside(found), dialect);
}

/** A schema file in one of the usual places, relative to the project, or null; those beside the migrations go first. */
export async function findSchema(
  project: string,
  migrations: string | null = null,
): Promise<string | null> {
  const beside = migrations === null || migrations.startsWith("..") ? [] : [dirname(migrations)];
  for (const folder of [...beside, "", "db", "database", "sql"]) {
    for (const name of SCHEMAS) {
      const path = folder === "" || folder === "." ? name : `${folder}/${name}`;
      if (await isFile(join(project, path))) return path;
    }
  }
  return null;
}

/** What a folder holds itself; or its folders, where there is one a dialect or a database, as Hasura has it. */
async function candidatesAt(project: string, folder: string): Promise<readonly FoundMigrations[]> {
  const own = await recognise(project, folder);
  if (own !== null && own.isSure) return [own.found];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below: FoundMigrations[] = [];
  let tagged = false;
  for (const { name } of entries.filter((entry) => entry.isDirectory()).sort(byName)) {
    const isDialect = taggedDialect(name) !== null;
    if (/^[.vV]?\d|^\./.test(name) || own !== null && own.isWritable && !isDialect) continue;
    const part = await recognise(project, join(folder, name));
    if (part === null || !isDialect && !(part.isWritable && part.confidence >= LIKELY)) continue;
    tagged ||= isDialect;
    below.push(part.found);
  }
  if (below.length > 0 && (tagged || own === null || !own.isWritable)) return below;
  return own === null ? [] : [own.found];
}

interface Recognised {
  readonly found: FoundMigrations;
  readonly confidence: number;
  readonly isWritable: boolean;
  /** True when no folder below it can mean more. */
  readonly isSure: boolean;
}

async function recognise(project: string, folder: string): Promise<Recognised | null> {
  const { rankFormats } = await import("../formats/all.ts");
  const paths = await pathsBelow(folder);
  const files = await readFiles(folder, paths);
  const ranked = rankFormats(files);
  const [best] = ranked;
  if (best === undefined) return null;
  const { format, others } = await settled(project, folder, ranked, best);
  const wanted = paths.filter((path) => format.wants(path));
  return {
    found: {
      folder: shown(project, folder),
      format: format.name,
      others,
      files: wanted.length,
    },
    confidence: best.confidence,
    isWritable: format.writes,
    isSure: format.writes &&
      wanted.every((path) => taggedDialect(path.split("/")[0] ?? "") === null),
  };
}

interface Ranked {
  readonly format: MigrationFormat;
  readonly confidence: number;
}

/** From here on a format is recognised by what only its runner writes. */
const CERTAIN = 0.95;
/** A folder in a folder of migrations is one itself from here on, whatever its name. */
const LIKELY = 0.8;
/** Formats so much less likely are not meant. */
const CLOSE = 0.25;

/** The format that the project's manifests name, else the likeliest, with those that are as likely. */
async function settled(
  project: string,
  folder: string,
  ranked: readonly Ranked[],
  best: Ranked,
): Promise<{ readonly format: MigrationFormat; readonly others: readonly string[] }> {
  if (best.confidence >= CERTAIN) return { format: best.format, others: [] };
  const close = ranked.filter(({ format, confidence }) =>
    format === best.format || format.writes && confidence >= best.confidence - CLOSE
  ).map(({ format }) => format);
  const named = await namedRunners(folder, project, close.map(({ name }) => name));
  const format = close.find(({ name }) => name === named[0]);
  if (format !== undefined) return { format, others: [] };
  const others = close.filter((other) => other !== best.format).map(({ name }) => name);
  return { format: best.format, others };
}

/** Folders that are meant, by their names or what is in them, the shallow ones first. */
async function* folders(
  project: string,
  isMeant: (folder: string, names: readonly string[]) => boolean = saysMigrations,
): AsyncGenerator<string> {
  let level = [project];
  let seen = 0;
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++seen > MOST_FOLDERS) return;
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const names = entries.map(({ name }) => name);
      const isSqitch = names.some((name) => /^sqitch\.(?:plan|conf)$/.test(name));
      if (isSqitch || depth > 0 && isMeant(folder, names)) yield folder;
      for (const entry of entries) {
        if (!entry.isDirectory() || entry.name.startsWith(".") || SKIPPED.has(entry.name)) continue;
        next.push(join(folder, entry.name));
      }
    }
    level = next.sort();
  }
}

/** `migrations`, `db-migrate`, `migrations_postgres`, `sqlite-migrations`, `versions`, `drizzle`. */
function saysMigrations(folder: string): boolean {
  const name = (folder.split(/[\\/]/).at(-1) ?? "").toLowerCase();
  if (name === "versions" || name === "drizzle") return true;
  const words = name.split(/[-_.]/);
  return words.some((word) => WORDS.has(word)) &&
    words.every((word) => WORDS.has(word) || word === "db" || taggedDialect(word) !== null);
}

/** Several files of SQL, most of them numbered: a folder of migrations may have any name. */
function holdsNumbered(_folder: string, names: readonly string[]): boolean {
  const scripts = names.filter((name) => /\.sql$/i.test(name));
  const numbered = scripts.filter((name) => /^[vV]?\d/.test(name));
  return numbered.length > 1 && numbered.length > scripts.length / 2;
}

function withoutAside(found: readonly FoundMigrations[]): readonly FoundMigrations[] {
  const main = found.filter(({ folder }) => !folder.split("/").some((part) => ASIDE.test(part)));
  return main.length > 0 ? main : found;
}

/** Those that a dialect in their path does not rule out, where one is for this dialect. */
function forDialect(
  found: readonly FoundMigrations[],
  dialect: string,
): readonly FoundMigrations[] {
  const tags = ({ folder }: FoundMigrations) =>
    folder.split(/[/_.-]/).map(taggedDialect).filter((tag) => tag !== null);
  const ours = found.filter((one) => tags(one).some((tag) => sameDialect(tag, dialect)));
  return ours.length === 0
    ? found
    : found.filter((one) => ours.includes(one) || tags(one).length === 0);
}

/** The first files, those that name a format first; one that cannot be read counts as empty. */
async function readFiles(folder: string, paths: readonly string[]): Promise<readonly SourceFile[]> {
  const isMark = (path: string) =>
    /^(?:sqitch\.\w+|migration_lock\.toml|atlas\.sum|meta\/_journal\.json)$/.test(path);
  const chosen = [...paths.filter(isMark), ...paths.filter((path) => !isMark(path))];
  return await Promise.all(
    chosen.slice(0, MOST_FILES).sort().map(async (path) => ({
      path,
      text: /\.(?:sql|plan|toml|conf|py|rb|[cm]?[jt]s|json|sum)$/.test(path)
        ? await readText(join(folder, path), { limit: MEGABYTE }).catch(() => "")
        : "",
    })),
  );
}

/** The files below a folder, shallow ones first, relative to it. */
async function pathsBelow(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const open = [folder];
  for (let seen = 0; seen < MOST_FOLDERS && paths.length < MOST_PATHS; seen++) {
    const at = open.shift();
    if (at === undefined) break;
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort(byName)) {
      const path = join(at, entry.name);
      if (entry.isFile()) paths.push(relative(folder, path).replaceAll("\\", "/"));
      else if (entry.isDirectory() && !SKIPPED.has(entry.name) && entry.name !== ".git") {
        open.push(path);
      }
    }
  }
  return paths;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function shown(project: string, folder: string): string {
  return relative(project, folder).replaceAll("\\", "/") || ".";
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then((found) => found.isFile(), () => false);
}
