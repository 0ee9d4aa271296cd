/** The questions of a plan, asked until they are settled: before it is tried, and again where rows are in its way. */

import type { Answer, Choice } from "../../core/choice.ts";
import type { Draft, Hints } from "../../core/plan.ts";
import { type TrialSettings, type Tried, tryDraft } from "../model/try_draft.ts";
import { planDraft, type PlanInput, type Planned } from "../plan/plan_draft.ts";
import { rowsChoice } from "../plan/rows_choice.ts";
import { note, type Project } from "../project.ts";
import type { GenerateOptions } from "./options.ts";
import type { Task } from "./task.ts";

/** Plans, and asks for what is open until it is settled or nobody answers. */
export async function settle(
  project: Project,
  input: PlanInput,
  options: GenerateOptions,
): Promise<Planned> {
  let hints = input.hints;
  for (;;) {
    const planned = await planDraft(project, { ...input, hints });
    const open = planned.choices.filter((choice) => choice.answer === null);
    if (open.length === 0 || options.ask === undefined || options.onAmbiguity !== "ask") {
      return planned;
    }
    const answers = await options.ask(open);
    if (answers === null || !open.some((choice) => answers.has(choice.id))) return planned;
    hints = { ...hints, answers: new Map([...hints.answers, ...answers]) };
  }
}

/** A draft that was tried, and what was asked about it. */
interface TriedOverRows {
  readonly trial: Tried;
  readonly choices: readonly Choice[];
}

/** Tries a planner's draft; where rows are in its way and nobody was asked about them, that is asked, and it is tried without them. */
async function tryOverRows(
  project: Project,
  { draft, asked, settings, hints, options }: {
    readonly draft: Draft;
    readonly asked: readonly Choice[];
    readonly settings: Omit<TrialSettings, "choices">;
    readonly hints: Hints;
    readonly options: GenerateOptions;
  },
): Promise<TriedOverRows> {
  const { before, target } = settings.proofInput;
  for (let choices = asked;;) {
    const trial = await tryDraft(project, draft, { ...settings, choices });
    const choice = rowsChoice(trial.proof, { before, target, hints, asked: choices });
    if (choice === null) return { trial, choices };
    const answer = choice.answer ?? await answerFrom(choice, options);
    choices = [...choices, { ...choice, answer }];
    if (answer === null) return { trial, choices };
  }
}

/** What the user says to a question; null when nobody is asked or nothing is said. */
async function answerFrom(
  choice: Choice,
  { ask, onAmbiguity }: GenerateOptions,
): Promise<Answer | null> {
  if (ask === undefined || onAmbiguity !== "ask") return null;
  return (await ask([choice]))?.get(choice.id) ?? null;
}

/** A plan that was tried. */
export interface TriedPlan extends TriedOverRows {
  /** The draft with the name that was wished for. */
  readonly named: Draft;
}

/** Proves what was planned; where the online form is not proven, the plain one. */
export async function tryPlanned(
  project: Project,
  options: GenerateOptions,
  { planned, task }: { readonly planned: Planned & { readonly draft: Draft }; readonly task: Task },
): Promise<TriedPlan> {
  const { gap, hints, proofInput } = task;
  const { name = planned.draft.name } = options;
  const named = { ...planned.draft, name };
  const settings = { sources: gap.sources, proofInput, provenance: "planner" as const };
  const asked = planned.choices;
  const tryIt = (draft: Draft) => tryOverRows(project, { draft, asked, settings, hints, options });
  const tried = await tryIt(named);
  if (tried.trial.proven || planned.plain === undefined) return { ...tried, named };
  note(project, `Written in the plain form: the online one is not proven`);
  return { ...await tryIt({ ...planned.plain, name }), named };
}
