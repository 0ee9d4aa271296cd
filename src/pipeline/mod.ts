/** What aim does, in the order of the README: snapshot, diff, plan, verify, write. */

import type { Answer, Choice, Hints, Rename, Snapshot } from "../schema.ts";
import type { DiffOutcome, GenerateOutcome, ValidateOutcome } from "../outcome.ts";
import { changesBetween } from "../changes.ts";
import { UsageError } from "../errors.ts";
import type { Model, Usage } from "../models/model.ts";
import { type Refutation, refutationOf } from "../models/prompts/feedback.ts";
import type { Database, Server } from "../runtimes/runtime.ts";
import { annotatedRenames } from "./annotations.ts";
import { spelledRenames } from "./spelled_renames.ts";
import { differenceBetween } from "./diff.ts";
import { planDraft, type PlanInput, type Planned } from "./plan.ts";
import { type Project, readSources, type Sources, startServer } from "./project.ts";
import { askModel, previewModel, tryDraft } from "./ask_model.ts";
import { unreadable } from "./run_in_session.ts";
import { lastFile, replayHistory, snapshotSchema } from "./snapshot.ts";
import { createHistoryDatabase } from "./scratch.ts";
import { walkHistory } from "./validate.ts";
import type { Bench } from "./verify.ts";

export type { Outside } from "./bounds.ts";
export { globIn } from "./files.ts";
export {
  type AllowsOutside,
  openProject,
  outsideOf,
  prepareServer,
  type Project,
  readSources,
  type Sources,
  startServer,
} from "./project.ts";

/** How choices are settled and what is done with the result. */
export interface GenerateOptions {
  /** Name of the migration; from its changes when absent. */
  readonly name?: string;
  /** Prove but do not write. */
  readonly dryRun: boolean;
  /** Stated answers by choice id. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Stated renames. */
  readonly renames: readonly Rename[];
  /** What an unanswered rename becomes: drop and add, a question, or the end with outcome `undecided`. */
  readonly onAmbiguity: "drop-add" | "ask" | "fail";
  /** Asks a person; gives answers by choice id, or null to leave them open. Needed for `ask`. */
  readonly ask?: (choices: readonly Choice[]) => Promise<ReadonlyMap<string, Answer> | null>;
  /** Opens the model that does what the planner cannot; absent for the planner alone. */
  readonly openModel?: () => Promise<Model>;
  /** Say what would be sent to the model, send nothing and write nothing. */
  readonly showPrompt?: boolean;
}

/** Compares the replayed history with the schema. */
export async function diff(project: Project): Promise<DiffOutcome> {
  const sources = await readSources(project);
  await using server = await startServer(project, sources);
  return await diffOn(project, server, sources);
}

/** `diff` of sources that are already read, on a server that is already started; for many projects in one process. */
export async function diffOn(
  project: Project,
  server: Server,
  sources: Sources,
): Promise<DiffOutcome> {
  const { snapshot: schema, start } = await snapshotSchema(project, server, sources);
  const replayed = await replayHistory(project, server, sources, start);
  await using _database = replayed.database;
  const { changes, text, reordered } = differenceIn(project, replayed.snapshot, schema);
  return {
    outcome: changes.length === 0 ? "in-sync" : "differs",
    changes,
    text,
    columnOrderOnly: changes.length === 0 && reordered.length > 0,
    reordered,
    runtime: server.runtime,
    version: server.version,
    notes: [...project.notes],
  };
}

/** Plans the way from the history to the schema, proves it in both directions, and writes it when it is proven. */
export async function generate(
  project: Project,
  options: GenerateOptions,
): Promise<GenerateOutcome> {
  if (writes(options)) {
    const { recover } = await import("./write_proven.ts");
    await recover(project);
  }
  const sources = await readSources(project);
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
  const { snapshot: target, start: begun } = await snapshotSchema(project, server, sources);
  const replayed = await replayHistory(project, server, sources, begun);
  await using database = replayed.database;
  try {
    return await generateFrom(project, options, { ...replayed, server, sources, target });
  } catch (error) {
    throw unreadable(error, database, lastFile(project, sources));
  }
}

/** Where a migration begins, and what it is to reach. */
interface Gap {
  readonly server: Server;
  readonly sources: Sources;
  /** Holds the history. */
  readonly database: Database;
  readonly snapshot: Snapshot;
  readonly target: Snapshot;
}

