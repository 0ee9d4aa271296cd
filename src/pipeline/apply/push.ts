/** `aim push`: a development database made what schema.sql says, without a migration. */

import type { Answer, Rename } from "../../core/choice.ts";
import { DatabaseError } from "../../core/error.ts";
import type { Refusal } from "../../core/live_run.ts";
import type { GenerateOutcome } from "../../core/outcome.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { LiveWriter } from "../../engines/live.ts";
import { FORMATS } from "../../formats/all.ts";
import { formatNamed } from "../../formats/mod.ts";
import { generateFrom } from "../generate.ts";
import { type LiveAddress, noWayOf, type OpenLive, openLive, reached } from "../live/open_live.ts";
import { isOf } from "../live/read_books.ts";
import { besideLive, startScratch } from "../live/scratch_server.ts";
import { planFresh } from "../plan/fresh_plan.ts";
import { type Project, withoutStages } from "../project.ts";
import { changesIn } from "../scratch/changes.ts";
import { replayHistory, snapshotSchema } from "../scratch/snapshot.ts";
import { changeList } from "../scratch/walk_history.ts";
import { readSources, type Sources } from "../sources.ts";

/** How it is done. */
export interface PushOptions {
  readonly answers: ReadonlyMap<string, Answer>;
  readonly assumeEmpty: Answer["by"] | null;
  readonly renames: readonly Rename[];
  /** Run also what destroys data. */
  readonly allowLoss: boolean;
  /** Take a database for one of development although a runner's books stand in it. */
  readonly force: boolean;
  /** Milliseconds that a statement waits for a lock. */
  readonly lockTimeout: number;
  /** Whether the statements are to be run, asked once they were shown. */
  agrees(statements: readonly string[], database: string): Promise<boolean>;
}

/** What was done. */
export interface PushOutcome {
  readonly outcome:
    | "in-sync"
    | "done"
    | "planned"
    | "refused"
    | "unproven"
    | "undecided"
    | "failed"
    | "interrupted";
  /** What is run, and how it was proven on a copy of the live schema. */
  readonly plan: GenerateOutcome | null;
  readonly refusals: readonly Refusal[];
  /** How many statements are there to stay. */
  readonly done: number;
  /** What the server said; null where nothing failed. */
  readonly failure: { readonly sql: string; readonly message: string } | null;
  readonly database: string;
  readonly version: string;
  readonly notes: readonly string[];
}

/** Plans from the live schema to schema.sql, proves it on a copy, shows it, and runs it. */
export async function push(
  given: Project,
  address: LiveAddress,
  options: PushOptions,
): Promise<PushOutcome> {
  const sources = await readSources(given);
  const opened = await openLive(given, address);
  const { live, project } = opened;
  let snapshot: Snapshot;
  let refusals: readonly Refusal[];
  {
    await using _session = opened;
    refusals = options.force ? [] : await booksIn(opened);
    const noWay = await noWayOf(live);
    if (noWay !== null && refusals.length === 0) throw noWay;
    snapshot = await opened.snapshot();
  }
  const base = {
    plan: null,
    refusals: [],
    done: 0,
    failure: null,
    database: live.shown,
    version: live.version,
  } as const;
  const notes = () => ({ notes: [...project.notes] });
  if (refusals.length > 0) return { ...base, outcome: "refused", refusals, ...notes() };
  const plan = await planned(project, { sources, snapshot, options });
  if (plan.outcome !== "proven" || plan.draft === null) {
    const outcome = plan.outcome === "proven" ? "unproven" : plan.outcome;
    return { ...base, outcome, plan, ...notes() };
  }
  const { up } = plan.draft;
  const losses = options.allowLoss
    ? []
    : up.flatMap(({ sql, destroys }): readonly Refusal[] =>
      destroys === undefined ? [] : [{
        code: "loss",
        message: `${sql.replaceAll(/\s+/g, " ").slice(0, 100)} destroys ${destroys}`,
        hint: "--allow-loss runs it all the same",
      }]
    );
  if (losses.length > 0) return { ...base, outcome: "refused", plan, refusals: losses, ...notes() };
  if (!await options.agrees(up.map(({ sql }) => sql), live.shown)) {
    return { ...base, outcome: "planned", plan, ...notes() };
  }
  const ran = await runOn(project, address, up, { snapshot, lockTimeout: options.lockTimeout });
  return { ...base, ...ran, plan, ...notes() };
}

/** Books of runners: who keeps some there deploys by migrations. */
async function booksIn({ live }: OpenLive): Promise<readonly Refusal[]> {
  const known = FORMATS.flatMap(({ books, title }) =>
    books === undefined ? [] : [{ books, title }]
  );
  const found = await reached(() => live.find(known.map(({ books }) => books)));
  const kept = known.find(({ books }) => found.some((table) => isOf(books, table)));
  return kept === undefined ? [] : [{
    code: "books",
    message: `${kept.title} runs migrations on this database: it is none of development`,
    hint:
      "`aim apply` runs migrations; --force pushes all the same, and its books do not know of it",
  }];
}

