/** The first phases of an expansion: the columns, what keeps them alike, and the backfill. */

import type { Draft } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { onlineDraft } from "../plan/online_draft.ts";
import { note, type Project } from "../project.ts";
import { inspect } from "../scratch/snapshot.ts";
import { apart, type Ground, type Made, marked, nameOf, run, serving } from "./ground.ts";
import { roomFor } from "./room.ts";
import { tryTwoClients } from "./two_clients.ts";

/** The columns, what keeps them alike, and the backfill. */
export async function expanded(project: Project, ground: Ground): Promise<Made> {
  const { expanding, expansion, database, start, before } = ground;
  const room = roomFor(expansion, before, ground.target);
  const add = marked("add", expansion, [
    ...between(project, ground, before, room),
    ...expanding.add(expansion),
  ]);
  const backfill = apart(marked("backfill", expansion, expanding.backfill(expansion)));
  const { fault, rows } = await tryTwoClients(project, database, expansion, {
    start,
    add,
    backfill,
  });
  if (fault === null) {
    note(project, `Old and new code wrote ${rows} made rows between the phases, and read the same`);
  }
  const [first] = backfill;
  const undone: readonly PlannedStatement[] = first === undefined ? [] : [{
    sql: expanding.nothing,
    comment: "Nothing to undo: what was filled is kept alike",
    serves: [BACKFILL],
    reason: first.reason,
    transactional: true,
  }];
  await database.rewind(start);
  await run(database, [...add, ...expanding.remove(expansion)]);
  const removed = [
    ...expanding.remove(expansion),
    ...between(project, ground, await inspect(project, database), before),
  ];
  // One transaction, as its UP is.
  const back = serving("step:add", removed);
  const draft: Draft = {
    author: "planner",
    name: nameOf("expand", expansion),
    up: [...serving("step:add", add), ...serving(BACKFILL, backfill)],
    down: [...undone, ...apart(back)],
    reversible: "exact",
    notes: [],
  };
  await database.rewind(start);
  await run(database, draft.up);
  const reached = await inspect(project, database);
  const gap = {
    database,
    start,
    before,
    target: reached,
    hints: ground.hints,
    kept: new Set(draft.down),
  };
  return { draft: await onlineDraft(project, gap, draft), reached, fault };
}

/** What leads from one schema to another while nobody has to say anything about rows. */
function between(
  { engine }: Project,
  { hints }: Ground,
  from: Snapshot,
  to: Snapshot,
): readonly PlannedStatement[] {
  return engine.plan(from, to, { ...hints, assumeEmpty: "policy", answers: new Map() }).statements;
}

const BACKFILL = "step:backfill";
