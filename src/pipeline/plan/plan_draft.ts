/** Changes to a draft with no model: renames first, then the rest from what the database really holds, then the way back. */

import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import { type Change, changesBetween } from "../../core/change.ts";
import type { Choice } from "../../core/choice.ts";
import type { DataMigration } from "../../core/data_migration.ts";
import type { Draft, Hints } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement, Reversible } from "../../core/statement.ts";
import { goesBy } from "../../core/name.ts";
import { migrationName } from "./migration_name.ts";
import { withAuthoredText } from "./authored_text.ts";
import { onlineDraft } from "./online_draft.ts";
import { plannedSession } from "./planned_session.ts";
import { note, type Project } from "../project.ts";
import { changesIn, namedAs } from "../scratch/changes.ts";
import { inspect } from "../scratch/snapshot.ts";
import {
  checkRenames,
  isMootDrop,
  renamesBack,
  stuckRenames,
  valuesBack,
  valuesIn,
} from "./requested_renames.ts";
import { planDataWay } from "./data_way.ts";
import { makeRunnable, mayRelax, type Runnable } from "./runnable.ts";
import { MOST_ROUNDS, planWay, runPlanned, type Way } from "./way.ts";
import { deletedTable } from "../../sql/row_statement.ts";
import { checkAnswers, fullAnswers, withShortIds } from "./stated_answers.ts";

/** What is planned between. */
export interface PlanInput {
  readonly database: ScratchDatabase;
  /** The state in which the database holds `before`. */
  readonly start: Checkpoint;
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly changes: readonly Change[];
  readonly hints: Hints;
  /** Statements that move rows on the way. */
  readonly data?: DataMigration;
  /** They are not cut into batches, however large the table is. */
  readonly inOneGo?: boolean;
  /** What the target and `before` were made by, in order. */
  readonly scripts?: { readonly schema: readonly string[]; readonly history: readonly string[] };
}

/** A draft, or the choices that keep it open. */
export interface Planned {
  /** Null while a choice is open. */
  readonly draft: Draft | null;
  readonly choices: readonly Choice[];
  /** The same in the plain form, where `draft` has another one. */
  readonly plain?: Draft;
}

/**
 * Plans UP, runs it on the scratch database and plans DOWN from what it left.
 * Throws UsageError for a stated rename that cannot be applied.
 */
export async function planDraft(project: Project, input: PlanInput): Promise<Planned> {
  const session = await plannedSession(project, input);
  try {
    const started = { ...input, start: session.start };
    const { draft, choices, runs, isCut } = await planFrom(project, started);
    if (draft === null) return { draft, choices };
    const plain = session.written(draft);
    if (isCut) {
      const whole = await planFrom(project, { ...started, inOneGo: true });
      return whole.draft === null
        ? { draft: plain, choices }
        : { draft: plain, choices, plain: session.written(whole.draft) };
    }
    if (project.config.safety !== "online" || !runs) return { draft: plain, choices };
    if (input.data !== undefined) {
      note(project, "Written in the plain form: statements that move rows are among it");
      return { draft: plain, choices };
    }
    const online = await onlineDraft(project, started, draft);
    return online === draft
      ? { draft: plain, choices }
      : { draft: session.written(online), choices, plain };
  } finally {
    session.end();
  }
}

async function planFrom(
  project: Project,
  input: PlanInput,
): Promise<Planned & { readonly runs: boolean; readonly isCut: boolean }> {
  const { emit } = project;
  const { database, before, target } = input;
  const start = performance.now();
  emit({ type: "stage", stage: "plan", state: "start", text: "planning" });
  const { way, hints } = await planAnswered(project, input);
  const open = way.choices.filter((choice) => choice.answer === null);
  checkRenames(hints.renames, { applied: way.applied, before, target, areOpen: open.length > 0 });
  const names = new Set([...before.objects.values()].map(({ name }) => name));
  const choices = withShortIds(way.choices, {
    isUnique: (name) => [...names].filter((known) => goesBy(known, name)).length <= 1,
    nameKey: project.engine.nameKey,
    isSchema: (name) => [before, target].some(({ objects }) => objects.has(`schema:${name}`)),
  });
  const unmet = checkAnswers({ answers: hints.answers, choices }, {
    lexicon: project.engine.lexicon,
    isMoot: (id, option) => isMootDrop(id, option, { states: way.states, target }),
  });
  for (const id of unmet) note(project, `--answer ${id} answers none of these choices`);
  const done = (text: string) =>
    emit({ type: "stage", stage: "plan", state: "done", text, ms: performance.now() - start });
  if (open.length > 0) {
    done(open.length === 1 ? "1 choice is open" : `${open.length} choices are open`);
    return { draft: null, choices, runs: false, isCut: false };
  }

  const planned = await tidied(project, database, way.statements, input.start);
  const after = planned.runs ? await inspect(project, database) : null;
  const up = after === null
    ? planned.statements
    : await inAuthorsText(project, input, planned.statements, { wanted: after, to: "schema" });
  const backHints: Hints = {
    ...hints,
    renames: [
      ...renamesBack(way.applied),
      ...valuesBack(valuesIn(hints.renames, way.applied, before, target), way.choices),
    ],
    answers: new Map(),
    dropAdd: true,
    isDown: true,
  };
  const back = after === null
    ? await planUnrunBack(project, input, way, backHints)
    : await planDataWay(project, database, {
      from: after,
      to: before,
      hints: backHints,
      sql: input.data?.down ?? [],
      keeps: "all",
      inOneGo: input.inOneGo === true,
      ...way.middle === undefined ? {} : { through: way.middle },
    });
  const backward = project.engine.tidy?.(back.statements) ?? back.statements;
  const relaxed = after !== null && back.statements.some(mayRelax(project))
    ? (await makeRunnable(project, database, up, backward, input.start)).statements
    : backward;
  const down = after === null
    ? relaxed
    : await inAuthorsText(project, input, relaxed, { first: up, wanted: before, to: "history" });
  const stuck = stuckRenames(way.applied, back.applied);
  const loss = [
    ...way.statements.flatMap((s) => s.destroys === undefined ? [] : [s.destroys]),
    ...stuck.map(({ kind, from }) => `what ${kind} ${from} holds`),
  ];
  const notes = [
    ...loss.map((what) => `DOWN cannot bring back ${what}`),
    ...way.statements.flatMap(({ failsOn }) => failsOn ?? []).map((what) =>
      `DOWN fails on new data: ${what.replaceAll(/\s+/g, " ")}`
    ),
  ];
  const draft: Draft = {
    author: "planner",
    name: migrationName(
      way.applied.length === 0
        ? input.changes
        : changesIn(project, way.states.at(-1) ?? before, target),
      way.applied,
    ),
    up,
    // Nothing goes back over DOWN.
    down: down.map(({ failsOn: _, ...statement }) => statement),
    reversible: worst(way.statements, stuck.length === 0 ? "exact" : "structure"),
    notes: [...new Set(notes)],
  };
  const count = up.length;
  done(`${count} ${count === 1 ? "statement" : "statements"} up, ${down.length} down`);
  return { draft, choices, runs: after !== null, isCut: way.middle !== undefined };
}