/** From a copy of the live schema to schema.sql. */
async function planned(
  project: Project,
  { sources, snapshot, options }: {
    readonly sources: Sources;
    readonly snapshot: Snapshot;
    readonly options: PushOptions;
  },
): Promise<GenerateOutcome> {
  const beside = await besideLive(project, sources, snapshot);
  await using server = await startScratch(project, snapshot, beside);
  const { snapshot: target } = await snapshotSchema(project, server, {
    schema: beside.schema,
    before: beside.before,
  });
  // The copy has all that the live database has, whatever made it there.
  const alone = { ...project, format: await formatNamed("migrate") };
  const quiet = withoutStages(alone);
  const statements = await planFresh(alone, server, { target: snapshot });
  const text = statements.map(({ sql }) => `${sql};\n`).join("");
  const up = { file: "the live schema", text, transaction: "auto" as const };
  const copy = { version: "1", name: "live", up, down: null, files: [] };
  const history = { migrations: [copy], notes: [] };
  const replayed = await replayHistory(quiet, server, { history, before: [] }, null);
  await using _database = replayed.database;
  const { answers, assumeEmpty, renames } = options;
  return await generateFrom(alone, {
    dryRun: true,
    answers,
    renames,
    onAmbiguity: "fail",
    allowEmptySchema: true,
    ...assumeEmpty === null ? {} : { assumeEmpty },
  }, { server, ...replayed, sources: { ...beside, history, files: [], before: [] }, target });
}

type Ran = Pick<PushOutcome, "outcome" | "done" | "failure">;

/** Runs the statements: in one transaction as far as the server allows it. */
async function runOn(
  project: Project,
  { url, variables }: LiveAddress,
  statements: readonly PlannedStatement[],
  { snapshot, lockTimeout }: { readonly snapshot: Snapshot; readonly lockTimeout: number },
): Promise<Ran> {
  const { engine, signal, emit } = project;
  const open = (await engine.live?.())?.write;
  if (open === undefined) throw new Error("This engine has no writer");
  await using writer = await reached(() => open(url, { signal, variables }));
  await reached(() => writer.waitFor(lockTimeout));
  await using again = await openLive(withoutStages(project), { url, variables });
  const moved = changesIn(project, await again.snapshot(), snapshot);
  if (moved.length > 0) {
    const message = `The database has changed since it was looked at: ${changeList(moved)}`;
    return { outcome: "failed", done: 0, failure: { sql: "", message } };
  }
  const stop = () => void writer.cancel();
  signal.addEventListener("abort", stop, { once: true });
  let done = 0;
  let at = "";
  const begun = performance.now();
  emit({ type: "stage", stage: "apply", state: "start", text: "pushing" });
  try {
    for (const group of groups(statements, engine.transactionalDdl)) {
      await begin(project, writer, group.isOne);
      for (const { sql } of group.statements) {
        signal.throwIfAborted();
        at = sql;
        await writer.run({ sql });
      }
      if (group.isOne) await writer.exec("COMMIT");
      done += group.statements.length;
    }
  } catch (error) {
    if (!writer.isLost && writer.inTransaction) await writer.exec("ROLLBACK").catch(() => {});
    if (!(error instanceof DatabaseError) && !signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const outcome = signal.aborted ? "interrupted" : "failed";
    return { outcome, done, failure: { sql: at, message } };
  } finally {
    signal.removeEventListener("abort", stop);
  }
  const text = done === 1 ? "1 statement" : `${done} statements`;
  emit({ type: "stage", stage: "apply", state: "done", text, ms: performance.now() - begun });
  return { outcome: "done", done, failure: null };
}

async function begin(project: Project, writer: LiveWriter, isOne: boolean): Promise<void> {
  if (isOne) await writer.begin();
  const path = project.engine.session?.planned(isOne);
  if (path !== undefined) await writer.exec(path);
}

interface Group {
  readonly statements: readonly PlannedStatement[];
  readonly isOne: boolean;
}

/** Neighbours that a transaction can hold. */
function groups(statements: readonly PlannedStatement[], transactional: boolean): readonly Group[] {
  const all: { statements: PlannedStatement[]; isOne: boolean }[] = [];
  for (const statement of statements) {
    const isOne = transactional && statement.transactional;
    const last = all.at(-1);
    if (last !== undefined && last.isOne && isOne) last.statements.push(statement);
    else all.push({ statements: [statement], isOne });
  }
  return all;
}
