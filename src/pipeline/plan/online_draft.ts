/** A planner's draft as one that lets others read and write meanwhile. */

import type { MeasuredStatement } from "../../core/measured.ts";
import type { Draft, Hints } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement, Statement } from "../../core/statement.ts";
import type { OnlineContext } from "../../engines/engine.ts";
import { sendsWithoutTransaction } from "../../formats/mod.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import { note, type Project } from "../project.ts";
import { changesIn } from "../scratch/changes.ts";
import { inspect } from "../scratch/snapshot.ts";
import { runPlanned } from "./way.ts";

/** Between which states the draft leads. */
export interface OnlineGap {
  readonly database: ScratchDatabase;
  readonly start: Checkpoint;
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly hints: Hints;
  /** Statements that stay as they are; none when absent. */
  readonly kept?: ReadonlySet<PlannedStatement>;
}

/** The same draft where the engine has no such form, and where that form does not lead to the same state, which a note says. */
export async function onlineDraft(project: Project, gap: OnlineGap, draft: Draft): Promise<Draft> {
  const { engine } = project;
  if (engine.online === undefined) {
    note(
      project,
      `${engine.dialect} has no online form of any statement: safety = "online" changes nothing`,
    );
    return draft;
  }
  const { database, start, before, target } = gap;
  await database.rewind(start);
  const up = await directionOnline(project, gap, {
    statements: draft.up,
    from: before,
    to: target,
    undoes: null,
  });
  if (up === null) return draft;
  const after = await inspect(project, database);
  const down = await directionOnline(project, gap, {
    statements: draft.down,
    from: after,
    to: before,
    undoes: up,
  });
  if (down === null) return draft;
  if (!engine.transactionalDdl) return { ...draft, up, down };
  const mirrored = mirroring(up, down);
  await database.rewind(start);
  const works = await runPlanned(project, database, up, "none") === null &&
    await runPlanned(project, database, mirrored, "none") === null &&
    changesIn(project, await inspect(project, database), before).length === 0;
  return { ...draft, up, down: works ? mirrored : down };
}

/** DOWN in such an order that what undoes the end of UP comes first, so that both can be cut in the same places. */
function mirroring(
  up: readonly PlannedStatement[],
  down: readonly PlannedStatement[],
): readonly PlannedStatement[] {
  const places = down.map(({ serves }) =>
    up.findLastIndex((statement) => statement.serves.some((id) => serves.includes(id)))
  );
  // What undoes nothing by its name stays with what stands behind it.
  for (let at = places.length - 2; at >= 0; at--) {
    if (places[at] === -1) places[at] = places[at + 1] ?? -1;
  }
  return down.map((statement, at) => ({ statement, place: places[at] ?? -1 }))
    .toSorted((a, b) => b.place - a.place).map(({ statement }) => statement);
}

interface OneWay {
  readonly statements: readonly PlannedStatement[];
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly undoes: readonly PlannedStatement[] | null;
}

/** The statements of a direction; the database holds the state before them, and then the one behind. Null where they do not lead there. */
async function directionOnline(
  project: Project,
  { database, hints, kept = new Set() }: OnlineGap,
  { statements, from, to, undoes }: OneWay,
): Promise<readonly PlannedStatement[] | null> {
  const { engine, format, config } = project;
  const here = await database.checkpoint();
  const measured = await measure(project, database, statements);
  await database.rewind(here);
  const context: OnlineContext = {
    from,
    to,
    deployedVersion: project.version,
    lockTimeout: config.lockTimeout,
    files: sendsWithoutTransaction(format.name, engine.dialect),
    measured,
    kept,
    undoes,
  };
  const list = await engine.online?.(statements, context) ?? statements;
  const failure = await runPlanned(project, database, list, "none");
  if (failure !== null) {
    note(project, `Written in the plain form, since the online one fails: ${failure.message}`);
    return null;
  }
  const reached = await inspect(project, database);
  if (changesIn(project, reached, to).length === 0) return list;
  const { statements: planned } = engine.plan(reached, to, {
    ...hints,
    answers: new Map(),
    renames: [],
    dropAdd: true,
  });
  const rest = planned.map((one): PlannedStatement =>
    one.transactional ? { ...one, transactional: false, ownTransaction: true } : one
  );
  const all = [...list, ...rest];
  const left = await runPlanned(project, database, rest, "none");
  if (left === null && changesIn(project, await inspect(project, database), to).length === 0) {
    return all;
  }
  note(project, "Written in the plain form, since the online one does not lead to the same schema");
  return null;
}

/** What each statement does, where that decides its form; empty where it does not run. */
async function measure(
  project: Project,
  database: ScratchDatabase,
  statements: readonly PlannedStatement[],
): Promise<readonly (MeasuredStatement | null)[]> {
  const { engine } = project;
  if (engine.transactionalDdl || engine.measure === undefined) return [];
  const measuring = await engine.measure(database);
  const out: (MeasuredStatement | null)[] = [];
  for (const { sql } of statements) {
    const [statement, ...others] = engine.split(`${sql};`);
    if (statement === undefined || others.length > 0) return [];
    out.push(await measuredOne(database, measuring, statement));
  }
  return out;
}

async function measuredOne(
  database: ScratchDatabase,
  measuring: { begin(s: Statement): Promise<void>; end(s: Statement): Promise<MeasuredStatement> },
  statement: Statement,
): Promise<MeasuredStatement> {
  await measuring.begin(statement);
  await database.exec(statement.sql);
  return await measuring.end(statement);
}
