/** `aim generate`: the migration that closes the difference, proven in both directions. */

import { ASSUME_EMPTY } from "../core/choice.ts";
import type { Draft, Hints } from "../core/plan.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { GenerateOutcome } from "../core/outcome.ts";
import { type Refutation, refutationOf } from "../models/prompts/feedback.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../runtimes/runtime.ts";
import { candidateFindings } from "./findings.ts";
import { readSeeds } from "./files/seeds.ts";
import { finishByModel, noModel } from "./generate/by_model.ts";
import { finished, nothingGenerated, refuseReadOnly } from "./generate/finished.ts";
import { type GenerateOptions, writes } from "./generate/options.ts";
import { settle, tryOverRows } from "./generate/settle.ts";
import { withUnsaid } from "./orm/keep_unsaid.ts";
import { annotatedRenames } from "./plan/annotations.ts";
import { noteLineEnds } from "./plan/difference.ts";
import { refuseEmptied } from "./plan/emptied.ts";
import type { Planned } from "./plan/plan_draft.ts";
import { withoutRowAnswers } from "./plan/rows_choice.ts";
import { spelledRenames } from "./plan/spelled_renames.ts";
import { note, type Project } from "./project.ts";
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

/** Where a migration begins, and what it is to reach. */
export interface Gap {
  readonly server: Server;
  readonly sources: Sources;
  /** Holds the history. */
  readonly database: ScratchDatabase;
  readonly snapshot: Snapshot;
  readonly target: Snapshot;
  /** What the history leaves to the session. */
  readonly searchPath: string | null;
}

/** Plans the way over a gap and proves it; written when it is proven, unless it is a dry run. */
export async function generateFrom(
  project: Project,
  options: GenerateOptions,
  { server, sources, database, snapshot: before, target, searchPath }: Gap,
): Promise<GenerateOutcome> {
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
    const gap = { server, sources, database, snapshot: before, target, searchPath };
    return await moved(project, { ...options, move: options.move }, { gap, none, start });
  }
  const hints = hintsFor(project, options, { before, target, sources });
  const scripts = {
    schema: sources.schema.map(({ text }) => text),
    history: sources.history.migrations.map(({ up }) => up.text),
  };
  const { data } = options;
  const input = {
    database,
    start,
    before,
    target,
    changes,
    hints: withoutRowAnswers(hints),
    ...data === undefined ? {} : { data },
    scripts,
  };
  let reached: Snapshot | null = null;
  const proofInput = {
    server,
    database,
    start,
    before,
    target,
    searchPath,
    checks: data?.checks ?? [],
    isMoving: data !== undefined,
    onUp: (snapshot: Snapshot) => {
      reached = snapshot;
    },
  };
  const byModel = (planned: Planned | null, refuted: Refutation | null) =>
    finishByModel(project, none, { sources, proofInput, input, planned, refuted, options });
  if (project.config.generator === "model") return await byModel(null, null);
  const planned = await settle(project, input, options);
  if (planned.draft === null) {
    const { choices } = planned;
    if (options.openModel !== undefined) return await byModel(planned, null);
    return { ...none, outcome: "undecided", choices, notes: [...project.notes] };
  }

  const draft = options.name === undefined
    ? planned.draft
    : { ...planned.draft, name: options.name };
  const tryIt = (draft: Draft) =>
    tryOverRows(project, {
      draft,
      asked: planned.choices,
      settings: { sources, proofInput, provenance: "planner" },
      hints,
      options,
    });
  let tried = await tryIt(draft);
  if (!tried.trial.proven && planned.plain !== undefined) {
    note(project, `Written in the plain form: the online one is not proven`);
    tried = await tryIt({ ...planned.plain, name: draft.name });
  }
  const { trial, choices } = tried;
  const { proof, files, proven, migrations, keepsDatabase } = trial;
  if (!proven && options.openModel !== undefined) {
    return await byModel({ ...planned, draft }, refutationOf(proof));
  }
  const { lintProven } = proven && options.lint === true
    ? await import("./lint/lint_proven.ts")
    : { lintProven: null };
  const fitsRows = proof.rows?.refused.length === 0 && proof.rows.seeded === proof.rows.tables &&
    !choices.some(({ answer }) => answer?.option === ASSUME_EMPTY);
  const ground = { database, start, before, target, after: reached, fitsRows };
  const linted = await lintProven?.(project, {
    server,
    sources,
    migrations,
    ...keepsDatabase ? { proof: ground } : {},
  });
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

/** What is said for the plan: by the user, by annotations in the schema, by the settings. */
function hintsFor(
  { engine, config, version }: Project,
  { answers, renames, onAmbiguity, assumeEmpty }: GenerateOptions,
  { before, target, sources }: Pick<Gap, "target" | "sources"> & { readonly before: Snapshot },
): Hints {
  const stated = [...renames, ...annotatedRenames(engine, sources.schema)];
  return {
    answers,
    renames: spelledRenames(stated, { before, target, nameKey: engine.nameKey }),
    dropAdd: onAmbiguity === "drop-add",
    ...(assumeEmpty === undefined ? {} : { assumeEmpty }),
    strictOrder: config.columnOrder === "strict",
    generatedNames: config.generatedNames,
    constraintNames: config.constraintNames,
    deployedVersion: version,
  };
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
