/** How far a run came: the live schema, held against a scratch database on which the statements are run one by one. */

import { DatabaseError, UsageError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Statement } from "../../core/statement.ts";
import type { LiveWriter } from "../../engines/live.ts";
import type { Script } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import { note, type Project } from "../project.ts";
import { changesIn, isSame } from "../scratch/changes.ts";
import { leaveTransaction } from "../scratch/chunked.ts";
import { resetSession } from "../scratch/run_in_session.ts";
import { inspect } from "../scratch/snapshot.ts";
import { changeList } from "../scratch/walk_history.ts";
import { runPart } from "../scratch/way_back.ts";

/** Statements in a row, as a scratch database takes them. */
export interface Course {
  readonly length: number;
  /** Runs those from one number up to another; false when one fails. */
  run(database: ScratchDatabase, part: { from: number; to: number }): Promise<boolean>;
}

/** The statements of a script. */
export function scriptCourse(project: Project, script: Script, length: number): Course {
  return { length, run: (database, part) => runPart(project, database, script, part) };
}

/** Statements that stand alone. */
export function courseOf(project: Project, statements: readonly Statement[]): Course {
  return {
    length: statements.length,
    run: async (database, { from, to }) => {
      try {
        for (const { sql } of statements.slice(from, to)) await database.exec(sql);
        return true;
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        return false;
      } finally {
        await leaveTransaction(database);
        await resetSession(project, database);
      }
    },
  };
}

/** The statement to go on with, and what is to be cleared away first. */
export interface Place {
  readonly index: number;
  readonly clean: readonly string[];
}

/**
 * The place after `done` statements, or one more, whose note was lost. The scratch database holds the state before the course.
 * @throws {UsageError} where the schema is neither.
 */
export async function placeOf(
  project: Project,
  database: ScratchDatabase,
  { course, done, live, isSure }: {
    readonly course: Course;
    readonly done: number;
    readonly live: Snapshot;
    /** True where the note of the next statement cannot have been lost. */
    readonly isSure: boolean;
  },
): Promise<Place> {
  await course.run(database, { from: 0, to: done });
  if (done >= course.length) return { index: done, clean: [] };
  const earlier = await inspect(project, database);
  const isEarlier = isSame(project, earlier, live);
  const isLater = await course.run(database, { from: done, to: done + 1 }) &&
    isSame(project, await inspect(project, database), live);
  if (isLater && !isEarlier) return { index: done + 1, clean: [] };
  if (isEarlier) {
    if (isLater && !isSure) {
      note(
        project,
        `Statement ${
          done + 1
        } leaves no trace in the schema: whether it ran cannot be seen, and it is run again`,
      );
    }
    return { index: done, clean: [] };
  }
  const clean = remainderOf(project, earlier, live);
  if (clean !== null) return { index: done, clean };
  throw new UsageError(
    `Cannot tell how far it came: the database is neither what statement ${done} leaves nor what statement ${
      done + 1
    } does: ${changeList(changesIn(project, live, earlier))}`,
    {
      code: "recover",
      hint:
        `Look at what is there, and pass --from N with the statement that is to be run next, from 1 to ${
          course.length + 1
        }`,
    },
  );
}

/**
 * Whether a statement that has no note was not run: both are one transaction, or it only begins one. Where definitions are in none, some
 * tables are not either, and their rows stay.
 */
export function isSureOf(
  { engine }: Project,
  writer: Pick<LiveWriter, "isAtomic">,
  statement: Statement | undefined,
): boolean {
  if (!engine.transactionalDdl || statement === undefined) return false;
  const { control } = statement;
  return control === "begin" || control === undefined && writer.isAtomic(statement);
}

/** How many statements of a course, each such number, leave the live schema. The scratch database holds the state before it. */
export async function placesOf(
  project: Project,
  database: ScratchDatabase,
  { course, live }: { readonly course: Course; readonly live: Snapshot },
): Promise<readonly number[]> {
  const found: number[] = [];
  for (let done = 0; done <= course.length; done++) {
    if (done > 0 && !await course.run(database, { from: done - 1, to: done })) break;
    if (isSame(project, await inspect(project, database), live)) found.push(done);
  }
  return found;
}

/** What clears away that a failed statement left: only what is there too much, and holds no data; null where it is more than that. */
function remainderOf(
  project: Project,
  earlier: Snapshot,
  live: Snapshot,
): readonly string[] | null {
  const { statements } = project.engine.plan(live, earlier, {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion: project.version,
  });
  const isRemainder = statements.length > 0 &&
    changesIn(project, earlier, live).every(({ op }) => op === "create") &&
    statements.every(({ destroys }) => destroys === undefined);
  return isRemainder ? statements.map(({ sql }) => sql) : null;
}
