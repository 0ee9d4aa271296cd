/** What a change of type does to values that try it: fractions, which it may round, and limits, which it may refuse. */

import type { ObservedTable } from "../../core/observation.ts";
import type { TableShape } from "../../core/shape.ts";
import type { Script } from "../../formats/format.ts";
import type { LostValues } from "../../rules/rule.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import { runInSession } from "../scratch/run_in_session.ts";
import { ScriptFailure } from "../scratch/run_script.ts";
import { isLossy } from "./lossy.ts";

/** A migration between two states. */
export interface TypeChangeInput {
  readonly script: Script;
  /** The state before it. */
  readonly start: Checkpoint;
  readonly before: readonly TableShape[];
  readonly after: readonly TableShape[];
}

/** What came of it. */
export interface TypeChanges {
  readonly losses: readonly Omit<LostValues, "index">[];
  /** What was said against values at the limits of the old types; null for nothing. */
  readonly refusal: ScriptFailure | null;
}

/** Columns of a table that have another type afterwards. */
interface Changed {
  readonly table: TableShape;
  readonly columns: readonly string[];
}

/** Tries, and leaves the database as it found it; nothing is run where no type changes. */
export async function typeChanges(
  project: Project,
  database: ScratchDatabase,
  { script, start, before, after }: TypeChangeInput,
): Promise<TypeChanges> {
  const { rows, reset } = project.engine;
  const changed = changedIn(before, after);
  let refusal: ScriptFailure | null = null;
  const losses = new Map<string, Omit<LostValues, "index">>();
  if (rows.stretch === undefined || changed.length === 0) return { losses: [], refusal };
  const ids = new Set(changed.map(({ table }) => table.id));
  const end = await database.checkpoint();
  for (const to of ["limits", "fractions"] as const) {
    await database.rewind(start);
    await rows.seed(database, { tables: ids });
    if (reset !== "") await database.exec(reset);
    for (const one of changed) await rows.stretch(database, { ...one, to });
    const old = await rows.observe(database, ids, "rows");
    const failure = await failureOf(project, database, script);
    if (failure !== null) {
      refusal ??= to === "limits" ? failure : null;
      continue;
    }
    const now = await rows.observe(database, ids, "rows");
    for (const one of changed) {
      const [a, b] = [old.tables.get(one.table.id), now.tables.get(one.table.id)];
      if (a === undefined || b === undefined) continue;
      for (const lost of lostIn(one, a, b)) losses.set(`${lost.table} ${lost.column}`, lost);
    }
  }
  await database.rewind(end);
  database.forget?.(end);
  return { losses: [...losses.values()], refusal };
}

function changedIn(
  before: readonly TableShape[],
  after: readonly TableShape[],
): readonly Changed[] {
  const later = new Map(after.map((table) => [table.id, table]));
  return before.flatMap((table) => {
    const columns = table.columns.filter(({ name, type, isGenerated }) => {
      const now = later.get(table.id)?.columns.find((column) => column.name === name);
      return now !== undefined && now.type !== type && !isGenerated && !now.isGenerated;
    }).map(({ name }) => name);
    return columns.length === 0 ? [] : [{ table, columns }];
  });
}

async function failureOf(
  project: Project,
  database: ScratchDatabase,
  script: Script,
): Promise<ScriptFailure | null> {
  try {
    await runInSession(project, database, script, runOptions(project, folderOf(project)));
    return null;
  } catch (error) {
    if (error instanceof ScriptFailure) return error;
    throw error;
  }
}

/** A value of each column that is not kept, row by row: rows of one key are one row, without a key those of one place. */
function lostIn(
  { table, columns }: Changed,
  old: ObservedTable,
  now: ObservedTable,
): readonly Omit<LostValues, "index">[] {
  const isKey = table.primaryKey.length > 0 &&
    !table.primaryKey.some((name) => columns.includes(name));
  const pairs = isKey ? byKey(table.primaryKey, old, now) : byPlace(old, now);
  return columns.flatMap((column) => {
    const [a, b] = [placeOf(old, column), placeOf(now, column)];
    const lost = pairs.find(([from, to]) => {
      const [was, is] = [from[a] ?? null, to[b] ?? null];
      return was !== null && (is === null || isLossy(was, is));
    });
    const from = lost?.[0][a] ?? null;
    return lost === undefined || from === null
      ? []
      : [{ table: table.name, column, from, to: lost[1][b] ?? null }];
  });
}

type Row = readonly (string | null)[];

function placeOf({ columns }: ObservedTable, name: string): number {
  return columns.findIndex(({ key }) => key === name);
}

function byKey(
  key: readonly string[],
  old: ObservedTable,
  now: ObservedTable,
): readonly (readonly [Row, Row])[] {
  const keyOf = (table: ObservedTable, row: Row) =>
    JSON.stringify(key.map((name) => row[placeOf(table, name)] ?? null));
  const later = new Map(now.rows.map((row) => [keyOf(now, row), row]));
  return old.rows.flatMap((row) => {
    const other = later.get(keyOf(old, row));
    return other === undefined ? [] : [[row, other] as const];
  });
}

function byPlace(old: ObservedTable, now: ObservedTable): readonly (readonly [Row, Row])[] {
  if (old.rows.length !== now.rows.length) return [];
  return old.rows.flatMap((row, at) => {
    const other = now.rows[at];
    return other === undefined ? [] : [[row, other] as const];
  });
}