async function generateFrom(
  project: Project,
  options: GenerateOptions,
  { server, sources, database, snapshot: before, target }: Gap,
): Promise<GenerateOutcome> {
  const strictOrder = project.config.columnOrder === "strict";
  const changes = changesBetween(before, target, { strictOrder });
  const none: GenerateOutcome = {
    outcome: "in-sync",
    changes,
    draft: null,
    proof: null,
    choices: [],
    findings: [],
    files: [],
    written: false,
    next: null,
    usage: NO_USAGE,
    notes: [],
  };
  if (changes.length === 0) return { ...none, notes: [...project.notes] };
  if (writes(options)) refuseReadOnly(project);

  const start = await database.checkpoint();
  const stated = [...options.renames, ...annotatedRenames(project.engine, sources.schema)];
  const renames = spelledRenames(stated, { before, target, nameKey: project.engine.nameKey });
  const hints: Hints = {
    answers: options.answers,
    renames,
    dropAdd: options.onAmbiguity === "drop-add",
    strictOrder,
    deployedVersion: project.version,
  };
  const input = { database, start, before, target, changes, hints };
  const bench = { server, database, start, before, target };
  const byModel = (planned: Planned | null, refuted: Refutation | null) =>
    finishByModel(project, none, { sources, bench, input, planned, refuted, options });
  if (project.config.generator === "model") return await byModel(null, null);
  const planned = await settle(project, input, options);
  const { choices } = planned;
  if (planned.draft === null) {
    if (options.openModel !== undefined) return await byModel(planned, null);
    return { ...none, outcome: "undecided", choices, notes: [...project.notes] };
  }

  const draft = options.name === undefined
    ? planned.draft
    : { ...planned.draft, name: options.name };
  const trial = await tryDraft(project, draft, { sources, bench, choices, provenance: "planner" });
  const { proof, files, proven } = trial;
  if (!proven && options.openModel !== undefined) {
    return await byModel({ ...planned, draft }, refutationOf(proof));
  }
  const outcome = { ...none, draft, proof, choices, files };
  return await finished(project, { options, sources, outcome, proven });
}

/** Throws UsageError, with the reason, for a format that is only read. */
function refuseReadOnly({ format }: Project): void {
  if (format.writes) return;
  throw new UsageError(`Cannot write migrations in the format "${format.name}"`, {
    code: "read-only-format",
    hint: `${format.readOnly ?? "It is only read"}; aim generate --dry-run prints the SQL`,
  });
}

interface ModelTurn {
  readonly sources: Sources;
  readonly bench: Bench;
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
  if (options.openModel === undefined) {
    throw new UsageError("Cannot generate by a model: none is set", {
      code: "no-model",
      hint: "Pass --model, or leave --generator at auto",
    });
  }
  const { sources } = turn;
  const model = await options.openModel();
  const task = { ...turn, model, ...(options.name === undefined ? {} : { name: options.name }) };
  if (options.showPrompt) {
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
  const made = await askModel(project, task);
  const { outcome, draft, choices, usage, result, ...rest } = made;
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
    const { writeProven } = await import("./write_proven.ts");
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

/** Proves every migration of the history, and the end of it against the schema. */
export async function validate(project: Project): Promise<ValidateOutcome> {
  const sources = await readSources(project);
  await using server = await startServer(project, sources);
  return await validateOn(project, server, sources);
}

/** `validate` of sources that are already read, on a server that is already started. */
export async function validateOn(
  project: Project,
  server: Server,
  sources: Sources,
): Promise<ValidateOutcome> {
  const schema = sources.schema.length === 0
    ? null
    : await snapshotSchema(project, server, { schema: sources.schema, before: sources.before });
  await using database = await createHistoryDatabase(project, server, sources);
  const walk = await walkHistory(project, database, sources.history.migrations);
  const drift = schema === null || walk.end === null
    ? null
    : differenceIn(project, walk.end, schema.snapshot);
  const bad = walk.verdicts.some((verdict) =>
    verdict.up === "error" || verdict.down === "error" || verdict.down === "differs" ||
    verdict.again === "error" || verdict.again === "differs"
  );
  const differs = drift !== null && drift.changes.length > 0;
  return {
    outcome: bad || differs ? "invalid" : "valid",
    migrations: walk.verdicts,
    schema: drift === null ? "none" : differs ? "differs" : "in-sync",
    changes: drift?.changes ?? [],
    text: drift?.text ?? "",
    runtime: server.runtime,
    version: server.version,
    statements: walk.statements,
    notes: [...project.notes],
  };
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

function differenceIn(project: Project, before: Snapshot, after: Snapshot) {
  const strictOrder = project.config.columnOrder === "strict";
  return differenceBetween(project.engine, before, after, { strictOrder });
}
