/** `aim generate --expand` and `--contract`: columns that take over from others while old and new code run. */

import { type Answer, ASSUME_EMPTY } from "../core/choice.ts";
import { DatabaseError, UsageError } from "../core/error.ts";
import { type ExpandPhase, type Expansion, expansionName } from "../core/expansion.ts";
import type { GenerateOutcome } from "../core/outcome.ts";
import type { Draft, Hints } from "../core/plan.ts";
import type { SchemaObject, Snapshot } from "../core/snapshot.ts";
import type { PlannedStatement } from "../core/statement.ts";
import type { Expanding } from "../engines/engine.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../runtimes/runtime.ts";
import { type ExpandRequest, expansionOf } from "./expand/spec.ts";
import { EXPAND_MARK } from "./expand/status.ts";
import { tryTwoClients } from "./expand/two_clients.ts";
import { type GenerateOptions, nothingGenerated, refuseReadOnly } from "./generate.ts";
import { tryDraft } from "./model/try_draft.ts";
import { onlineDraft } from "./plan/online_draft.ts";
import { planDraft } from "./plan/plan_draft.ts";
import { slugOf } from "./plan/migration_name.ts";
import { note, type Project } from "./project.ts";
import { changesIn } from "./scratch/changes.ts";
import { inspect, replayHistory, snapshotSchema } from "./scratch/snapshot.ts";
import { startServer } from "./serve.ts";
import { readSources, type Sources } from "./sources.ts";

/** Which step of an expansion is written. */
export interface ExpandOptions {
  readonly request: ExpandRequest;
  readonly step: "expand" | "contract";
  readonly dryRun: boolean;
  readonly options: GenerateOptions;
}

/** What a step is made from. */
interface Ground {
  readonly expanding: Expanding;
  readonly expansion: Expansion;
  readonly server: Server;
  readonly sources: Sources;
  readonly database: ScratchDatabase;
  readonly start: Checkpoint;
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly searchPath: string | null;
  readonly hints: Hints;
}

/** Writes the files of a step and proves them. Throws UsageError for what cannot be expanded. */
export async function expand(
  plain: Project,
  { request, step, dryRun, options }: ExpandOptions,
): Promise<GenerateOutcome> {
  const project: Project = { ...plain, config: { ...plain.config, safety: "online" } };
  const { engine } = project;
  const { expanding, shape } = engine;
  if (expanding === undefined || shape === undefined) {
    throw new UsageError(`Cannot expand columns on ${engine.dialect}`, {
      code: "expand",
      hint: "this engine has no triggers that aim would write for it",
    });
  }
  if (!dryRun) refuseReadOnly(project);
  const sources = await readSources(project);
  await using server = await startServer(project, sources);
  const { snapshot: target, start: begun } = await snapshotSchema(project, server, sources);
  const replayed = await replayHistory(project, server, sources, begun);
  await using database = replayed.database;
  const { snapshot: before, searchPath } = replayed;
  const expansion = expansionOf(request, {
    before: shape(before),
    target: shape(target),
    quote: expanding.quote,
    convert: expanding.convert,
  });
  const start = await database.checkpoint();
  const hints: Hints = {
    answers: options.answers,
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion: project.version,
    ...options.assumeEmpty === undefined ? {} : { assumeEmpty: options.assumeEmpty },
  };
  const ground = {
    expanding,
    expansion,
    server,
    sources,
    database,
    start,
    before,
    target,
    searchPath,
    hints,
  };
  const made = step === "expand"
    ? await expanded(project, ground)
    : await contracted(project, ground);
  return await finish(project, ground, { ...made, dryRun });
}

interface Made {
  readonly draft: Draft;
  readonly reached: Snapshot;
  readonly fault: string | null;
  /** A state of `before` with rows in which both sides are alike, where the proof begins there. */
  readonly filled?: Checkpoint;
}

