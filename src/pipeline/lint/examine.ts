/** One migration as rules see it: run on a scratch database, statement by statement, over rows. */

import type { MeasuredStatement } from "../../core/measured.ts";
import type { Operation } from "../../core/operation.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { TableShape } from "../../core/shape.ts";
import type { Statement } from "../../core/statement.ts";
import type { Measuring } from "../../engines/engine.ts";
import type { Migration, Script } from "../../formats/format.ts";
import { placeIn } from "../../formats/mod.ts";
import type { Deadlock, Examined, ExaminedStatement } from "../../rules/rule.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import { runInSession } from "../scratch/run_in_session.ts";
import { ScriptFailure, statementsOf } from "../scratch/run_script.ts";
import { isOneMessage, isWrapped } from "../scratch/script_transaction.ts";
import { inspect } from "../scratch/snapshot.ts";
import { type AtOnceInput, deadlocksOf } from "./at_once.ts";
import { typeChanges } from "./type_changes.ts";

/** A migration that was examined, and whether the history can go on from it. */
export interface Examination {
  readonly examined: Examined;
  readonly hasFailed: boolean;
}

/** What a proof knows of a migration already. */
export interface KnownEnds {
  /** The schema after it, as it was read there. */
  readonly after: Snapshot;
  /** Ids of the tables that it can touch. */
  readonly tables: ReadonlySet<string>;
  /** True where it ran over rows in all of them, and nothing was refused. */
  readonly fitsRows: boolean;
}

/** What is known of the state before a migration; what is absent is read, or made. */
export interface KnownBefore {
  readonly snapshot?: Snapshot;
  readonly start?: Checkpoint;
  readonly known?: KnownEnds;
}

/**
 * Runs UP of a migration on the state before it, with rows in the tables, and looks at every statement. Where rows refuse it, it is run
 * on empty tables as well, so that the history goes on. Afterwards the database holds the state after UP, as far as it came.
 */
export async function examine(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  { snapshot, start: begun, known }: KnownBefore = {},
): Promise<Examination> {
  const { engine } = project;
  const script = migration.up;
  const before = await shapeOf(project, database, snapshot);
  const start = begun ?? await database.checkpoint();
  const seeding = known === undefined ? {} : { tables: known.tables };
  const first = known?.fitsRows === true && engine.measure === undefined
    ? FITS
    : await watchOverRows(project, database, script, seeding);
  let second: Run | null = null;
  if (first.failure !== null) {
    await database.rewind(start);
    if (engine.reset !== "") await database.exec(engine.reset);
    second = await watch(project, database, script);
  }
  const last = second ?? first;
  const after = await shapeOf(project, database, last.failure === null ? known?.after : undefined);
  const types = await typeChanges(project, database, { script, start, before, after });
  const deadlocks = await deadlocksBeside(project, database, {
    start,
    script,
    run: last,
    seeding,
  });
  if (begun === undefined) database.forget?.(start);
  const folder = folderOf(project);
  const statements = statementsOf(script, { engine, folder });
  const transactions = examinedTransactions(script, statements);
  const examined = await Promise.all(statements.map(async (statement, index) => {
    const { file, line, column } = placeIn(script, statement.offset);
    const refused = first.failure ?? types.refusal;
    const refusal = refused?.index === index ? refused : null;
    const isRefusedByRows = refusal !== null && last.failure?.index !== index;
    return {
      sql: statement.sql,
      index,
      place: { file: folder + file, line, column },
      operations: await engine.operations?.(statement.sql) ?? [],
      measured: last.measured.get(index) ?? null,
      failure: refusal?.reason.message ?? null,
      isRefusedByRows,
      transaction: transactions[index] ?? null,
    } satisfies ExaminedStatement;
  }));
  return {
    examined: {
      dialect: engine.dialect,
      family: engine.dialect,
      version: majorOf(project.version),
      statements: examined,
      before,
      after,
      deadlocks,
      losses: types.losses.map((lost) => ({ ...lost, index: changing(examined, lost) })),
      policy: project.config.policy,
      hasDown: migration.down !== null || project.format.forwardOnly === true ||
        migration.version === "",
      isWrapped: script.transaction !== "none",
      nameKey: engine.nameKey,
    },
    hasFailed: last.failure !== null,
  };
}

