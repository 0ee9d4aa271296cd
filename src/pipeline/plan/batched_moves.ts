/** Statements that move rows of large tables, in batches where the engine can cut them. */

import type { TableSize } from "../../core/estimate.ts";
import { lastName } from "../../core/name.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { readTableSizes } from "../lint/stats_file.ts";
import { note, type Project } from "../project.ts";

/** Rows from which on a table is not changed in one go: it would be locked, and written twice, for as long as that takes. */
const LARGE = 100_000;

/** The statements, those over tables which `aim.stats.toml` says are large in batches. `middle` is the schema in which they run. */
export async function inBatches(
  project: Project,
  middle: Snapshot,
  moves: readonly PlannedStatement[],
): Promise<readonly PlannedStatement[]> {
  const { engine, config } = project;
  const { moving } = engine;
  const sizes = moves.length === 0 ? null : await readTableSizes(config.root);
  if (sizes === null) return moves;
  const tables = engine.shape?.(middle) ?? [];
  return moves.map((move) => {
    const rows = rowsOf(move, sizes);
    if (rows < LARGE) return move;
    const whole = (reason: string) => {
      const start = move.sql.replaceAll(/\s+/g, " ").slice(0, 60);
      note(
        project,
        `Written in one go over ${rows.toLocaleString("en")} rows: ${start}: ${reason}`,
      );
      return move;
    };
    if (moving === undefined) {
      return whole(`${engine.dialect} has no statement that commits on its way`);
    }
    const written = moving.target(move.sql);
    if (written === null) return whole("such a statement is not cut into batches");
    const key = engine.nameKey(lastName(written));
    const table = tables.find(({ name }) => engine.nameKey(lastName(name)) === key);
    if (table === undefined) return whole(`${written} is no table`);
    const cut = moving.batch(move.sql, table);
    if ("reason" in cut) return whole(cut.reason);
    const comment =
      `In batches of ${moving.rows} rows, each committed; it may be stopped and run again`;
    return { ...move, sql: cut.sql, transactional: false, comment };
  });
}

/** Rows of the largest table that a statement is about. */
function rowsOf({ serves }: PlannedStatement, sizes: ReadonlyMap<string, TableSize>): number {
  const rows = serves.map((id) => {
    const name = id.slice(id.indexOf(":") + 1);
    return (sizes.get(name) ?? sizes.get(lastName(name)))?.rows ?? 0;
  });
  return Math.max(0, ...rows);
}
