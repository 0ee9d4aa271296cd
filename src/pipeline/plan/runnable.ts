/** Planned statements as the server takes them. */

import type { PlannedStatement } from "../../core/statement.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import { runPlanned } from "./way.ts";

/** Statements as they can be run, and whether they can. */
export interface Runnable {
  readonly statements: readonly PlannedStatement[];
  readonly runs: boolean;
}

/** Goes back to `start`, runs `first` and then the statements; those that the server refuses are relaxed where that is known to help. */
export async function makeRunnable(
  project: Project,
  database: ScratchDatabase,
  first: readonly PlannedStatement[],
  statements: readonly PlannedStatement[],
  start: Checkpoint,
): Promise<Runnable> {
  const relaxed = new Set<PlannedStatement>();
  for (let list = statements;;) {
    await database.rewind(start);
    if (first.length > 0) await runPlanned(project, database, first);
    const failure = await runPlanned(project, database, list);
    if (failure === null) return { statements: list, runs: true };
    const refused = list[failure.index];
    const instead = refused === undefined || relaxed.has(refused)
      ? null
      : project.engine.relax?.(refused, failure.reason) ?? null;
    if (refused === undefined || instead === null) return { statements: list, runs: false };
    relaxed.add(refused);
    list = list.toSpliced(failure.index, 1, ...instead);
  }
}

/** Tells of a statement whether there is another one where the server refuses it. */
export function mayRelax({ engine }: Project): (statement: PlannedStatement) => boolean {
  return (statement) => (engine.relax?.(statement) ?? null) !== null;
}
