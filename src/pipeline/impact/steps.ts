/** What changes, with the states before and after it at hand: of a migration, of the way to the schema, or of nothing but the tables. */

import type { Operation } from "../../core/operation.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Migration } from "../../formats/format.ts";
import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import type { Target } from "../../usage/target.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import { createDatabase, createHistoryDatabase } from "../scratch/create_database.ts";
import { KeptSession } from "../scratch/kept_session.ts";
import { loadSchema } from "../scratch/load_schema.ts";
import { runInSession } from "../scratch/run_in_session.ts";
import { ScriptFailure, statementsOf } from "../scratch/run_script.ts";
import { scriptError } from "../scratch/script_error.ts";
import { inspect, label, replayHistory, snapshotSchema } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";
import { type Refusals, refusalsOf } from "./check_queries.ts";
import { renamesOfDiff, type StatedRenames } from "./diff_renames.ts";
import { everyTable, targetsOf } from "./targets.ts";

/** A change, with both states at hand. */
export interface Step extends AsyncDisposable {
  readonly targets: readonly Target[];
  readonly migration: string | null;
  readonly after: Snapshot;
  /** Prepares queries on both states; the state before comes first. */
  refusals(
    forms: readonly string[],
  ): Promise<{ readonly before: Refusals; readonly after: Refusals }>;
}

const NOTHING: Refusals = new Map();

/** The step that one migration makes: the database before it stands. Throws UsageError for one before it that fails. */
export async function migrationStep(
  project: Project,
  server: Server,
  sources: Sources,
  index: number,
): Promise<Step> {
  const { engine } = project;
  const { migrations } = sources.history;
  const migration = migrations[index];
  if (migration === undefined) throw new Error("No such migration");
  const database = await createHistoryDatabase(project, server, sources);
  const session = new KeptSession(engine);
  for (const earlier of migrations.slice(0, index)) await run(project, database, earlier, session);
  const before = await inspect(project, database);
  const start = await database.checkpoint();
  await run(project, database, migration, session);
  const after = await inspect(project, database, { after: folderOf(project) + migration.up.file });
  const targets = targetsOf(engine, {
    before,
    after,
    operations: await operationsOf(project, migration),
  });
  return {
    targets,
    migration: label(migration),
    after,
    refusals: async (forms) => {
      const check = engine.queryCheck;
      if (check === undefined || forms.length === 0) return { before: NOTHING, after: NOTHING };
      const later = await refusalsOf(project, check, database, forms);
      await database.rewind(start);
      return { before: await refusalsOf(project, check, database, forms), after: later };
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

async function operationsOf(project: Project, { up }: Migration): Promise<readonly Operation[]> {
  const { engine } = project;
  const found: Operation[] = [];
  for (const { sql } of statementsOf(up, { engine, folder: folderOf(project) })) {
    found.push(...await engine.operations?.(sql) ?? []);
  }
  return found;
}

async function run(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  session: KeptSession,
): Promise<void> {
  try {
    const options = runOptions(project, folderOf(project));
    await runInSession(project, database, migration.up, options, session);
  } catch (error) {
    throw error instanceof ScriptFailure ? scriptError(project, "replay", error) : error;
  }
}

/** The step from the history to the schema. */
export async function diffStep(
  project: Project,
  server: Server,
  sources: Sources,
  stated: StatedRenames,
): Promise<Step> {
  const { engine } = project;
  const { snapshot: after } = await snapshotSchema(project, server, {
    schema: sources.schema,
    before: sources.before,
  });
  const { database, snapshot: before } = await replayHistory(project, server, sources, null);
  const { schema } = sources;
  const operations = await renamesOfDiff(project, database, { before, after, schema, stated });
  const targets = targetsOf(engine, { before, after, operations });
  return {
    targets,
    migration: null,
    after,
    refusals: async (forms) => {
      const check = engine.queryCheck;
      if (check === undefined || forms.length === 0) return { before: NOTHING, after: NOTHING };
      const earlier = await refusalsOf(project, check, database, forms);
      await using schema = await createDatabase(project, server, sources);
      await loadSchema(project, schema, sources.schema, 0);
      return { before: earlier, after: await refusalsOf(project, check, schema, forms) };
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** No step: every table with its columns, to say who uses what. */
export async function mapStep(project: Project, server: Server, sources: Sources): Promise<Step> {
  const { database, snapshot } = await replayHistory(project, server, sources, null);
  return {
    targets: everyTable(project.engine, snapshot),
    migration: null,
    after: { ...snapshot, objects: new Map() },
    refusals: () => Promise.resolve({ before: NOTHING, after: NOTHING }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
