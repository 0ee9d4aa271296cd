/** Rows under a migration: what UP and DOWN leave of them, against what the draft says of itself. */

import { type Choice, isAssumption } from "../../src/core/choice.ts";
import { joinName, lastName, splitName } from "../../src/core/name.ts";
import type { Observation } from "../../src/core/observation.ts";
import type { GenerateOutcome } from "../../src/core/outcome.ts";
import type { Project } from "../../src/pipeline/mod.ts";
import { wholesOf } from "../../src/pipeline/scratch/rows/partitions.ts";
import { inspect } from "../../src/pipeline/scratch/snapshot.ts";
import { ScriptFailure } from "../../src/pipeline/scratch/run_script.ts";
import type { Server } from "../../src/runtimes/runtime.ts";
import type { Reversible } from "../../src/core/statement.ts";
import { load, migrate } from "../corpus/bench.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";

/** Values of rows as text by column, null for NULL. */
type Rows = readonly Readonly<Record<string, string | null>>[];

/** The rows of each table, by its name. */
export type Contents = ReadonlyMap<string, Rows>;

/**
 * `none`: no table took a row. `kept`: all rows are as before. `said`: what is lost is what the draft tells. `lost`: something else
 * is. `up-refused`, `down-refused`: the server did not run it over these rows.
 */
export type RowFate = "none" | "kept" | "said" | "lost" | "up-refused" | "down-refused";

/** What became of the rows, what was lost without a word, and what the server said where it refused. */
export interface RowVerdict {
  readonly fate: RowFate;
  readonly refusal?: string;
  readonly losses: readonly string[];
}

/** A moment of the run: before rows are put in, and behind each direction. */
export type Moment = "before" | "up" | "down";

/** Puts rows into the tables of the current schema, runs a proven migration there and back, and compares; null when there is none. */
export async function rowsUnder(
  project: Project,
  server: Server,
  { current, outcome: { draft, files, choices = [] }, look }: {
    readonly current: string;
    readonly outcome: Pick<GenerateOutcome, "draft" | "files"> & {
      readonly choices?: readonly Choice[];
    };
    /** Is called at each moment that the run comes to; without rows at none but the first. */
    readonly look?: (moment: Moment, database: ScratchDatabase) => Promise<void>;
  },
): Promise<RowVerdict | null> {
  if (draft === null) return null;
  await using database = await server.create();
  await load(project, database, current);
  await look?.("before", database);
  const { rows } = project.engine;
  const contents = async (of: ScratchDatabase) => contentsOf((await rows.observe(of)).tables);
  const snapshot = await inspect(project, database);
  const empty = saidEmpty(choices);
  const all = [...snapshot.objects.values()].filter(({ kind }) => kind === "table");
  const tables = new Set(all.filter(({ name }) => !empty.has(name)).map(({ id }) => id));
  const seeded = await rows.seed(database, empty.size === 0 ? {} : { tables });
  if (seeded.rows === 0) return { fate: "none", losses: [] };
  const before = await contents(database);
  if (project.engine.reset !== "") await database.exec(project.engine.reset);
  for (const direction of ["up", "down"] as const) {
    try {
      await migrate(project, database, files, direction);
      await look?.(direction, database);
    } catch (error) {
      if (!(error instanceof ScriptFailure)) throw error;
      return { fate: `${direction}-refused`, losses: [], refusal: error.message };
    }
  }
  const losses = lossesBetween(before, await contents(database))
    .filter(({ table }) => !empty.has(table));
  const told = KEEPS_ALL.includes(draft.reversible)
    ? []
    : draft.up.flatMap(({ destroys }) => destroys ?? []);
  const unsaid = losses.filter((loss) =>
    [loss.table, ...wholesOf(loss.table, snapshot)].every((table) =>
      !told.some((words) => tells(words, { ...loss, table }))
    )
  );
  return {
    fate: losses.length === 0 ? "kept" : unsaid.length === 0 ? "said" : "lost",
    losses: unsaid.map(({ text }) => text),
  };
}

/**
 * Tables that have no rows, as the answer to a choice says (`assume-empty`). What is proven is proven of such tables: rows in them
 * would refute the answer and not the proof, so that they get none, or, where others cannot do without theirs, count for nothing.
 */
function saidEmpty(choices: readonly Choice[]): ReadonlySet<string> {
  const names = choices.filter(isAssumption).flatMap(({ id, evidence: { table, column } }) =>
    [id.slice(id.indexOf(":") + 1), table, column].filter((name) => typeof name === "string")
  );
  return new Set(names.flatMap((name) => [name, joinName(...splitName(name).slice(0, -1))]));
}

function contentsOf(tables: Observation["tables"]): Contents {
  return new Map(
    [...tables.values()].map(({ name, columns, rows }) => [
      name,
      rows.map((row) => Object.fromEntries(columns.map(({ key }, at) => [key, row[at] ?? null]))),
    ]),
  );
}

/** Classes of a way back that promise that no row or value is lost. */
const KEEPS_ALL: readonly Reversible[] = ["exact", "column-order", "fails-on-new-data"];

interface Loss {
  readonly table: string;
  /** Null for whole rows. */
  readonly column: string | null;
  readonly text: string;
}

function lossesBetween(before: Contents, after: Contents): readonly Loss[] {
  const losses: Loss[] = [];
  for (const [table, rows] of before) {
    const left = after.get(table);
    const [first] = rows;
    if (left === undefined || left.length !== rows.length) {
      const text = `${table} has ${left?.length ?? "no"} rows of ${rows.length}`;
      losses.push({ table, column: null, text });
      continue;
    }
    const columns = Object.keys(first ?? {});
    const changed = columns.filter((column) =>
      !sameRows(rows, left, [column]) && !isFilled(rows, left, column)
    );
    for (const column of changed) {
      const values = (list: typeof rows) => JSON.stringify(list.map((row) => row[column]));
      losses.push({
        table,
        column,
        text: `${table}.${column} was ${values(rows)} and is ${values(left)}`,
      });
    }
    const same = columns.filter((column) => sameRows(rows, left, [column]));
    if (changed.length === 0 && !sameRows(rows, left, same)) {
      losses.push({ table, column: null, text: `the rows of ${table} are mixed up` });
    }
  }
  return losses;
}

/** True where values are as they were and NULLs alone became values, as NOT NULL asks for. */
function isFilled(before: Rows, after: Rows, column: string): boolean {
  const values = (rows: Rows) => rows.flatMap((row) => row[column] ?? []);
  const left = values(after);
  for (const value of values(before)) {
    const at = left.indexOf(value);
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return true;
}

function sameRows(
  one: readonly Readonly<Record<string, string | null>>[],
  other: readonly Readonly<Record<string, string | null>>[],
  columns: readonly string[],
): boolean {
  const texts = (rows: typeof one) =>
    rows.map((row) => JSON.stringify(columns.map((column) => row[column]))).sort().join("\n");
  return texts(one) === texts(other);
}

/** True when the words name the table or the column, in whatever schema or child. */
function tells(words: string, { table, column, text }: Loss): boolean {
  // A value of a composite type loses what its attribute held, in whatever column it stands.
  if (words.includes("attribute") && text.includes('"(')) return true;
  return words.includes(lastName(table)) || (column !== null && words.includes(column));
}
