/** `aim report`: all that is known of a project's schema at this moment, for a page that people read. */

import type { Change } from "../core/change.ts";
import type { GenerateOutcome, LintOutcome, ValidateOutcome } from "../core/outcome.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { type Diagram, diagramOf } from "../diagram/diagram.ts";
import type { Server } from "../runtimes/runtime.ts";
import { readSeeds } from "./files/seeds.ts";
import { parseHistory } from "./files/read_sources.ts";
import { withReplayed } from "./replay/replay.ts";
import { generateOn } from "./generate.ts";
import type { GenerateOptions } from "./generate/options.ts";
import { lintOn } from "./lint.ts";
import { differenceIn } from "./plan/difference.ts";
import { folderOf, type Project, runOptions } from "./project.ts";
import { createHistoryDatabase } from "./scratch/create_database.ts";
import { KeptSession } from "./scratch/kept_session.ts";
import { runInSession } from "./scratch/run_in_session.ts";
import { ScriptFailure, statementsOf } from "./scratch/run_script.ts";
import { scriptError } from "./scratch/script_error.ts";
import { inspect, label, lastFile, snapshotSchema } from "./scratch/snapshot.ts";
import { startServer } from "./serve.ts";
import { readSources, type Sources } from "./sources.ts";
import { validateOn } from "./validate.ts";

/** A migration of the history and what it changed. */
export interface HistoryStep {
  readonly version: string;
  readonly name: string;
  readonly changes: readonly Change[];
  /** Unified diff of the canonical DDL. */
  readonly text: string;
}

/** What is known. */
export interface ReportOutcome {
  /** `in-sync`, or how the migration fares that is missing. */
  readonly outcome: GenerateOutcome["outcome"];
  /** From the migrations to the schema. */
  readonly changes: readonly Change[];
  readonly text: string;
  /** The migration that is missing; null when in sync. */
  readonly planned: GenerateOutcome | null;
  /** The last migration, where none is missing. */
  readonly last:
    | { readonly validated: ValidateOutcome; readonly down: readonly string[] }
    | null;
  /** What the planned migration, or the last one, does to a database in use; null where it was not measured. */
  readonly linted: LintOutcome | null;
  readonly steps: readonly HistoryStep[];
  /** How many steps before those are left out. */
  readonly earlier: number;
  /** The schema against the migrations; null for a dialect that is not drawn. */
  readonly diagram: Diagram | null;
  readonly runtime: string;
  readonly version: string;
  readonly notes: readonly string[];
}

/** Looks at everything. `steps` is how many of the last migrations are shown one by one. */
export async function report(
  project: Project,
  { steps: most, ...options }: Omit<GenerateOptions, "dryRun"> & { readonly steps: number },
): Promise<ReportOutcome> {
  const sources = { ...await readSources(project), seeds: await readSeeds(project) };
  await using server = await startServer(project, sources);
  const { schema, before } = sources;
  const { snapshot: target } = await snapshotSchema(project, server, { schema, before });
  const { steps, end } = await historySteps(project, server, sources, most);
  const { changes, text } = differenceIn(project, end, target);
  const planned = changes.length === 0
    ? null
    : await generateOn(project, server, sources, { ...options, dryRun: true });
  const last = planned === null ? await lastOf(project, server, sources) : null;
  const { shape } = project.engine;
  return {
    outcome: planned?.outcome ?? "in-sync",
    changes,
    text,
    planned,
    last,
    linted: await measured(project, server, sources, planned),
    steps,
    earlier: sources.history.migrations.length - steps.length,
    diagram: shape === undefined ? null : diagramOf(shape(target), shape(end)),
    runtime: server.runtime,
    version: server.version,
    notes: [...project.notes],
  };
}

async function historySteps(
  project: Project,
  server: Server,
  sources: Sources,
  most: number,
): Promise<{ readonly steps: readonly HistoryStep[]; readonly end: Snapshot }> {
  const { migrations } = sources.history;
  const { emit } = project;
  const begun = performance.now();
  emit({ type: "stage", stage: "history", state: "start", text: "replaying the migrations" });
  await using database = await createHistoryDatabase(project, server, sources);
  const session = new KeptSession(project.engine);
  const options = runOptions(project, folderOf(project));
  const first = Math.max(0, migrations.length - most);
  const steps: HistoryStep[] = [];
  let before: Snapshot | null = null;
  for (const [index, migration] of migrations.entries()) {
    if (index >= first) before ??= await inspect(project, database);
    try {
      await runInSession(project, database, migration.up, options, session);
    } catch (error) {
      throw error instanceof ScriptFailure ? scriptError(project, "replay", error) : error;
    }
    const total = migrations.length;
    emit({ type: "progress", stage: "history", done: index + 1, total, text: label(migration) });
    if (before === null) continue;
    const after: Snapshot = await inspect(project, database);
    const { version, name } = migration;
    const { changes, text } = differenceIn(project, before, after, ["before", "after"]);
    steps.push({ version, name, changes, text });
    before = after;
  }
  const end = before ?? await inspect(project, database, { after: lastFile(project, sources) });
  const text = `${migrations.length} migrations`;
  emit({ type: "stage", stage: "history", state: "done", text, ms: performance.now() - begun });
  return { steps, end };
}

async function lastOf(
  project: Project,
  server: Server,
  sources: Sources,
): Promise<ReportOutcome["last"]> {
  const last = sources.history.migrations.at(-1);
  if (last === undefined) return null;
  const validated = await validateOn(project, server, sources, { selection: { latest: 1 } });
  const options = { engine: project.engine, folder: folderOf(project) };
  const down = last.down === null ? [] : statementsOf(last.down, options).map(({ sql }) => sql);
  return { validated, down };
}

/** What the planned migration does when it is run, or the last one where nothing is missing. */
async function measured(
  project: Project,
  server: Server,
  sources: Sources,
  planned: GenerateOutcome | null,
): Promise<LintOutcome | null> {
  const { migrations } = sources.history;
  if (planned === null) {
    if (migrations.length === 0) return null;
    return await lintOn(project, server, sources, { selection: { latest: 1 } });
  }
  if (planned.outcome !== "proven" || planned.files.length === 0) return null;
  const paths = new Set(planned.files.map(({ path }) => path));
  const files = [...sources.files.filter(({ path }) => !paths.has(path)), ...planned.files];
  const { format, engine: { dialect, lexicon }, config } = project;
  const { settings } = sources;
  const again = parseHistory(files, {
    format,
    dialect,
    lexicon,
    folder: config.migrations,
    ...settings === undefined ? {} : { settings },
    keepsPrograms: true,
  });
  const history = withReplayed(again, sources.history);
  const added = history.migrations.length - migrations.length;
  if (added <= 0) return null;
  const selection = { latest: added };
  return await lintOn(project, server, { ...sources, files, history }, { selection });
}
