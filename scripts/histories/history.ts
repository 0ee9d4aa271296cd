/** A real history in a folder of histories. */

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "../../src/config/config.ts";
import type { Migration } from "../../src/formats/format.ts";
import { readMigrations, readSchema } from "../../src/pipeline/files/read_sources.ts";
import { openProject, type Project, type Sources } from "../../src/pipeline/mod.ts";

/** A history as `manifest.json` has it. */
export interface Entry {
  readonly name: string;
  readonly engine: string;
  readonly format: string;
  /** Migrations that the project has. */
  readonly count: number;
  /** True for a history on MySQL that is there for MariaDB as well. */
  readonly mariadb?: boolean;
}

/** The histories of a manifest that are asked for; for `mariadb` those of MySQL that are there for both. */
export function entriesFor(
  manifest: readonly Entry[],
  { only, engine }: { readonly only: string; readonly engine?: string },
): readonly Entry[] {
  const named = manifest.filter(({ name }) => name.includes(only));
  if (engine !== "mariadb") {
    return named.filter((entry) => engine === undefined || entry.engine === engine);
  }
  return named.filter(({ mariadb }) => mariadb === true).map((entry) => ({ ...entry, engine }));
}

/** A history that was read. */
export interface RealHistory {
  readonly project: Project;
  readonly sources: Sources;
  /** How many of the migrations stand for what was there before the first. */
  readonly extra: number;
}

/**
 * Reads a history: `migrations/`, `schema.sql`, and `pre.sql` and `baseline.sql` as migrations without a DOWN. With a version it is for
 * servers of this machine of that version, and for nothing else.
 */
export async function historyOf(
  folder: string,
  entry: Entry,
  version?: string,
): Promise<RealHistory> {
  const root = join(folder, entry.name);
  const project = await projectOf(root, entry, version);
  return { project, ...await sourcesOf(project, root) };
}

async function projectOf(root: string, entry: Entry, version?: string): Promise<Project> {
  const server: Record<string, readonly string[]> = version === undefined
    ? {}
    : { runtime: ["local"], exact: ["true"] };
  const { config } = await loadConfig({
    folder: root,
    flags: {
      ...server,
      engine: [version === undefined ? entry.engine : `${entry.engine}-${version}`],
      format: [entry.format],
      schema: [join(root, "schema.sql")],
      migrations: [join(root, "migrations")],
    },
    variables: {},
  });
  return await openProject(config, { emit: () => {}, signal: new AbortController().signal });
}

async function sourcesOf(
  project: Project,
  root: string,
): Promise<{ sources: Sources; extra: number }> {
  const before: Migration[] = [];
  for (const name of ["pre", "baseline"]) {
    const path = join(root, `${name}.sql`);
    if (!await exists(path)) continue;
    const text = await readFile(path, "utf8");
    const up = { file: `${name}.sql`, text, transaction: "auto" } as const;
    before.push({ version: "", name, up, down: null, files: [] });
  }
  const { config, format } = project;
  const files = await readMigrations(config.migrations, format);
  const [path = ""] = config.schema;
  const schema = await exists(path) ? await readSchema(path) : [];
  const history = format.parse(files, project.engine);
  const skipped = await skippedIn(join(root, "order.json"));
  const migrations = [
    ...before,
    ...history.migrations.filter((migration) => !skipped.has(migration.up.file)),
  ];
  return {
    sources: {
      schema,
      files: [...files, ...before.map(({ up }) => ({ path: up.file, text: up.text }))],
      history: { ...history, migrations },
    },
    extra: before.length,
  };
}

/** Files that `order.json` marks as left out, since the baseline holds them already. */
async function skippedIn(path: string): Promise<ReadonlySet<string>> {
  if (!await exists(path)) return new Set();
  const entries: readonly { readonly up: string; readonly skip?: string }[] = JSON.parse(
    await readFile(path, "utf8"),
  );
  return new Set(entries.flatMap(({ up, skip }) => skip === undefined ? [] : [up]));
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
