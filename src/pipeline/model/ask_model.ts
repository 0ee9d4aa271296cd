/** Puts the loop of a model to work on a project: what it may plan with, and who judges it. */

import { UsageError } from "../../core/error.ts";
import { isOlder, lackingFeatures } from "../../engines/version_features.ts";
import type { Migration } from "../../formats/format.ts";
import type { Model } from "../../models/model.ts";
import { policyFor } from "../../models/policy/mod.ts";
import { type Refutation, refutationOf } from "../../models/prompts/feedback.ts";
import type { Draft } from "../../core/plan.ts";
import type { Verdict } from "../../core/proof.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { generateByModel, previewOf } from "./draft_loop.ts";
import type { Generated, Generation, Judgement } from "./generation.ts";
import { statingLosses } from "./model_losses.ts";
import { migrationName } from "../plan/migration_name.ts";
import { type Trial, type TrialSettings, tryDraft } from "./try_draft.ts";
import { planDraft, type PlanInput, type Planned } from "../plan/plan_draft.ts";
import type { Project } from "../project.ts";
import type { Sources } from "../sources.ts";
import type { ProofInput } from "../scratch/passage.ts";
import { proveDownAlone } from "../scratch/verify.ts";

/** What the model takes over. */
export interface ModelTask {
  readonly model: Model;
  readonly sources: Sources;
  readonly proofInput: ProofInput;
  readonly input: PlanInput;
  /** What the planner has; null when the model is to write all of it. */
  readonly planned: Planned | null;
  /** Why the planner's draft was refuted, when it was. */
  readonly refuted: Refutation | null;
  /** Name of the migration; from its changes when absent. */
  readonly name?: string;
}

/** Lets the model decide, write and mend until a draft is proven. Throws ProviderError and UsageError. */
export async function askModel(project: Project, task: ModelTask): Promise<Generated<Trial>> {
  return await generateByModel(await generation(project, task));
}

/** The first request that `askModel` would send, exactly; null when it would send none. */
export async function previewModel(project: Project, task: ModelTask): Promise<string | null> {
  return await previewOf(await generation(project, task));
}

/** Proves a draft and, as far as a model wrote it, observes what it does to rows; what it destroys without a word is put into it. */
async function judgeDraft(
  project: Project,
  draft: Draft,
  settings: TrialSettings & { readonly input: PlanInput },
): Promise<Judgement<Trial>> {
  const trial = await tryDraft(project, draft, settings).catch((error) => {
    if (draft.author !== "model" || !(error instanceof UsageError)) throw error;
    return error;
  });
  if (trial instanceof UsageError) return { refutation: unwritable(trial), result: null };
  if (!trial.proven) {
    const alone = await downAlone(project, draft, { ...settings, trial });
    return { refutation: refutationOf(trial.proof, alone), result: trial };
  }
  const told = withLosses(project, trial.draft, settings);
  if (told === trial.draft) return { refutation: null, result: trial, draft: trial.draft };
  const stated = await tryDraft(project, told, settings);
  const refutation = stated.proven ? null : refutationOf(stated.proof);
  return { refutation, result: stated, draft: told };
}

/** A draft that the format cannot say is the model's to mend. */
function unwritable({ message }: UsageError): Refutation {
  return { stage: "parse", error: message, proven: "nothing" };
}

/** A model's draft with what its statements destroy, as they and the changes tell: rows may not have shown it. */
function withLosses(
  project: Project,
  draft: Draft,
  { proofInput, input }: Pick<ModelTask, "proofInput" | "input">,
): Draft {
  if (draft.author !== "model") return draft;
  const { engine: { lexicon, nameKey } } = project;
  return statingLosses(draft, input.changes, {
    before: proofInput.before,
    target: proofInput.target,
    planned: plainPlan(project, { proofInput, input }),
    reading: { lexicon, nameKey },
  });
}

/** The version that the migration must run on, where it is older than the one that proves. */
function deployedOn({ engine, version }: Project, { server }: ProofInput): Deployed {
  if (version === null || !isOlder(version, server.version)) return null;
  const lacking = lackingFeatures(engine.features, version);
  return { server: `${engine.dialect} ${version}`, lacking };
}

type Deployed = Generation<Trial>["deployed"];

/** How DOWN of a model's draft comes out from AFTER when UP does not lead there, so that one answer mends both. */
async function downAlone(
  project: Project,
  { author }: Draft,
  { proofInput, input, trial }: Pick<ModelTask, "proofInput" | "input"> & {
    readonly trial: Trial & { readonly migrations: readonly Migration[] };
  },
): Promise<Verdict | undefined> {
  const { proof: { up }, migrations: candidate } = trial;
  if (author !== "model" || !/error|differs/.test(up.state)) return undefined;
  if (candidate.some(({ down }) => down === null)) return undefined;
  const text = plainPlan(project, { proofInput, input }).map(({ sql }) => `${sql};\n`).join("");
  return await proveDownAlone(project, proofInput, { up: text, candidate });
}

/** The statements of a planner who knows of no rename and of no answer. */
function plainPlan(
  { engine }: Project,
  { proofInput: { before, target }, input: { hints } }: Pick<ModelTask, "proofInput" | "input">,
): readonly PlannedStatement[] {
  const plain = { ...hints, answers: new Map(), renames: [], dropAdd: true };
  return engine.plan(before, target, plain).statements;
}

async function generation(project: Project, task: ModelTask): Promise<Generation<Trial>> {
  const { config, engine, emit, signal } = project;
  const { model, sources, proofInput, input, planned, refuted } = task;
  const name = task.name ?? migrationName(input.changes, []);
  return {
    model,
    engine,
    server: `${engine.dialect} ${proofInput.server.version}`,
    deployed: deployedOn(project, proofInput),
    context: config.context,
    limits: {
      maxRetries: config.maxRetries,
      maxTokens: config.maxTokens,
      maxCostUsd: config.maxCostUsd,
    },
    before: proofInput.before,
    target: proofInput.target,
    changes: input.changes,
    name,
    likelyRenames: engine.renames(proofInput.before, proofInput.target, input.hints).choices
      .filter(({ kind }) => kind === "rename"),
    planned,
    refuted,
    plan: (answers) =>
      planDraft(project, {
        ...input,
        hints: { ...input.hints, answers: new Map([...input.hints.answers, ...answers]) },
      }),
    judge: async (draft, choices, prompt) => {
      const named = task.name === undefined ? draft : { ...draft, name: task.name };
      const provenance = `${prompt} by ${model.name}`;
      const settings = { sources, proofInput, input, choices, provenance };
      return await judgeDraft(project, named, settings);
    },
    policy: await policyFor(engine.dialect, engine.lexicon),
    emit,
    signal,
  };
}
