/** The way back from where a script stopped, found by running it on the scratch database that holds what the script left. */

import { DatabaseError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Statement } from "../../core/statement.ts";
import type { Script } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import { isSame } from "./changes.ts";
import { leaveTransaction } from "./chunked.ts";
import { resetSession } from "./run_in_session.ts";
import { runScript, ScriptFailure, statementsOf } from "./run_script.ts";
import { inspect } from "./snapshot.ts";

/** A script that stopped between two statements. */
export interface Halt {
  readonly project: Project;
  readonly database: ScratchDatabase;
  /** The state before the script, to which the way leads. */
  readonly before: Snapshot;
  /** The state that it left. */
  readonly stopped: Checkpoint;
  readonly left: Snapshot;
  /** The script of the other direction; null where there is none. */
  readonly opposite: Script | null;
  /** Whether a planned way may destroy data. */
  readonly mayLose: boolean;
}

/** The way back. */
export interface WayBack {
  readonly statements: readonly Statement[];
  /** The script that they are the last ones of; null where they were planned. */
  readonly script: Script | null;
}

/**
 * Statements that lead to the state before: the fewest last ones of the other direction that do, else what the planner makes of it, where
 * that loses nothing or may; null where neither does. The database holds afterwards whatever was tried last.
 */
export async function wayBack(halt: Halt): Promise<WayBack | null> {
  return await wayByOpposite(halt) ?? await plannedWay(halt);
}

async function wayByOpposite(halt: Halt): Promise<WayBack | null> {
  const { project, database, opposite, stopped } = halt;
  if (opposite === null) return null;
  const statements = statementsOf(opposite, { engine: project.engine, folder: folderOf(project) });
  for (let from = statements.length - 1; from >= 0; from--) {
    await database.rewind(stopped);
    const ran = await runPart(project, database, opposite, { from, to: statements.length });
    if (ran && isSame(project, await inspect(project, database), halt.before)) {
      return { statements: statements.slice(from), script: opposite };
    }
  }
  return null;
}

async function plannedWay(halt: Halt): Promise<WayBack | null> {
  const { project, database, before, left, stopped, mayLose } = halt;
  const { statements, choices } = project.engine.plan(left, before, {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    isDown: true,
    strictOrder: project.config.columnOrder === "strict",
    deployedVersion: project.version,
  });
  const isOpen = choices.some(({ answer }) => answer === null);
  if (isOpen || !mayLose && statements.some(({ destroys }) => destroys !== undefined)) return null;
  await database.rewind(stopped);
  try {
    for (const { sql } of statements) await database.exec(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return null;
  }
  if (!isSame(project, await inspect(project, database), before)) return null;
  return {
    statements: statements.map(({ sql, transactional }) => ({ sql, transactional, offset: 0 })),
    script: null,
  };
}

/** Runs the statements of a script from one number up to another in a new session; false when one fails. */
export async function runPart(
  project: Project,
  database: ScratchDatabase,
  script: Script,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<boolean> {
  const only = new Set(Array.from({ length: to - from }, (_, at) => from + at));
  if (only.size === 0) return true;
  try {
    await runScript(database, script, { ...runOptions(project, folderOf(project)), only });
    return true;
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    return false;
  } finally {
    await leaveTransaction(database);
    await resetSession(project, database);
  }
}
