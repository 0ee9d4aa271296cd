/** `aim runbook`: one migration as instructions for whoever runs it, from what was measured and proven. */

import { UsageError } from "../core/error.ts";
import type { RunbookOutcome, RunbookStep, Stop } from "../core/outcome.ts";
import { stateAfter } from "./apply/rehearse.ts";
import { phasesIn } from "./expand/status.ts";
import { lintOn } from "./lint.ts";
import type { LintSelection } from "./lint/select.ts";
import { examinedTransactions } from "./lint/examine.ts";
import type { Migration } from "../formats/format.ts";
import type { ScratchDatabase, Server } from "../runtimes/runtime.ts";
import { folderOf, type Project, runOptions } from "./project.ts";
import { createHistoryDatabase } from "./scratch/create_database.ts";
import { runInSession } from "./scratch/run_in_session.ts";
import { ScriptFailure, statementsOf } from "./scratch/run_script.ts";
import { stopsOf } from "./scratch/stops.ts";
import { walkHistory } from "./scratch/walk_history.ts";
import { readHistoryAlone, type Sources } from "./sources.ts";
import { startServer } from "./serve.ts";

/** Measures a migration, proves its DOWN, and says what to do. Throws UsageError where there is none. */
export async function runbook(
  project: Project,
  selection: LintSelection,
  sample: number | null = null,
): Promise<RunbookOutcome> {
  const sources = await readHistoryAlone(project);
  const { migrations } = sources.history;
  if (migrations.length === 0) {
    throw new UsageError("Cannot write a runbook: there is no migration", {
      code: "no-migration",
      hint: "aim generate makes one",
    });
  }
  await using server = await startServer(project, sources);
  const linted = await lintOn(project, server, sources, { selection, sample });
  const [found] = linted.migrations;
  const index = migrations.findIndex(({ version, name }) =>
    version === found?.version && name === found.name
  );
  const migration = migrations[index];
  if (found === undefined || migration === undefined) {
    throw new UsageError("Cannot write a runbook: the migrations before it do not run", {
      code: "no-migration",
      hint: "aim validate says which",
    });
  }
  await using database = await createHistoryDatabase(project, server, sources);
  const walk = await walkHistory(project, database, {
    migrations: migrations.slice(0, index + 1),
  });
  const twice = await secondRun(project, database, migration);
  const options = { engine: project.engine, folder: folderOf(project) };
  const transactions = project.engine.transactionalDdl
    ? examinedTransactions(migration.up, statementsOf(migration.up, options))
    : found.statements.map(() => null);
  const keptBefore = (at: number) =>
    transactions.slice(0, at).filter((number) => number === null || number !== transactions[at])
      .length;
  const counts = new Set(
    found.statements.map((_, at) => keptBefore(at)).filter((kept) => kept > 0),
  );
  const stops = counts.size === 0
    ? NO_STOPS
    : await stopsAt(project, { server, sources, migration, counts }, migrations.slice(0, index));
  const steps = found.statements.map((statement, at): RunbookStep => ({
    ...statement,
    findings: found.findings.filter(({ place }) =>
      place?.line === statement.place.line && place.column === statement.place.column
    ),
    // What ran before it and was made to stay.
    kept: keptBefore(at),
    ...stopOf(stops, keptBefore(at)),
  }));
  return {
    outcome: "ok",
    version: migration.version,
    name: migration.name,
    steps,
    phases: phasesIn(migration.up.text),
    down: migration.down === null
      ? []
      : statementsOf(migration.down, options).map(({ sql }) => sql),
    twice,
    verdict: walk.verdicts.at(-1)?.down ?? "missing",
    apply: project.format.apply(project.config.migrations),
    runtime: server.runtime,
    server: server.version,
    notes: [...project.notes],
  };
}

/** Runs UP in the state that it left. */
async function secondRun(
  project: Project,
  database: ScratchDatabase,
  { up }: Migration,
): Promise<RunbookOutcome["twice"]> {
  const once = await project.engine.fingerprint(database);
  try {
    await runInSession(project, database, up, runOptions(project, folderOf(project)));
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    return { state: "fails", statement: error.index + 1, message: error.reason.message };
  }
  return { state: await project.engine.fingerprint(database) === once ? "same" : "other" };
}

function stopOf(stops: ReadonlyMap<number, Stop>, kept: number): { readonly stop?: Stop } {
  const stop = stops.get(kept);
  return stop === undefined ? {} : { stop };
}

const NO_STOPS: ReadonlyMap<number, Stop> = new Map();

/** Stops the migration on the state that those before it leave. */
async function stopsAt(
  project: Project,
  { server, sources, migration, counts }: {
    readonly server: Server;
    readonly sources: Sources;
    readonly migration: Migration;
    readonly counts: ReadonlySet<number>;
  },
  earlier: readonly Migration[],
): Promise<ReadonlyMap<number, Stop>> {
  await using state = await stateAfter(project, server, sources, earlier);
  return await stopsOf(project, state, migration, counts);
}
