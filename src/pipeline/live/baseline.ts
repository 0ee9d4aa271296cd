/** `aim baseline`: the first migration of a database that was there before its migrations. */

import { Buffer } from "node:buffer";
import type { GenerateOutcome } from "../../core/outcome.ts";
import { UsageError } from "../../core/error.ts";
import type { FoundTable } from "../../engines/live.ts";
import type { Mark, SourceFile } from "../../formats/format.ts";
import { runnerTables } from "../../formats/mod.ts";
import { generateFrom } from "../generate.ts";
import { folderOf, type Project } from "../project.ts";
import { replayHistory } from "../scratch/snapshot.ts";
import { readHistoryAlone } from "../sources.ts";
import { openWriter } from "../apply/live_runs.ts";
import { type LiveAddress, openLive, reached } from "./open_live.ts";
import { type ReadBooks, readBooks } from "./read_books.ts";
import { startScratch } from "./scratch_server.ts";

/** How it is written. */
export interface BaselineOptions {
  readonly name: string;
  readonly dryRun: boolean;
  /** Call it applied in the runner's books. */
  readonly mark: boolean;
}

/** What was written. */
export interface BaselineOutcome {
  readonly migration: GenerateOutcome;
  /** How the runner is told that it is applied: a command, or SQL for the live database; null where nothing is proven. */
  readonly mark: { readonly command: string } | { readonly sql: string } | null;
  /** True where the books say so already. */
  readonly marked: boolean;
  readonly database: string;
  readonly version: string;
  readonly notes: readonly string[];
}

/** Reads the database, plans the way from an empty one to it, proves and writes it. */
export async function baseline(
  given: Project,
  address: LiveAddress,
  { name, dryRun, mark }: BaselineOptions,
): Promise<BaselineOutcome> {
  const sources = await readHistoryAlone(given);
  const [first] = sources.history.migrations;
  if (first !== undefined) {
    throw new UsageError(
      `Cannot write a first migration: there is "${folderOf(given)}${first.up.file}"`,
      {
        code: "exists",
        hint:
          "`aim drift` shows what the database has that the migrations have not, and with --fix as a migration",
      },
    );
  }
  await using opened = await openLive(given, address);
  const { live, project } = opened;
  const read = await readBooks(project, live, sources);
  if (read.migrations.length > 0) {
    const shown = read.migrations.map(({ name: one }) => one).slice(0, 3).join(", ");
    throw new UsageError(`Cannot write a first migration: ${read.table} has ${shown}`, {
      code: "exists",
      hint: "Their files belong into the folder of migrations; is it the right one?",
    });
  }
  const target = await opened.snapshot();
  await using server = await startScratch(project, target);
  const replayed = await replayHistory(project, server, sources, null);
  await using _database = replayed.database;
  const migration = await generateFrom(project, {
    name,
    dryRun,
    answers: new Map(),
    renames: [],
    onAmbiguity: "drop-add",
    assumeEmpty: "flag",
  }, { server, sources, ...replayed, target });
  const { outcome, files, written } = migration;
  const isMarked = mark && outcome === "proven" && written;
  if (isMarked) await callApplied(project, address, { read, files });
  return {
    migration,
    marked: isMarked,
    mark: outcome === "proven" ? await markOf(project, files, read.found) : null,
    database: live.shown,
    version: live.version,
    notes: [...project.notes],
  };
}

/** Writes into the runner's books that the migration is applied. */
async function callApplied(
  project: Project,
  address: LiveAddress,
  { read, files }: { readonly read: ReadBooks; readonly files: readonly SourceFile[] },
): Promise<void> {
  const { engine: { dialect, lexicon }, format } = project;
  const { migrations } = format.parse(files, { dialect, lexicon });
  const [migration] = migrations;
  if (migration === undefined) return;
  await using opened = await openWriter(project, address, {
    read,
    history: { migrations, files },
  });
  const { writer, ledger } = opened;
  await reached(async () => {
    await writer.begin();
    await ledger.unmoved();
    await ledger.write(ledger.keep.applied(await ledger.entry(migration, 0)));
    await writer.exec("COMMIT");
  });
}

async function markOf(
  project: Project,
  files: readonly SourceFile[],
  found: FoundTable | null,
): Promise<BaselineOutcome["mark"]> {
  const { engine: { dialect, lexicon }, format } = project;
  const [migration] = format.parse(files, { dialect, lexicon }).migrations;
  const text = files.find(({ path }) => path === migration?.up.file)?.text;
  if (migration === undefined || text === undefined || format.books === undefined) return null;
  const folder = folderOf(project).slice(0, -1);
  const mark = format.books.mark({ migration, bytes: Buffer.from(text) }, {
    folder,
    now: new Date(),
  });
  return "command" in mark ? mark : { sql: await sqlOf(project, mark, found) };
}

/** The books where there are none yet, and the rows. */
async function sqlOf(
  { engine, format }: Project,
  { row, bytes, first = [] }: Exclude<Mark, { readonly command: string }>,
  found: FoundTable | null,
): Promise<string> {
  const made = found === null ? runnerTables(format.name, engine.dialect) : [];
  const texts = made.map(({ sql }) => sql.trim().replaceAll(/^ {6}/gm, ""));
  const rows = [...found === null ? first : [], row];
  const live = await engine.live?.();
  const place = found ?? {
    table: format.books?.table ?? "",
    schema: made[0]?.schema ?? format.books?.schema ?? null,
  };
  for (const [at, values] of rows.entries()) {
    const own = at === rows.length - 1 && bytes !== undefined ? { bytes } : {};
    const sql = live?.insert(place, { values, ...own });
    if (sql !== undefined) texts.push(sql);
  }
  return texts.map((text) => `${text};\n`).join("");
}
