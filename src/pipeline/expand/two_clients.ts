/** Old and new code, each writing the columns that it knows, while an expansion stands: what one writes, the other must read. */

import { DatabaseError } from "../../core/error.ts";
import type { Expansion, MoveSide } from "../../core/expansion.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Expanding } from "../../engines/expanding.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";

/** The phases of an expansion, and the state before the first. */
export interface Phases {
  readonly start: Checkpoint;
  readonly add: readonly PlannedStatement[];
  readonly backfill: readonly PlannedStatement[];
}

/** What the trial came to. */
export interface TwoClients {
  /** What is wrong, in words; null for nothing. */
  readonly fault: string | null;
  /** With how many made rows it was tried. */
  readonly rows: number;
}

/** Runs the phases over rows, with writes of both in between. */
export async function tryTwoClients(
  project: Project,
  database: ScratchDatabase,
  expansion: Expansion,
  { start, add, backfill }: Phases,
): Promise<TwoClients> {
  const { expanding, rows } = project.engine;
  if (expanding === undefined) return { fault: null, rows: 0 };
  await database.rewind(start);
  const seeded = await rows.seed(database);
  if (project.engine.reset !== "") await database.exec(project.engine.reset);
  const code = expanding.clients(expansion);
  const old = [code.old, ...await oldRowsAnew(database, expanding, expansion)];
  const fresh = [code.fresh, ...await newRowsAnew(database, expanding, expansion)];
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["the columns are added", add.map(({ sql }) => sql)],
    ["old code has written", old],
    ["new code has written", fresh],
    ["rows are filled", backfill.map(({ sql }) => sql)],
    ["old code has written behind that", old],
    ["new code has written behind that", fresh],
    ["rows are filled a second time", backfill.map(({ sql }) => sql)],
  ];
  let isFilled = false;
  for (const [words, list] of steps) {
    try {
      for (const sql of list) await database.exec(sql);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return { fault: `When ${words}: ${error.message}`, rows: seeded.rows };
    }
    isFilled ||= words === "rows are filled";
    const unlike = isFilled ? await count(database, expanding.unlike(expansion)) : 0;
    if (unlike > 0) return { fault: `When ${words}, ${unlike} rows differ`, rows: seeded.rows };
  }
  return { fault: null, rows: seeded.rows };
}

/** How old code takes a row of a move out and inserts it again. */
async function oldRowsAnew(
  database: ScratchDatabase,
  { rowsAnew }: Expanding,
  { move }: Expansion,
): Promise<readonly string[]> {
  if (move === undefined) return [];
  return await anew(database, { rowsAnew, side: move.old }, [
    rowsAnew.putBack(move.old, move.old.writable),
  ]);
}

/** How new code does; where the new table is made by the expansion, a row of the old one and then its row there. */
async function newRowsAnew(
  database: ScratchDatabase,
  { rowsAnew }: Expanding,
  { move }: Expansion,
): Promise<readonly string[]> {
  if (move === undefined) return [];
  const { old, fresh, isMadeEarly } = move;
  if (!fresh.follows) {
    const known = new Set(fresh.columns.map(({ name }) => name));
    const before = fresh.writable.filter((name) => !known.has(name));
    return await anew(database, { rowsAnew, side: fresh, before }, [
      rowsAnew.putBack(fresh, fresh.writable),
    ]);
  }
  const known = new Set(old.columns.map(({ name }) => name));
  return await anew(database, { rowsAnew, side: old }, [
    rowsAnew.putBack(old, old.writable.filter((name) => !known.has(name))),
    rowsAnew.putInOther(fresh, old, { orUpdate: isMadeEarly }),
  ]);
}

/** How many rows are tried to find one that others let go. */
const MOST = 6;

/** The statements, for the first row that could be taken out and put in before; none where there is no such row. */
async function anew(
  database: ScratchDatabase,
  { rowsAnew, side, before = side.writable }: {
    readonly rowsAnew: Expanding["rowsAnew"];
    readonly side: MoveSide;
    readonly before?: readonly string[];
  },
  back: readonly string[],
): Promise<readonly string[]> {
  const here = await database.checkpoint();
  for (let at = 0; at < MOST; at++) {
    const out = rowsAnew.takeOut(side, at);
    const isFine = await runs(database, [...out, rowsAnew.putBack(side, before), rowsAnew.done]);
    await database.rewind(here);
    if (isFine) return [...out, ...back, rowsAnew.done];
  }
  return [];
}

async function runs(database: ScratchDatabase, list: readonly string[]): Promise<boolean> {
  try {
    for (const sql of list) await database.exec(sql);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError) return false;
    throw error;
  }
}

async function count(database: ScratchDatabase, sql: string): Promise<number> {
  const [row] = await database.query<{ readonly count: number | string }>(sql);
  return Number(row?.count ?? 0);
}