/** The columns, what keeps them alike, and the backfill. */
async function expanded(project: Project, ground: Ground): Promise<Made> {
  const { expanding, expansion, database, start } = ground;
  const add = marked("add", expansion, expanding.add(expansion));
  const backfill = apart(marked("backfill", expansion, expanding.backfill(expansion)));
  const { fault, rows } = await tryTwoClients(project, database, expansion, {
    start,
    add,
    backfill,
  });
  if (fault === null) {
    note(project, `Old and new code wrote ${rows} made rows between the phases, and read the same`);
  }
  const [first] = backfill;
  const undone: readonly PlannedStatement[] = first === undefined ? [] : [{
    sql: expanding.nothing,
    comment: "Nothing to undo: what was filled is kept alike",
    serves: [BACKFILL],
    reason: first.reason,
    transactional: true,
  }];
  const draft: Draft = {
    author: "planner",
    name: nameOf("expand", expansion),
    up: [...serving("step:add", add), ...serving(BACKFILL, backfill)],
    down: [...undone, ...apart(serving("step:add", expanding.remove(expansion)))],
    reversible: "exact",
    notes: [],
  };
  await database.rewind(start);
  await run(database, draft.up);
  const reached = await inspect(project, database);
  const gap = { database, start, before: ground.before, target: reached, hints: ground.hints };
  return { draft: await onlineDraft(project, gap, draft), reached, fault };
}

/** Statements behind which one can stop, and begin again, without those before them. */
function apart([first, ...rest]: readonly PlannedStatement[]): readonly PlannedStatement[] {
  return first === undefined ? [] : [{ ...first, beginsFile: true }, ...rest];
}

/** Statements of one step of the expansion: no object has such an id, it joins them with those that undo them. */
function serving(
  id: string,
  statements: readonly PlannedStatement[],
): readonly PlannedStatement[] {
  return statements.map((statement) => ({ ...statement, serves: [id] }));
}

const BACKFILL = "step:backfill";
const SWAP = "step:contract";

/** The old columns go once all else is as the schema says. */
async function contracted(project: Project, ground: Ground): Promise<Made> {
  const { expanding, expansion, database, before, target, hints, start } = ground;
  const swap = serving(SWAP, marked("contract", expansion, expanding.swap(expansion)));
  await database.rewind(start);
  await run(database, swap);
  const swapped = await inspect(project, database);
  // What the swap takes away stays until then.
  const kept = new Map<string, SchemaObject>(target.objects);
  const isFirst = expansion.kind !== "type";
  if (isFirst) {
    for (const [id, object] of before.objects) {
      if (!swapped.objects.has(id)) kept.set(id, object);
    }
  }
  const middle = { ...target, objects: kept };
  const from = isFirst ? before : swapped;
  const to = isFirst ? middle : target;
  const at = isFirst ? start : await database.checkpoint();
  await database.rewind(at);
  const input = {
    database,
    start: at,
    before: from,
    target: to,
    changes: changesIn(project, from, to),
  };
  const rest = await planDraft(project, {
    ...input,
    hints: { ...hints, answers: new Map([...hints.answers, ...filled(expansion)]) },
  });
  if (rest.draft === null) {
    throw new UsageError("Cannot contract: what else the schema changes has open questions", {
      code: "expand",
      hint: "run `aim generate` for the rest first, or answer with --answer or --assume-empty",
    });
  }
  await database.rewind(start);
  const up = isFirst ? [...rest.draft.up, ...swap] : [...swap, ...rest.draft.up];
  await run(database, up);
  const reached = await inspect(project, database);
  const unswap = expanding.unswap(expansion);
  const back = isFirst ? unswap : [...rest.draft.down, ...unswap];
  await run(database, back);
  const left = project.engine.plan(
    await inspect(project, database),
    isFirst ? middle : before,
    { ...hints, assumeEmpty: "policy", answers: new Map() },
  ).statements;
  const undone = serving(SWAP, [...unswap, ...left]);
  const draft: Draft = {
    author: "planner",
    name: nameOf("contract", expansion),
    up,
    down: isFirst ? [...undone, ...rest.draft.down] : [...rest.draft.down, ...undone],
    reversible: "column-order",
    notes: [],
  };
  // The way back fills all rows at once, so it is one transaction.
  const gap = { database, start, before, target: reached, hints, kept: new Set(undone) };
  const made = await onlineDraft(project, gap, draft);
  await database.rewind(start);
  await project.engine.rows.seed(database);
  if (project.engine.reset !== "") await database.exec(project.engine.reset);
  for (const sql of expanding.align(expansion)) await database.exec(sql);
  const alike = await database.checkpoint();
  const fault = await lossOf(database, project, { expansion, draft: made });
  return { draft: made, reached, fault, filled: alike };
}