/** The statements in their authors' text where it leaves the same; the database then holds what they leave. */
async function inAuthorsText(
  project: Project,
  { database, start, scripts }: PlanInput,
  statements: readonly PlannedStatement[],
  { first = [], wanted, to }: {
    readonly first?: readonly PlannedStatement[];
    readonly wanted: Snapshot;
    readonly to: "schema" | "history";
  },
): Promise<readonly PlannedStatement[]> {
  const run = async (list: readonly PlannedStatement[]) => {
    await database.rewind(start);
    if (first.length > 0) await runPlanned(project, database, first);
    return await runPlanned(project, database, list);
  };
  let runs = 0;
  const list = await withAuthoredText(project, statements, scripts?.[to] ?? [], async (one) => {
    runs++;
    const failure = await run(one);
    if (failure !== null) return failure.index;
    const left = await inspect(project, database);
    return changesBetween(left, namedAs(project, left, wanted), { strictOrder: true });
  });
  if (list === statements && runs > 0) await run(list);
  return list;
}

/** What a data migration keeps: with no way back nothing, and a model's all, as nobody agreed to a loss. */
function keepsOf(data: DataMigration | undefined): "nothing" | "named" | "all" {
  if (data?.by === "model" && data.up.every((sql) => deletedTable(sql) === null)) return "all";
  return data === undefined || data.down.length === 0 ? "nothing" : "named";
}

/** Plans UP, and again with the whole ids of answers that were stated by short ones: only a plan tells which choices there are. */
async function planAnswered(
  project: Project,
  { database, before, target, start, hints: stated, data, inOneGo }: PlanInput,
): Promise<{ readonly way: Way; readonly hints: Hints }> {
  const { nameKey } = project.engine;
  let hints = stated;
  for (let round = 0;; round++) {
    await database.rewind(start);
    const way = await planDataWay(project, database, {
      from: before,
      to: target,
      hints,
      sql: data?.up ?? [],
      keeps: keepsOf(data),
      inOneGo: inOneGo === true,
    });
    const answers = fullAnswers({ answers: hints.answers, choices: way.choices, nameKey });
    const isNew = [...answers].some(([id, answer]) => hints.answers.get(id) !== answer);
    hints = { ...hints, answers };
    if (!isNew || round === MOST_ROUNDS) return { way, hints };
  }
}

/**
 * The way back of an UP that the server refuses, so that no database is in the state that it would leave: UP's second part is planned
 * back from snapshot to snapshot, the renames on a database that has them.
 */
async function planUnrunBack(
  project: Project,
  { database, start, before, target }: PlanInput,
  { statements, renaming, states }: Way,
  hints: Hints,
): Promise<Way> {
  const renamed = states.at(-1) ?? before;
  const first = project.engine.plan(target, renamed, hints);
  await database.rewind(start);
  await runPlanned(project, database, statements.slice(0, renaming));
  const second = await planWay(project, database, renamed, before, hints);
  return {
    ...second,
    statements: [...first.statements, ...second.statements],
    renaming: 0,
    choices: [...first.choices, ...second.choices],
  };
}

/** Statements as written by hand, where those can be run as well as the planned ones. */
async function tidied(
  project: Project,
  database: ScratchDatabase,
  statements: readonly PlannedStatement[],
  start: Checkpoint,
): Promise<Runnable> {
  const tidy = project.engine.tidy?.(statements);
  if (tidy !== undefined) {
    const runnable = await makeRunnable(project, database, [], tidy, start);
    if (runnable.runs) return runnable;
  }
  return await makeRunnable(project, database, [], statements, start);
}

const ORDER: readonly Reversible[] = [
  "exact",
  "column-order",
  "fails-on-new-data",
  "structure",
  "none",
];

/** The least that any statement's way back can restore, and the way back as a whole. */
function worst(statements: readonly PlannedStatement[], whole: Reversible): Reversible {
  let at = ORDER.indexOf(whole);
  for (const statement of statements) {
    const least = statement.reversible ??
      (statement.destroys === undefined ? "exact" : "structure");
    const held = statement.failsOn === undefined ? "exact" : "fails-on-new-data";
    at = Math.max(at, ORDER.indexOf(least), ORDER.indexOf(held));
  }
  return ORDER[at] ?? "exact";
}
