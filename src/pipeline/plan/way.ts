/** The way from one schema to another, planned step by step on a database that takes the steps. */

import type { Choice, Rename } from "../../core/choice.ts";
import type { Hints, Plan } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import { note, type Project } from "../project.ts";
import { passingValues } from "../scratch/passing_values.ts";
import { runInSession } from "../scratch/run_in_session.ts";
import { ScriptFailure } from "../scratch/run_script.ts";
import { inspect } from "../scratch/snapshot.ts";
import { follow, renameError } from "./requested_renames.ts";

/** Statements, and how they were come by. */
export interface Way {
  /** Those of the renames, then the others. */
  readonly statements: readonly PlannedStatement[];
  /** How many of them belong to the renames. */
  readonly renaming: number;
  readonly choices: readonly Choice[];
  readonly applied: readonly Rename[];
  /** What the database held before the first rename, between them and after the last. */
  readonly states: readonly Snapshot[];
  /** The schema in which rows move in batches, so that each part of the way is a migration of its own; absent where they move in one go. */
  readonly middle?: Snapshot;
}

/** How many rounds of renames there can be: a schema, its tables, their columns, what is called after them. */
export const MOST_ROUNDS = 8;

/** Renames that were carried out, and where that led. */
export interface Renamed extends Omit<Way, "renaming"> {
  /** What was stated and is still to be done, by the names that things have now. */
  readonly stated: readonly Rename[];
  /** True where a choice is not answered, and there may be more to rename. */
  readonly isOpen: boolean;
}

/** Renames round by round, each run and read back, then the plan of the rest. The database must hold `from`. */
export async function planWay(
  project: Project,
  database: ScratchDatabase,
  from: Snapshot,
  to: Snapshot,
  hints: Hints,
): Promise<Way> {
  const { isOpen, stated, ...renamed } = await planRenames(project, database, from, to, hints);
  const { statements, states } = renamed;
  const renaming = statements.length;
  if (isOpen) return { ...renamed, renaming };
  const current = states.at(-1) ?? from;
  const plan = await planOn(project, database, current, to, { ...hints, renames: stated });
  const choices = new Map([...renamed.choices, ...plan.choices].map((one) => [one.id, one]));
  return {
    ...renamed,
    statements: [...statements, ...plan.statements],
    renaming,
    choices: [...choices.values()],
  };
}

/** Renames round by round, each run and read back. The database must hold `from`. */
export async function planRenames(
  project: Project,
  database: ScratchDatabase,
  from: Snapshot,
  to: Snapshot,
  hints: Hints,
): Promise<Renamed> {
  const { engine } = project;
  const statements: PlannedStatement[] = [];
  const choices = new Map<string, Choice>();
  const applied: Rename[] = [];
  const states = [from];
  let current = from;
  let stated = hints.renames;
  const result = (isOpen: boolean) => ({
    statements,
    choices: [...choices.values()],
    applied,
    states,
    stated,
    isOpen,
  });
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const plan = engine.renames(current, to, { ...hints, renames: stated });
    for (const choice of plan.choices) choices.set(choice.id, choice);
    if (plan.choices.some((choice) => choice.answer === null)) return result(true);
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
  return result(false);
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

/** Runs planned statements, in one transaction where all of them may be in one and it is not said otherwise; gives the failure of one. */
export async function runPlanned(
  project: Project,
  database: ScratchDatabase,
  statements: readonly PlannedStatement[],
  transaction: "auto" | "none" = statements.every(({ transactional }) => transactional)
    ? "auto"
    : "none",
): Promise<ScriptFailure | null> {
  const text = statements.map((statement) => `${statement.sql};\n`).join("");
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
