/** Changes to a draft with no model: renames first, then the rest from what the database really holds, then the way back. */

import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { type Change, changesBetween } from "../../core/change.ts";
import type { Choice, Rename } from "../../core/choice.ts";
import type { Draft, Hints, Plan } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement, Reversible } from "../../core/statement.ts";
import { goesBy } from "../../core/name.ts";
import { migrationName } from "./migration_name.ts";
import { withAuthoredText } from "./authored_text.ts";
import { passingValues } from "../scratch/passing_values.ts";
import { onlineDraft } from "./online_draft.ts";
import { plannedSession } from "./planned_session.ts";
import { note, type Project } from "../project.ts";
import { runInSession } from "../scratch/run_in_session.ts";
import { ScriptFailure } from "../scratch/run_script.ts";
import { changesIn, namedAs } from "../scratch/changes.ts";
import { inspect } from "../scratch/snapshot.ts";
import {
  checkRenames,
  follow,
  isMootDrop,
  renameError,
  renamesBack,
  stuckRenames,
  valuesBack,
  valuesIn,
} from "./requested_renames.ts";
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
    const { draft, choices, runs } = await planFrom(project, started);
    if (draft === null) return { draft, choices };
    const plain = session.written(draft);
    if (project.config.safety !== "online" || !runs) return { draft: plain, choices };
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
): Promise<Planned & { readonly runs: boolean }> {
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
    return { draft: null, choices, runs: false };
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
    : await planWay(project, database, after, before, backHints);
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
  return { draft, choices, runs: after !== null };
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

interface Way {
  /** Those of the renames, then the others. */
  readonly statements: readonly PlannedStatement[];
  /** How many of them belong to the renames. */
  readonly renaming: number;
  readonly choices: readonly Choice[];
  readonly applied: readonly Rename[];
  /** What the database held before the first rename, between them and after the last. */
  readonly states: readonly Snapshot[];
}

/** Plans UP, and again with the whole ids of answers that were stated by short ones: only a plan tells which choices there are. */
async function planAnswered(
  project: Project,
  { database, before, target, start, hints: stated }: PlanInput,
): Promise<{ readonly way: Way; readonly hints: Hints }> {
  const { nameKey } = project.engine;
  let hints = stated;
  for (let round = 0;; round++) {
    await database.rewind(start);
    const way = await planWay(project, database, before, target, hints);
    const answers = fullAnswers({ answers: hints.answers, choices: way.choices, nameKey });
    const isNew = [...answers].some(([id, answer]) => hints.answers.get(id) !== answer);
    hints = { ...hints, answers };
    if (!isNew || round === MOST_ROUNDS) return { way, hints };
  }
}

/** How many rounds of renames there can be: a schema, its tables, their columns, what is called after them. */
const MOST_ROUNDS = 8;

/** Renames round by round, each run and read back, then the plan of the rest. The database must hold `from`. */
async function planWay(
  project: Project,
  database: ScratchDatabase,
  from: Snapshot,
  to: Snapshot,
  hints: Hints,
): Promise<Way> {
  const { engine } = project;
  const statements: PlannedStatement[] = [];
  const choices = new Map<string, Choice>();
  const applied: Rename[] = [];
  const states = [from];
  let current = from;
  let stated = hints.renames;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const plan = engine.renames(current, to, { ...hints, renames: stated });
    for (const choice of plan.choices) choices.set(choice.id, choice);
    if (plan.choices.some((choice) => choice.answer === null)) {
      const renaming = statements.length;
      return { statements, renaming, choices: [...choices.values()], applied, states };
    }
    if (plan.statements.length === 0) break;
    const failure = await runPlanned(project, database, plan.statements);
    if (failure !== null) {
      const wanted = plan.applied.find(({ by }) => by !== "policy");
      if (wanted === undefined || hints.isDown === true) break;
      throw renameError(wanted, failure.message);
    }
    statements.push(...plan.statements);
    applied.push(...plan.applied);
    stated = stated.map((rename) => plan.applied.reduce(follow, rename));
    current = await inspect(project, database);
    states.push(current);
  }
  const plan = await planOn(project, database, current, to, { ...hints, renames: stated });
  for (const choice of plan.choices) choices.set(choice.id, choice);
  return {
    statements: [...statements, ...plan.statements],
    renaming: statements.length,
    choices: [...choices.values()],
    applied,
    states,
  };
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

/** Plans, asks the database what the plan would know of it, and plans again where that is not the usual. */
async function planOn(
  { engine }: Project,
  database: ScratchDatabase,
  from: Snapshot,
  to: Snapshot,
  hints: Hints,
): Promise<Plan> {
  const plan = engine.plan(from, to, hints);
  const { questions = [] } = plan;
  if (questions.length === 0) return plan;
  return engine.plan(from, to, { ...hints, values: await passingValues(database, questions) });
}

/** Statements as they can be run, and whether they can. */
interface Runnable {
  readonly statements: readonly PlannedStatement[];
  readonly runs: boolean;
}

/** Goes back to `start`, runs `first` and then the statements; those that the server refuses are relaxed where that is known to help. */
async function makeRunnable(
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

function mayRelax({ engine }: Project): (statement: PlannedStatement) => boolean {
  return (statement) => (engine.relax?.(statement) ?? null) !== null;
}

/** Runs planned statements, in one transaction where all of them may be in one; gives the failure of one. */
async function runPlanned(
  project: Project,
  database: ScratchDatabase,
  statements: readonly PlannedStatement[],
): Promise<ScriptFailure | null> {
  const text = statements.map((statement) => `${statement.sql};\n`).join("");
  const together = statements.every(({ transactional }) => transactional);
  const transaction = together ? "auto" as const : "none" as const;
  const script = { file: "plan", text, transaction };
  try {
    await runInSession(project, database, script, {
      engine: project.engine,
      emit: () => {},
      signal: project.signal,
      folder: "",
      note: (words) => note(project, words),
    });
    return null;
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    return error;
  }
}

/** The statements that make a schema in a fresh database, in an order that works. */
export async function planFresh(
  project: Project,
  server: Server,
  target: Snapshot,
): Promise<readonly PlannedStatement[]> {
  await using database = await server.create();
  const start = await database.checkpoint();
  const { statements } = project.engine.plan(await inspect(project, database), target, {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion: project.version,
  });
  return (await makeRunnable(project, database, [], statements, start)).statements;
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
