/** `aim seed`: a sample of the rows of a live database, masked, as SQL that loads. */

import { basename, dirname, join, relative } from "node:path";
import { readFile } from "node:fs/promises";
import { SetupError, UsageError } from "../../../core/error.ts";
import type { RowWriter } from "../../../engines/live.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { terminated } from "../../../formats/rendering.ts";
import { systemCode } from "../../../host/read_text.ts";
import { outsideError, reachOf, realOf } from "../../files/bounds.ts";
import { replaceFile } from "../../files/replace.ts";
import { planFresh } from "../../plan/fresh_plan.ts";
import { note, type Project } from "../../project.ts";
import { createDatabase } from "../../scratch/create_database.ts";
import { loadSchema } from "../../scratch/load_schema.ts";
import { ScriptFailure } from "../../scratch/run_script.ts";
import { runSeedFiles } from "../../scratch/rows/seeding.ts";
import { type LiveAddress, openLive, reached } from "../open_live.ts";
import { besideLive, startScratch } from "../scratch_server.ts";
import { type LoadedTable, loadRows } from "./load_rows.ts";
import { maskingOf } from "./mask.ts";
import { type Sample, takeSample } from "./sample.ts";

/** What is taken. */
export interface SeedOptions {
  /** So many rows of each table, and what they refer to. */
  readonly rows: number;
  /** False where values are written as they are. */
  readonly mask: boolean;
  /** Absolute; null for `seeds/sample.sql` beside aim.toml. */
  readonly file: string | null;
  /** Write nothing. */
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** What came of a table; nothing in it tells a value. */
export interface SeededTable {
  readonly name: string;
  readonly rows: number;
  /** Rows that do not load, or cannot be read, and why; null for none. */
  readonly left: number;
  readonly reason: string | null;
  /** Columns of which values were made into others. */
  readonly masked: readonly string[];
}

/** What was sampled. */
export interface SeedOutcome {
  readonly outcome: "proven";
  readonly text: string;
  readonly tables: readonly SeededTable[];
  readonly masked: boolean;
  readonly database: string;
  readonly version: string;
  readonly runtime: string;
  readonly scratch: string;
  /** Null for a dry run. */
  readonly file: string | null;
  /** False where the file said the same already. */
  readonly written: boolean;
  readonly notes: readonly string[];
}

/** A text of more is not taken for a seed unless settings name it. */
const MOST_FOUND = 1_000_000;

/** Reads rows in one short transaction, masks them, loads them beside the schema and writes what loads. */
export async function seed(
  given: Project,
  address: LiveAddress,
  options: SeedOptions,
): Promise<SeedOutcome> {
  const { mask, dryRun } = options;
  const file = dryRun ? null : options.file ?? join(given.config.root, "seeds", "sample.sql");
  const before = file === null ? null : await known(given, file);
  if (file !== null && options.file === null) await refuseOutside(given, file);
  if (mask) noteKept(given);
  await using opened = await openLive(given, address);
  const { live, project } = opened;
  const writer = (await project.engine.live?.())?.rowWriter;
  if (writer === undefined || live.sample === undefined) {
    throw new UsageError("Cannot sample rows of a database of this engine yet", {
      code: "live-url",
      hint: "Write seeds/*.sql by hand",
    });
  }
  const target = await opened.snapshot();
  const sample = await reached(() =>
    live.sample?.(async (reader) => {
      const tables = (await reader.tables()).filter(({ id }) => target.objects.has(id));
      return await takeSample(reader, tables, options.rows);
    }) ?? Promise.reject(new Error("There is no sampler"))
  );
  for (const id of sample.cut) {
    note(
      project,
      `Not all rows of ${nameOf(id)} that others refer to are taken: they are too many`,
    );
  }
  await using server = await startScratch(project, target);
  const statements = await planFresh(project, server, { target });
  await using database = await createDatabase(
    project,
    server,
    await besideLive(project, {
      schema: [],
      files: [],
      history: { migrations: [], notes: [] },
    }, target),
  );
  const schema = statements.map(({ sql }) => terminated(sql, project.engine.lexicon)).join("\n");
  await loadSchema(project, database, [{ path: "live schema", text: schema }], 0);
  const made = await scriptOf(project, { database, writer, sample, mask });
  if (file !== null && made.text.length > MOST_FOUND) {
    note(
      project,
      `The rows are many: name the file in aim.toml to use it, seeds = ["seeds/*.sql"]`,
    );
  }
  const written = file !== null && await write(project, file, made.text, { before, ...options });
  return {
    outcome: "proven",
    ...made,
    masked: mask,
    database: live.shown,
    version: live.version,
    runtime: server.runtime,
    scratch: server.version,
    file,
    written,
    notes: [...project.notes],
  };
}

/** Masks the rows, keeps those that load, and loads what came of it once more as a seed is loaded. */
async function scriptOf(
  project: Project,
  { database, writer, sample, mask }: {
    readonly database: ScratchDatabase;
    readonly writer: RowWriter;
    readonly sample: Sample;
    readonly mask: boolean;
  },
): Promise<{ readonly text: string; readonly tables: readonly SeededTable[] }> {
  const start = await database.checkpoint();
  const masking = maskingOf(sample.tables.map(({ table }) => table), project.config.masks);
  const masked = new Map<string, ReadonlySet<string>>();
  const tables = sample.tables.map(({ table, rows }) => {
    const changed = new Set<string>();
    masked.set(table.id, changed);
    const masks = table.columns.map((column) => masking.of(table, column));
    return {
      table,
      rows: rows.map((read) => ({
        read,
        written: !mask ? read : read.map((cell, at) => {
          const made = masks[at]?.(cell) ?? null;
          if (made !== cell) changed.add(table.columns[at]?.name ?? "");
          return made;
        }),
      })),
    };
  });
  const loaded = await loadRows(database, writer, tables);
  const text = [
    headOf(mask),
    ...loaded.statements.map((sql) => terminated(sql, project.engine.lexicon)),
  ].join("\n\n") + "\n";
  await database.rewind(start);
  try {
    await runSeedFiles(project, database, { files: [{ path: "sample.sql", text }] });
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    throw new SetupError(`Cannot load the sample as a whole: ${error.reason.message}`, {
      code: "seed",
      hint: "nothing was written; leave the table out with ignore_tables, or take other --rows",
      cause: error.reason,
    });
  }
  return {
    text,
    tables: loaded.tables.map((one) => outcomeOf(project, one, masked.get(one.table.id))),
  };
}

function outcomeOf(
  project: Project,
  { table, rows, left, reason, cleared }: LoadedTable,
  masked: ReadonlySet<string> = new Set(),
): SeededTable {
  const name = nameOf(table.id);
  if (cleared > 0) {
    note(project, `${name}: ${cleared} of the rows refer to what is not there: NULL stands for it`);
  }
  return { name, rows, left, reason: table.refused ?? reason, masked: [...masked] };
}

/** A link in the project must not lead what is written out of it. */
async function refuseOutside({ config }: Project, path: string): Promise<void> {
  const folder = await realOf(dirname(path));
  for (const real of [folder, await realOf(path)]) {
    if (!(await reachOf(config, "seeds"))(real)) {
      throw outsideError(config, [{ key: "seeds", path, real }]);
    }
  }
}

function noteKept(project: Project): void {
  const kept = project.config.masks.filter(({ how }) => how === "keep")
    .flatMap(({ columns }) => columns);
  if (kept.length > 0) {
    note(project, `aim.toml keeps the values of ${kept.join(", ")} as they are`);
  }
}

function headOf(mask: boolean): string {
  return mask
    ? "-- Rows of a live database by aim seed: what may tell of a person or is a secret is made up."
    : "-- Rows of a live database by aim seed --no-mask: these are REAL values.";
}

function nameOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** What the file says; null where there is none. */
async function known({ config }: Project, file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw new UsageError(`Cannot write "${relative(config.root, file) || file}": it is no file`, {
      code: "seed-file",
      hint: "pass -o FILE, or -o - for stdout",
      cause: error,
    });
  }
}

async function write(
  { config, signal }: Project,
  file: string,
  text: string,
  { before, force }: { readonly before: string | null; readonly force: boolean },
): Promise<boolean> {
  if (before === text) return false;
  if (before !== null && before.trim() !== "" && !force) {
    throw new UsageError(
      `Cannot write "${relative(config.root, file) || file}": it is there and says something else`,
      { code: "exists", hint: "pass --force to write over it, or -o FILE for another file" },
    );
  }
  signal.throwIfAborted();
  await replaceFile(dirname(file), basename(file), text);
  return true;
}