/** The database is left in the state that it is in. */
async function deadlocksBeside(
  project: Project,
  database: ScratchDatabase,
  { start, script, run, seeding }: Pick<AtOnceInput, "start" | "seeding"> & {
    readonly script: Script;
    readonly run: Run;
  },
): Promise<readonly Deadlock[]> {
  if (database.beside === undefined || run.failure !== null) return [];
  const statements = statementsOf(script, { engine: project.engine, folder: folderOf(project) });
  const transactions = examinedTransactions(script, statements);
  const { measured } = run;
  if (![...measured.values()].some(({ held }) => held.length > 0)) return [];
  if (!await hasSecondSession(database)) return [];
  const end = await database.checkpoint();
  const found = await deadlocksOf(project, database, {
    start,
    statements,
    transactions,
    measured,
    seeding,
  });
  await database.rewind(end);
  database.forget?.(end);
  return found;
}

/** Asked before any state is remembered: a scratch database of one session has nobody to wait for. */
async function hasSecondSession(database: ScratchDatabase): Promise<boolean> {
  await using session = await database.beside?.() ?? null;
  return session !== null;
}

/** The statement that changes the type of a column; where none says so, the last one that writes rows: the copy into a new table. */
function changing(
  statements: readonly ExaminedStatement[],
  { column }: { readonly column: string },
): number {
  const does = (test: (operation: Operation) => boolean) =>
    statements.findLast(({ operations }) => operations.some(test))?.index;
  return does(({ action, name }) => action === "change-type" && name === column) ??
    does(({ action }) => action === "insert" || action === "run-code") ?? 0;
}

interface Run {
  readonly measured: ReadonlyMap<number, MeasuredStatement>;
  readonly failure: ScriptFailure | null;
}

/** What another run would come to where nothing can be measured and rows let it through. */
const FITS: Run = { measured: new Map(), failure: null };

async function watchOverRows(
  project: Project,
  database: ScratchDatabase,
  script: Script,
  seeding: AtOnceInput["seeding"],
): Promise<Run> {
  const { rows, reset } = project.engine;
  await rows.seed(database, seeding);
  if (reset !== "") await database.exec(reset);
  return await watch(project, database, script);
}

/** Runs a script and looks at each of its statements. */
async function watch(project: Project, database: ScratchDatabase, script: Script): Promise<Run> {
  const measuring = await project.engine.measure?.(database);
  const measured = new Map<number, MeasuredStatement>();
  const options = {
    ...runOptions(project, folderOf(project)),
    ...measuring === undefined ? {} : { measuring: watchOf(measuring, measured) },
  };
  try {
    await runInSession(project, database, script, options);
    return { measured, failure: null };
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    return { measured, failure: error };
  }
}

function watchOf(measuring: Measuring, measured: Map<number, MeasuredStatement>) {
  return {
    begin: (statement: Statement) => measuring.begin(statement),
    end: async (statement: Statement, index: number) => {
      measured.set(index, await measuring.end(statement));
    },
  };
}

async function shapeOf(
  project: Project,
  database: ScratchDatabase,
  snapshot?: Snapshot,
): Promise<readonly TableShape[]> {
  const { shape } = project.engine;
  return shape === undefined ? [] : shape(snapshot ?? await inspect(project, database));
}

/** The number of the transaction that each statement stands in; null for one that has its own. */
export function examinedTransactions(
  script: Script,
  statements: readonly Statement[],
): readonly (number | null)[] {
  if (isWrapped(script, statements)) return statements.map(() => 0);
  const isMessage = isOneMessage(script, statements);
  let number = 0;
  let isOpen = false;
  return statements.map(({ control }) => {
    const isInside = isOpen || isMessage;
    if (control === "begin") isOpen = true;
    const own = isInside || isOpen ? number : null;
    if (control === "commit" || control === "rollback") {
      isOpen = false;
      number++;
    }
    return own;
  });
}

function majorOf(version: string | null): number | null {
  const major = /^\d+/.exec(version ?? "")?.[0];
  return major === undefined ? null : Number(major);
}
