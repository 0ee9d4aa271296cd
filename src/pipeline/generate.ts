/** `aim generate`: the migration that closes the difference, proven in both directions. */

import { ASSUME_EMPTY } from "../core/choice.ts";
import type { GenerateOutcome } from "../core/outcome.ts";
import { type Refutation, refutationOf } from "../models/prompts/feedback.ts";
import type { Checkpoint, Server } from "../runtimes/runtime.ts";
import { candidateFindings } from "./findings.ts";
import { readSeeds } from "./files/seeds.ts";
import { finishByModel, noModel } from "./generate/by_model.ts";
import { finished, nothingGenerated, refuseReadOnly } from "./generate/finished.ts";
import { type GenerateOptions, writes } from "./generate/options.ts";
import { settle, type TriedPlan, tryPlanned } from "./generate/settle.ts";
import { type Gap, type Task, taskOf } from "./generate/task.ts";
import { withUnsaid } from "./orm/keep_unsaid.ts";
import { noteLineEnds } from "./plan/difference.ts";
import { refuseEmptied } from "./plan/emptied.ts";
import type { Planned } from "./plan/plan_draft.ts";
import type { Project } from "./project.ts";
import { changesIn } from "./scratch/changes.ts";
import { unreadable } from "./scratch/run_in_session.ts";
import { lastFile, replayHistory, snapshotSchema } from "./scratch/snapshot.ts";
import { startServer } from "./serve.ts";
import { readSources, type Sources } from "./sources.ts";

/** Plans the way from the history to the schema, proves it in both directions, and writes it when it is proven. */
export async function generate(
  project: Project,
  options: GenerateOptions,
): Promise<GenerateOutcome> {
  if (writes(options)) {
    const { recover } = await import("./files/write_proven.ts");
    await recover(project);
  }
  const sources = { ...await readSources(project), seeds: await readSeeds(project) };
  await using server = await startServer(project, sources);
  return await generateOn(project, server, sources, options);
}

/** `generate` of sources that are already read, on a server that is already started. */
export async function generateOn(
  project: Project,
  server: Server,
  sources: Sources,
  options: GenerateOptions,
): Promise<GenerateOutcome> {
  const { snapshot: wanted, start: begun } = await snapshotSchema(project, server, sources);
  const replayed = await replayHistory(project, server, sources, begun);
  await using database = replayed.database;
  const target = await withUnsaid(project, replayed.snapshot, wanted);
  try {
    const outcome = await generateFrom(project, options, { ...replayed, server, sources, target });
    const { choices, proof } = outcome;
    const isProven = outcome.outcome === "proven";
    const found = candidateFindings(project, sources, { choices, proof, isProven });
    return { ...outcome, findings: [...outcome.findings, ...found] };
  } catch (error) {
    throw unreadable(error, database, lastFile(project, sources));
  }
}

/** Plans the way over a gap and proves it; written when it is proven, unless it is a dry run. */
export async function generateFrom(
  project: Project,
  options: GenerateOptions,
  gap: Gap,
): Promise<GenerateOutcome> {
  const { database, snapshot: before, target, sources } = gap;
  noteLineEnds(project, before, target);
  const changes = changesIn(project, before, target);
  const none: GenerateOutcome = { ...nothingGenerated(project), changes, notes: [] };
  if (options.allowEmptySchema !== true) {
    refuseEmptied(project, { before, target, schema: sources.schema });
  }
  if (changes.length === 0) return { ...none, notes: [...project.notes] };
  if (writes(options)) refuseReadOnly(project);

  const start = await database.checkpoint();
  if (options.move !== undefined && options.data === undefined) {
    return await moved(project, { ...options, move: options.move }, { gap, none, start });
  }
  const task = taskOf(project, options, { gap, changes, start });
  const { input, proofInput } = task;
  const byModel = (planned: Planned | null, refuted: Refutation | null) =>
    finishByModel(project, none, { sources, proofInput, input, planned, refuted, options });
  if (project.config.generator === "model") return await byModel(null, null);
  const planned = await settle(project, input, options);
  const { draft } = planned;
  if (draft === null) {
    const { choices } = planned;
    if (options.openModel !== undefined) return await byModel(planned, null);
    return { ...none, outcome: "undecided", choices, notes: [...project.notes] };
  }

  const tried = await tryPlanned(project, options, { planned: { ...planned, draft }, task });
  const { trial, choices, named } = tried;
  const { proof, files, proven } = trial;
  if (!proven && options.openModel !== undefined) {
    return await byModel({ ...planned, draft: named }, refutationOf(proof));
  }
  const linted = proven && options.lint === true ? await lintOf(project, task, tried) : {};
  const { data } = options;
  const outcome = {
    ...none,
    draft: trial.draft,
    proof,
    choices,
    files,
    ...data === undefined ? {} : { data },
    ...linted,
  };
  return await finished(project, { options, sources, outcome, proven });
}

/** The findings of lint in what was proven. */
async function lintOf(
  project: Project,
  { gap, proofInput, reached }: Task,
  { trial, choices }: TriedPlan,
): Promise<Pick<GenerateOutcome, "linted">> {
  const { lintProven } = await import("./lint/lint_proven.ts");
  const { proof, migrations, keepsDatabase } = trial;
  const { server, sources } = gap;
  const { database, start, before, target } = proofInput;
  const fitsRows = proof.rows?.refused.length === 0 && proof.rows.seeded === proof.rows.tables &&
    !choices.some(({ answer }) => answer?.option === ASSUME_EMPTY);
  const ground = { database, start, before, target, after: reached(), fitsRows };
  return await lintProven(project, {
    server,
    sources,
    migrations,
    ...keepsDatabase ? { proof: ground } : {},
  });
}

/** Lets a model write what moves rows; written when it is proven. */
async function moved(
  project: Project,
  options: GenerateOptions & { readonly move: string },
  { gap, none, start }: {
    readonly gap: Gap;
    readonly none: GenerateOutcome;
    readonly start: Checkpoint;
  },
): Promise<GenerateOutcome> {
  const { openModel, ...plain } = options;
  if (openModel === undefined) throw noModel();
  const { moveByModel } = await import("./data/model_data.ts");
  const outcome = await moveByModel(project, none, {
    model: await openModel(),
    wanted: options.move,
    before: gap.snapshot,
    target: gap.target,
    server: `${project.engine.dialect} ${gap.server.version}`,
    prove: async (data) => {
      await gap.database.rewind(start);
      return await generateFrom(project, { ...plain, data, dryRun: true }, gap);
    },
  });
  if (outcome.outcome !== "proven") return outcome;
  return await finished(project, { options, sources: gap.sources, outcome, proven: true });
}
