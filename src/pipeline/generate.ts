/** `aim generate`: the migration that closes the difference, proven in both directions. */

import { type Answer, ASSUME_EMPTY, type Choice, type Rename } from "../core/choice.ts";
import type { DataMigration } from "../core/data_migration.ts";
import type { Draft, Hints } from "../core/plan.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { GenerateOutcome } from "../core/outcome.ts";
import { UsageError } from "../core/error.ts";
import type { Model, Usage } from "../models/model.ts";
import { type Refutation, refutationOf } from "../models/prompts/feedback.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../runtimes/runtime.ts";
import { annotatedRenames } from "./plan/annotations.ts";
import { candidateFindings } from "./findings.ts";
import { noteLineEnds } from "./plan/difference.ts";
import { spelledRenames } from "./plan/spelled_renames.ts";
import { withUnsaid } from "./orm/keep_unsaid.ts";
import { refuseEmptied } from "./plan/emptied.ts";
import { planDraft, type PlanInput, type Planned } from "./plan/plan_draft.ts";
import { rowsChoice, withoutRowAnswers } from "./plan/rows_choice.ts";
import { note, type Project } from "./project.ts";
import { readSources, type Sources } from "./sources.ts";
import { readSeeds } from "./files/seeds.ts";
import { startServer } from "./serve.ts";
import { type TrialSettings, type Tried, tryDraft } from "./model/try_draft.ts";
import { changesIn } from "./scratch/changes.ts";
import { unreadable } from "./scratch/run_in_session.ts";
import { lastFile, replayHistory, snapshotSchema } from "./scratch/snapshot.ts";
import type { ProofInput } from "./scratch/passage.ts";

/** How choices are settled and what is done with the result. */
export interface GenerateOptions {
  /** Name of the migration; from its changes when absent. */
  readonly name?: string;
  /** Prove but do not write. */
  readonly dryRun: boolean;
  /** Stated answers by choice id. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Who said that no row is in the way of a change, so that choices about rows count as answered; absent where nobody did. */
  readonly assumeEmpty?: Answer["by"];
  /** Stated renames. */
  readonly renames: readonly Rename[];
  /** What an unanswered rename becomes: drop and add, a question, or the end with outcome `undecided`. */
  readonly onAmbiguity: "drop-add" | "ask" | "fail";
  /** Asks the user; gives answers by choice id, or null to leave them open. Needed for `ask`. */
  readonly ask?: (choices: readonly Choice[]) => Promise<ReadonlyMap<string, Answer> | null>;
  /** Opens the model that does what the planner cannot; absent for the planner alone. */
  readonly openModel?: () => Promise<Model>;
  /** Drop everything when the schema is empty and the history is not; an error when absent. */
  readonly allowEmptySchema?: boolean;
  /** Statements that move rows on the way. */
  readonly data?: DataMigration;
  /** What rows are to move, in words, for a model to write the statements. */
  readonly move?: string;
  /** Say what would be sent to the model, send nothing and write nothing. */
  readonly showPrompt?: boolean;
  /** Lint what is proven, whether it is written or not. */
  readonly lint?: boolean;
}

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
  const strictOrder = project.config.columnOrder === "strict";
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
  const stated = [...options.renames, ...annotatedRenames(project.engine, sources.schema)];
  const renames = spelledRenames(stated, { before, target, nameKey: project.engine.nameKey });
  const hints: Hints = {
    answers: options.answers,
    renames,
    dropAdd: options.onAmbiguity === "drop-add",
    ...(options.assumeEmpty === undefined ? {} : { assumeEmpty: options.assumeEmpty }),
    strictOrder,
    generatedNames: project.config.generatedNames,
    constraintNames: project.config.constraintNames,
    deployedVersion: project.version,
  };
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
  const linted = proven && options.lint === true
    ? await (await import("./lint/lint_proven.ts")).lintProven(project, {
      server,
      sources,
      migrations,
      ...keepsDatabase
        ? {
          proof: {
            database,
            start,
            before,
            target,
            after: reached,
            fitsRows: proof.rows?.refused.length === 0 && proof.rows.seeded === proof.rows.tables &&
              !choices.some(({ answer }) => answer?.option === ASSUME_EMPTY),
          },
        }
        : {},
    })
    : {};
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

function noModel(): UsageError {
  return new UsageError("Cannot generate by a model: none is set", {
    code: "no-model",
    hint: "Pass --model, or leave --generator at auto",
  });
}

/** The outcome of a run that made nothing. */
export function nothingGenerated({ notes }: Project): GenerateOutcome {
  return {
    outcome: "in-sync",
    changes: [],
    draft: null,
    proof: null,
    choices: [],
    findings: [],
    files: [],
    written: false,
    next: null,
    usage: NO_USAGE,
    notes: [...notes],
  };
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
): Promise<{ readonly trial: Tried; readonly choices: readonly Choice[] }> {
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

/** Throws UsageError, with the reason, for a format that is only read. */
export function refuseReadOnly({ format }: Project): void {
  if (format.writes) return;
  throw new UsageError(`Cannot write migrations in the format "${format.name}"`, {
    code: "read-only-format",
    hint: `${format.readOnly ?? "It is only read"}; aim generate --dry-run prints the SQL`,
  });
}

interface ModelTurn {
  readonly sources: Sources;
  readonly proofInput: ProofInput;
  readonly input: PlanInput;
  readonly planned: Planned | null;
  readonly refuted: Refutation | null;
  readonly options: GenerateOptions;
}

/** Hands what the planner left over to the model. */
async function finishByModel(
  project: Project,
  none: GenerateOutcome,
  { options, ...turn }: ModelTurn,
): Promise<GenerateOutcome> {
  if (options.openModel === undefined) throw noModel();
  const { sources } = turn;
  const model = await options.openModel();
  const task = { ...turn, model, ...(options.name === undefined ? {} : { name: options.name }) };
  if (options.showPrompt) {
    const { previewModel } = await import("./model/ask_model.ts");
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
  const { askModel } = await import("./model/ask_model.ts");
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

/** Writes what is proven. */
async function finished(
  project: Project,
  { options, sources, outcome, proven }: {
    readonly options: GenerateOptions;
    readonly sources: Sources;
    readonly outcome: GenerateOutcome;
    readonly proven: boolean;
  },
): Promise<GenerateOutcome> {
  const { config, format } = project;
  const written = proven && writes(options);
  if (written) {
    const { writeProven } = await import("./files/write_proven.ts");
    await writeProven(project, sources, outcome.files);
  }
  return {
    ...outcome,
    outcome: proven ? "proven" : "unproven",
    written,
    next: proven ? format.apply(config.migrations) : null,
    notes: [...project.notes],
  };
}

function writes({ dryRun, showPrompt }: GenerateOptions): boolean {
  return !dryRun && !showPrompt;
}

/** Plans, and asks for what is open until it is settled or nobody answers. */
async function settle(
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

const NO_USAGE: Usage = {
  calls: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  seconds: 0,
  cost: 0,
};