/** The backfill answers what becomes of rows without a value in the new columns: there are none. */
function filled(
  { table, kind, old, fresh }: Expansion,
): readonly (readonly [string, Answer])[] {
  const names = fresh.flatMap(({ name, isRequired }, at) =>
    isRequired ? [kind === "type" ? old[at]?.name ?? name : name] : []
  );
  return names.map((name) => [
    `fill:${table}.${name}`,
    { option: ASSUME_EMPTY, by: "policy" },
  ]);
}

/** What UP and DOWN make of the values of the old columns; null where DOWN restores them. */
async function lossOf(
  database: ScratchDatabase,
  { engine }: Project,
  { expansion, draft }: { readonly expansion: Expansion; readonly draft: Draft },
): Promise<string | null> {
  const id = `table:${expansion.table}`;
  const look = async () => {
    const { tables } = await engine.rows.observe(database, new Set([id]), "rows");
    const seen = tables.get(id);
    const places = [...expansion.key, ...expansion.old.map(({ name }) => name)].map((name) =>
      seen?.columns.findIndex(({ key }) => key === name) ?? -1
    );
    return seen?.rows.map((row) => JSON.stringify(places.map((at) => row[at]))).sort() ?? [];
  };
  const had = await look();
  try {
    await run(database, draft.up);
    await run(database, draft.down);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return `Rows do not let it through: ${error.message}`;
  }
  const has = await look();
  return had.join() === has.join() ? null : "DOWN does not restore the values of the old columns";
}

/** Under a comment that says which phase begins. */
function marked(
  phase: ExpandPhase,
  expansion: Expansion,
  [first, ...rest]: readonly PlannedStatement[],
): readonly PlannedStatement[] {
  if (first === undefined) return [];
  return [{ ...first, comment: `${EXPAND_MARK} ${phase} ${expansionName(expansion)}` }, ...rest];
}

function nameOf(step: string, { table, kind, old, fresh }: Expansion): string {
  const bare = table.slice(table.lastIndexOf(".") + 1);
  const columns = (kind === "type" ? old : fresh).map(({ name }) => name).join("_");
  return slugOf(`${step}_${bare}_${columns}`) ?? step;
}

async function run(
  database: ScratchDatabase,
  statements: readonly PlannedStatement[],
): Promise<void> {
  for (const { sql } of statements) await database.exec(sql);
}

/** Proves the draft as it is written, and writes it. */
async function finish(
  project: Project,
  { server, sources, database, start, before, target, searchPath }: Ground,
  { draft, reached, fault, dryRun, filled }: Made & { readonly dryRun: boolean },
): Promise<GenerateOutcome> {
  const { format, config } = project;
  const proofInput = {
    server,
    database,
    start: filled ?? start,
    before,
    target: reached,
    searchPath,
  };
  // The made rows of the usual proof know nothing of a trigger that keeps columns alike.
  const proving = filled === undefined
    ? project
    : { ...project, config: { ...config, rows: "off" as const } };
  const tried = await tryDraft(proving, draft, {
    sources,
    proofInput,
    choices: [],
    provenance: "planner",
  });
  if (fault !== null) note(project, fault);
  const proven = tried.proven && fault === null;
  const written = proven && !dryRun;
  if (written) {
    const { writeProven } = await import("./files/write_proven.ts");
    await writeProven(project, sources, tried.files);
  }
  return {
    ...nothingGenerated(project),
    outcome: proven ? "proven" : "unproven",
    changes: changesIn(project, before, target),
    draft: tried.draft,
    proof: tried.proof,
    files: tried.files,
    written,
    next: proven ? format.apply(config.migrations) : null,
    notes: [...project.notes],
  };
}
