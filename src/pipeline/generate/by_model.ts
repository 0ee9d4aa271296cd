/** What a model does of `aim generate`: what the planner leaves over. */

import { UsageError } from "../../core/error.ts";
import type { GenerateOutcome } from "../../core/outcome.ts";
import type { Refutation } from "../../models/prompts/feedback.ts";
import type { PlanInput, Planned } from "../plan/plan_draft.ts";
import type { Project } from "../project.ts";
import type { ProofInput } from "../scratch/passage.ts";
import type { Sources } from "../sources.ts";
import { finished } from "./finished.ts";
import type { GenerateOptions } from "./options.ts";

interface ModelTurn {
  readonly sources: Sources;
  readonly proofInput: ProofInput;
  readonly input: PlanInput;
  readonly planned: Planned | null;
  readonly refuted: Refutation | null;
  readonly options: GenerateOptions;
}

/** Hands what the planner left over to the model. */
export async function finishByModel(
  project: Project,
  none: GenerateOutcome,
  { options, ...turn }: ModelTurn,
): Promise<GenerateOutcome> {
  if (options.openModel === undefined) throw noModel();
  const { sources } = turn;
  const model = await options.openModel();
  const task = { ...turn, model, ...(options.name === undefined ? {} : { name: options.name }) };
  if (options.showPrompt) {
    const { previewModel } = await import("../model/ask_model.ts");
    const preview = await previewModel(project, task);
    const report = { name: model.name, prompts: [], attempts: 0, stop: null, message: null };
    return {
      ...none,
      outcome: "undecided",
      choices: turn.planned?.choices ?? [],
      model: { ...report, preview },
      notes: [...project.notes],
    };
  }
  const { askModel } = await import("../model/ask_model.ts");
  const made = await askModel(project, task);
  const { outcome, choices, usage, result, ...rest } = made;
  const draft = result?.draft ?? made.draft;
  const { prompts, attempts, stop, message } = rest;
  const report = { name: model.name, prompts, attempts, stop, message };
  const { proof, files } = result ?? { proof: null, files: [] };
  const all = { ...none, draft, proof, choices, files, usage, model: report };
  if (outcome === "undecided") return { ...all, outcome, files: [], notes: [...project.notes] };
  return await finished(project, {
    options,
    sources,
    outcome: all,
    proven: outcome === "proven",
  });
}

/** The error of a run that needs a model and has none. */
export function noModel(): UsageError {
  return new UsageError("Cannot generate by a model: none is set", {
    code: "no-model",
    hint: "Pass --model, or leave --generator at auto",
  });
}
