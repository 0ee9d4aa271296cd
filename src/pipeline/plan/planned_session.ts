/** The session that statements are planned for, where the project's own resolves names in another way. */

import type { Draft } from "../../core/plan.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import { keepSession } from "../scratch/run_in_session.ts";

/** A session for planning. */
export interface PlannedSession {
  /** The state to plan from. */
  readonly start: Checkpoint;
  /** A draft as it must be written, to be run in the project's own session. */
  written(draft: Draft): Draft;
  /** Gives the database its own settings back. */
  end(): void;
}

/** What is planned between. */
interface Gap {
  readonly database: ScratchDatabase;
  readonly start: Checkpoint;
  readonly before: Snapshot;
  readonly target: Snapshot;
}

/**
 * Planned statements leave out the schema that names are in by default. Where the project's sessions have another one, planning
 * has its own session, and the draft begins with the statement that sets it, if anything is in that schema.
 */
export async function plannedSession(
  { engine }: Project,
  { database, start, before, target }: Gap,
): Promise<PlannedSession> {
  const { session } = engine;
  await database.rewind(start);
  if (session === undefined || await session.isPlanned(database)) {
    return { start, written: (draft) => draft, end: () => {} };
  }
  const sql = session.setSearchPath(session.plannedPath);
  await database.exec(sql);
  const kept = keepSession(database, sql);
  const isNeeded = [before, target].some(({ objects }) =>
    [...objects.values()].some(({ name }) => name.startsWith(`${session.plannedPath}.`))
  );
  const led = (statements: readonly PlannedStatement[]): readonly PlannedStatement[] => {
    if (!isNeeded || statements.length === 0) return statements;
    const inTransaction = statements.every(({ transactional }) => transactional);
    return [
      {
        sql: session.planned(inTransaction),
        serves: [],
        reason: {
          action: "describe",
          text: `Names without a schema are in ${session.plannedPath}`,
        },
        transactional: true,
      },
      ...statements,
    ];
  };
  return {
    start: await database.checkpoint(),
    written: (draft) => ({ ...draft, up: led(draft.up), down: led(draft.down) }),
    end: () => void keepSession(database, kept),
  };
}
