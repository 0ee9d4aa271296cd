/** The end of an expansion: what else the schema wants of the new columns, then the old ones go. */

import { type Answer, ASSUME_EMPTY } from "../../core/choice.ts";
import { DatabaseError, UsageError } from "../../core/error.ts";
import type { Expansion } from "../../core/expansion.ts";
import type { Draft } from "../../core/plan.ts";
import type { SchemaObject } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import { onlineDraft } from "../plan/online_draft.ts";
import { planDraft } from "../plan/plan_draft.ts";
import type { Project } from "../project.ts";
import { changesIn } from "../scratch/changes.ts";
import { inspect } from "../scratch/snapshot.ts";
import { type Ground, type Made, marked, nameOf, run, serving } from "./ground.ts";

const SWAP = "step:contract";

/** The old columns go once all else is as the schema says. */
export async function contracted(project: Project, ground: Ground): Promise<Made> {
  const { expanding, expansion, database, before, target, hints, start } = ground;
  const swap = serving(SWAP, marked("contract", expansion, expanding.swap(expansion)));
  await database.rewind(start);
  await swapOn(database, swap);
  const swapped = await inspect(project, database);
  // What the swap takes away stays until then.
  const kept = new Map<string, SchemaObject>(target.objects);
  const isGone = expansion.move?.old.follows === true;
  const isFirst = expansion.kind !== "type" && !isGone;
  if (isFirst) {
    for (const [id, object] of before.objects) {
      if (!swapped.objects.has(id)) kept.set(id, object);
    }
  }
  const middle = { ...target, objects: kept };
  const from = isFirst ? before : swapped;
  const to = isFirst ? middle : target;
  const at = isFirst ? start : await database.checkpoint();
  await database.rewind(at);
  const input = {
    database,
    start: at,
    before: from,
    target: to,
    changes: changesIn(project, from, to),
  };
  const rest = await planDraft(project, {
    ...input,
    hints: { ...hints, answers: new Map([...hints.answers, ...filled(expansion)]) },
  });
  if (rest.draft === null) {
    throw new UsageError("Cannot contract: what else the schema changes has open questions", {
      code: "expand",
      hint: "run `aim generate` for the rest first, or answer with --answer or --assume-empty",
    });
  }
  await database.rewind(start);
  const up = isFirst ? [...rest.draft.up, ...swap] : [...swap, ...rest.draft.up];
  await run(database, up);
  const reached = await inspect(project, database);
  const unswap = expanding.unswap(expansion);
  // Of a table that went, all that was in it is planned; then it gets its rows.
  const rows = isGone ? unswap : [];
  const columns = isGone ? [] : unswap;
  const back = isFirst ? columns : [...rest.draft.down, ...columns];
  await run(database, back);
  const left = project.engine.plan(
    await inspect(project, database),
    isFirst ? middle : before,
    { ...hints, assumeEmpty: "policy", answers: new Map() },
  ).statements;
  const undone = serving(SWAP, [...columns, ...left, ...rows]);
  const draft: Draft = {
    author: "planner",
    name: nameOf("contract", expansion),
    up,
    down: isFirst ? [...undone, ...rest.draft.down] : [...rest.draft.down, ...undone],
    reversible: "column-order",
    notes: [],
  };
  // The way back fills all rows at once, so it is one transaction.
  const gap = { database, start, before, target: reached, hints, kept: new Set(undone) };
  const made = await onlineDraft(project, gap, draft);
  await database.rewind(start);
  await project.engine.rows.seed(database);
  if (project.engine.reset !== "") await database.exec(project.engine.reset);
  for (const sql of expanding.align(expansion)) await database.exec(sql);
  const alike = await database.checkpoint();
  const fault = await lossOf(database, project, { expansion, draft: made });
  return { draft: made, reached, fault, filled: alike };
}

/** Throws UsageError where something still stands on what is to go. */
async function swapOn(
  database: ScratchDatabase,
  swap: readonly PlannedStatement[],
): Promise<void> {
  try {
    await run(database, swap);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new UsageError(`Cannot contract: ${error.message}`, {
      code: "expand",
      hint:
        "what stands on the old side goes first, by `aim generate` with a schema that keeps that side",
    });
  }
}

/** The backfill answers what becomes of rows without a value in the new columns: there are none. */
function filled(
  { table, kind, old, fresh, move }: Expansion,
): readonly (readonly [string, Answer])[] {
  // Rows of another table may have no row of the old one to get a value from.
  const isFull = move === undefined ||
    move.fresh.follows && old.every(({ isRequired }) => isRequired);
  const names = fresh.flatMap(({ name, isRequired }, at) =>
    isRequired && isFull ? [kind === "type" ? old[at]?.name ?? name : name] : []
  );
  return names.map((name) => [
    `fill:${move?.fresh.table ?? table}.${name}`,
    { option: ASSUME_EMPTY, by: "policy" },
  ]);
}

/** What UP and DOWN make of the values of the old columns; null where DOWN restores them. */
async function lossOf(
  database: ScratchDatabase,
  { engine }: Project,
  { expansion, draft }: { readonly expansion: Expansion; readonly draft: Draft },
): Promise<string | null> {
  const { table, key, old, move } = expansion;
  const id = `table:${table}`;
  // A row made for another gets a key anew, and has values in these columns: without any it is no row there.
  const isMade = move?.old.follows === true;
  const known = isMade ? move.old.joined : key;
  const look = async () => {
    const { tables } = await engine.rows.observe(database, new Set([id]), "rows");
    const seen = tables.get(id);
    const places = [...known, ...old.map(({ name }) => name)].map((name) =>
      seen?.columns.findIndex(({ key }) => key === name) ?? -1
    );
    const told = seen?.rows.filter((row) =>
      !isMade || places.slice(known.length).some((at) => row[at] !== null)
    );
    return told?.map((row) => JSON.stringify(places.map((at) => row[at]))).sort() ?? [];
  };
  const had = await look();
  try {
    await run(database, draft.up);
    await run(database, draft.down);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return `Rows do not let it through: ${error.message}`;
  }
  const has = await look();
  return had.join() === has.join() ? null : "DOWN does not restore the values of the old columns";
}
