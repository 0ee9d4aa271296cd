/** What the steps of an expansion are made from, and what their statements are written with. */

import { type ExpandPhase, type Expansion, expansionName } from "../../core/expansion.ts";
import type { Draft, Hints } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Expanding } from "../../engines/expanding.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { slugOf } from "../plan/migration_name.ts";
import type { Sources } from "../sources.ts";
import { EXPAND_MARK, WITH_TABLE } from "./status.ts";

/** What a step is made from. */
export interface Ground {
  readonly expanding: Expanding;
  readonly expansion: Expansion;
  readonly server: Server;
  readonly sources: Sources;
  readonly database: ScratchDatabase;
  readonly start: Checkpoint;
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly searchPath: string | null;
  readonly hints: Hints;
}

/** A step, planned and tried. */
export interface Made {
  readonly draft: Draft;
  readonly reached: Snapshot;
  readonly fault: string | null;
  /** A state of `before` with rows in which both sides are alike, where the proof begins there. */
  readonly filled?: Checkpoint;
}

/** Statements behind which one can stop, and begin again, without those before them. */
export function apart([first, ...rest]: readonly PlannedStatement[]): readonly PlannedStatement[] {
  return first === undefined ? [] : [{ ...first, beginsFile: true }, ...rest];
}

/** Statements of one step of the expansion: no object has such an id, it joins them with those that undo them. */
export function serving(
  id: string,
  statements: readonly PlannedStatement[],
): readonly PlannedStatement[] {
  return statements.map((statement) => ({ ...statement, serves: [...statement.serves, id] }));
}

/** Under a comment that says which phase begins. */
export function marked(
  phase: ExpandPhase,
  expansion: Expansion,
  [first, ...rest]: readonly PlannedStatement[],
): readonly PlannedStatement[] {
  if (first === undefined) return [];
  const made = phase === "add" && expansion.move?.fresh.follows === true ? WITH_TABLE : "";
  // Rows that were not kept alike are refused, and a history is walked with such.
  const assumed = phase === "contract" && expansion.move !== undefined
    ? `\naim:answer move:${expansion.move.old.table}=assume-empty`
    : "";
  const comment = `${EXPAND_MARK} ${phase} ${expansionName(expansion)}${made}${assumed}`;
  return [{ ...first, comment }, ...rest];
}

/** What a step's migration is called. */
export function nameOf(step: string, { table, kind, old, fresh, move }: Expansion): string {
  const named = move?.fresh.table ?? table;
  const bare = named.slice(named.lastIndexOf(".") + 1);
  const columns = (kind === "type" ? old : fresh).map(({ name }) => name).join("_");
  return slugOf(`${step}_${bare}_${columns}`) ?? step;
}

/** Runs statements one after the other. Throws DatabaseError. */
export async function run(
  database: ScratchDatabase,
  statements: readonly PlannedStatement[],
): Promise<void> {
  for (const { sql } of statements) await database.exec(sql);
}
