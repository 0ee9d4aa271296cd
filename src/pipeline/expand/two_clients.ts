/** Old and new code, each writing the columns that it knows, while an expansion stands: what one writes, the other must read. */

import { DatabaseError } from "../../core/error.ts";
import type { Expansion } from "../../core/expansion.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";

/** The phases of an expansion, and the state before the first. */
export interface Phases {
  readonly start: Checkpoint;
  readonly add: readonly PlannedStatement[];
  readonly backfill: readonly PlannedStatement[];
}

/**
 * Runs the phases over rows, with writes of both in between. Gives what is wrong, in words, or null; `rows` says how many it was tried
 * with.
 */
export async function tryTwoClients(
  project: Project,
  database: ScratchDatabase,
  expansion: Expansion,
  { start, add, backfill }: Phases,
): Promise<{ readonly fault: string | null; readonly rows: number }> {
  const { expanding, rows } = project.engine;
  if (expanding === undefined) return { fault: null, rows: 0 };
  const { old, fresh } = expanding.clients(expansion);
  await database.rewind(start);
  const seeded = await rows.seed(database);
  if (project.engine.reset !== "") await database.exec(project.engine.reset);
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["the columns are added", add.map(({ sql }) => sql)],
    ["old code has written", [old]],
    ["new code has written", [fresh]],
    ["rows are filled", backfill.map(({ sql }) => sql)],
    ["old code has written behind that", [old]],
    ["new code has written behind that", [fresh]],
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

async function count(database: ScratchDatabase, sql: string): Promise<number> {
  const [row] = await database.query<{ readonly count: number | string }>(sql);
  return Number(row?.count ?? 0);
}
