/** `aim impact`: who uses what a migration, or the way to the schema, drops, renames or makes otherwise. */

import { UsageError } from "../core/error.ts";
import type { Finding } from "../core/finding.ts";
import type { Operation } from "../core/operation.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Migration } from "../formats/format.ts";
import type { ScratchDatabase, Server } from "../runtimes/runtime.ts";
import { findUses } from "../usage/find_uses.ts";
import { isContract, type Target } from "../usage/target.ts";
import type { FoundQuery, FoundUses, Use } from "../usage/use.ts";
import { catalogUse, catalogUses } from "./impact/catalog_uses.ts";
import {
  type Candidate,
  candidatesOf,
  type Refusals,
  refusalsOf,
  storedQueries,
  verdictOn,
} from "./impact/check_queries.ts";
import { renamesOfDiff, type StatedRenames } from "./impact/diff_renames.ts";
import { checkPaths, readPrograms } from "./impact/programs.ts";
import { type Dependence, dependencesOf, readServices } from "./impact/services.ts";
import { everyTable, targetsOf } from "./impact/targets.ts";
import { isGrave } from "./lint/grave.ts";
import { selected } from "./lint/select.ts";
import { folderOf, note, type Project, runOptions } from "./project.ts";
import { createDatabase, createHistoryDatabase } from "./scratch/create_database.ts";
import { KeptSession } from "./scratch/kept_session.ts";
import { loadSchema } from "./scratch/load_schema.ts";
import { runInSession } from "./scratch/run_in_session.ts";
import { ScriptFailure, statementsOf } from "./scratch/run_script.ts";
import { scriptError } from "./scratch/script_error.ts";
import { inspect, label, replayHistory, snapshotSchema } from "./scratch/snapshot.ts";
import { yieldToEventLoop } from "./scratch/yield_to_event_loop.ts";
import { startServer } from "./serve.ts";
import { readHistoryAlone, readSources, type Sources } from "./sources.ts";

/** What is looked at. */
export interface ImpactOptions {
  /** The migration's file, `diff` for the way from the migrations to the schema, `map` for all tables; null for the last migration. */
  readonly of: { readonly file: string } | "diff" | "map" | null;
  /** Files and folders of code and logs; the project's folder without any. */
  readonly paths: readonly string[];
  /** Folders of further repositories. */
  readonly repositories: readonly string[];
  /** What is a rename on the way to the schema. */
  readonly stated: StatedRenames;
}

/** What was found. */
export interface ImpactOutcome {
  /** `refused`: what is dropped or renamed is used, and the settings do not allow that. */
  readonly outcome: "unused" | "used" | "refused";
  /** Null for the way to the schema. */
  readonly migration: string | null;
  readonly targets: readonly Target[];
  readonly uses: readonly Use[];
  readonly services: readonly Dependence[];
  readonly findings: readonly Finding[];
  /** Files that were read. */
  readonly files: number;
  readonly queries: {
    readonly found: number;
    /** That the server takes before the change. */
    readonly prepared: number;
    /** And not after it. */
    readonly broken: number;
  };
  readonly runtime: string;
  readonly version: string;
  readonly notes: readonly string[];
}

/** Finds who uses what changes. Throws UsageError for a migration that is none, or a path that cannot be read. */
export async function impact(project: Project, options: ImpactOptions): Promise<ImpactOutcome> {
  const { of } = options;
  const sources = of === "diff"
    ? await readSources(project)
    : await readHistoryAlone(project, { replays: true });
  const index = of === "diff" || of === "map" ? null : await migrationIndex(project, sources, of);
  await checkPaths([...options.paths, ...options.repositories]);
  const services = await readServices(project.config.root);
  const reading = readPrograms(project, options);
  reading.catch(() => {});
  await using server = await startServer(project, sources);
  await using step = of === "diff"
    ? await diffStep(project, server, sources, options.stated)
    : of === "map"
    ? await mapStep(project, server, sources)
    : await migrationStep(project, server, sources, index ?? 0);
  const programs = await reading;
  for (const text of programs.notes) note(project, text);
  const { targets } = step;
  const found = await findUses(
    programs.files,
    targets,
    () => yieldToEventLoop(project.signal),
  );
  const judged = await judge(project, step, found);
  const uses = inOrder([...judged.uses, ...found.uses]);
  const findings = of === "map" ? [] : uses.map((use) => findingOf(use, step.migration));
  return {
    outcome: outcomeOf(project, uses, findings),
    migration: step.migration,
    targets,
    uses,
    services: dependencesOf(services, targets, uses),
    findings,
    files: programs.files.length,
    queries: judged.counts,
    runtime: server.runtime,
    version: server.version,
    notes: [...project.notes],
  };
}

async function migrationIndex(
  project: Project,
  sources: Sources,
  of: { readonly file: string } | null,
): Promise<number> {
  const selection = of === null ? { latest: 1 } : { files: [of.file] };
  const [index] = await selected(project, sources, selection);
  if (index !== undefined) return index;
  throw new UsageError("Cannot tell what changes: there is no migration", {
    code: "no-migration",
    hint: "aim generate makes one; --diff looks at what it would hold",
  });
}

/** A change, with both states at hand. */
interface Step extends AsyncDisposable {
  readonly targets: readonly Target[];
  readonly migration: string | null;
  readonly after: Snapshot;
  /** Prepares queries on both states; the state before comes first. */
  refusals(
    forms: readonly string[],
  ): Promise<{ readonly before: Refusals; readonly after: Refusals }>;
}

const NOTHING: Refusals = new Map();

async function migrationStep(
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

async function diffStep(
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

async function mapStep(project: Project, server: Server, sources: Sources): Promise<Step> {
  const { database, snapshot } = await replayHistory(project, server, sources, null);
  return {
    targets: everyTable(project.engine, snapshot),
    migration: null,
    after: { ...snapshot, objects: new Map() },
    refusals: () => Promise.resolve({ before: NOTHING, after: NOTHING }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** What preparing says of the statements that were found, and of those of the database itself. */
async function judge(
  project: Project,
  step: Step,
  { queries }: FoundUses,
): Promise<{ readonly uses: readonly Use[]; readonly counts: ImpactOutcome["queries"] }> {
  const check = project.engine.queryCheck;
  const candidates = check === undefined
    ? queries.map((query) => ({ query, forms: [] }))
    : candidatesOf(project, check, queries);
  const stored = check === undefined || step.targets.length === 0
    ? new Map<string, string>()
    : storedQueries(check, step.after);
  const forms = [...candidates.flatMap((one) => one.forms), ...stored.values()];
  const { before, after } = await step.refusals(forms);
  const verdicts = candidates.map((one) => [one, verdictOn(one, before, after)] as const);
  const views = brokenViews(step, stored, { before, after });
  return {
    uses: [
      ...verdicts.flatMap(([{ query }, verdict]): readonly Use[] => {
        if (verdict.state === "kept") return query.meanings;
        if (verdict.state === "unknown") return [...query.uses, ...query.meanings];
        return certainUses(query, verdict.reason.message, step.targets);
      }),
      ...views,
      ...catalogUses(step.after, step.targets)
        .filter(({ text }) => !views.some((view) => view.text === text)),
    ],
    counts: countsOf(queries, verdicts),
  };
}

function countsOf(
  queries: readonly FoundQuery[],
  verdicts: readonly (readonly [Candidate, ReturnType<typeof verdictOn>])[],
): ImpactOutcome["queries"] {
  const of = (state: string) => verdicts.filter(([, verdict]) => verdict.state === state).length;
  return { found: queries.length, prepared: of("kept") + of("broken"), broken: of("broken") };
}

/** A statement that fails after the change, laid to the targets that its error or its words name. */
function certainUses(
  query: FoundQuery,
  message: string,
  targets: readonly Target[],
): readonly Use[] {
  const why = `the server takes it before, and after says: ${message}`;
  const words = new Set(message.toLowerCase().match(/[\w$]+/g) ?? []);
  const all = [...query.uses, ...query.meanings];
  const named = all.filter(({ target }) =>
    words.has((target.column ?? target.table).toLowerCase())
  );
  const meant = named.length > 0 ? named : all;
  const seen = new Set<Target>();
  const uses = meant.filter(({ target }) => !seen.has(target) && seen.add(target));
  if (uses.length > 0) return uses.map((use) => ({ ...use, certainty: "certain", why }));
  const sql = query.sql.toLowerCase();
  const target = targets.find(({ table }) => sql.includes(table.toLowerCase())) ?? targets[0];
  if (target === undefined) return [];
  const { file, line, column, via } = query;
  const text = (query.sql.split("\n", 1)[0] ?? "").trim().slice(0, 200);
  return [{ target, certainty: "certain", file, line, column, via, why, text }];
}

/** Views that the database still has, and that no longer work. */
function brokenViews(
  { targets }: Step,
  stored: ReadonlyMap<string, string>,
  { before, after }: { readonly before: Refusals; readonly after: Refusals },
): readonly Use[] {
  return [...stored].flatMap(([name, sql]): readonly Use[] => {
    const reason = after.get(sql) ?? null;
    if (reason === null || before.get(sql) !== null) return [];
    const words = new Set(reason.message.toLowerCase().match(/[\w$]+/g) ?? []);
    const target = targets.find((one) => words.has((one.column ?? one.table).toLowerCase())) ??
      targets[0];
    if (target === undefined) return [];
    const why = `it can be read before, and after the server says: ${reason.message}`;
    return [catalogUse({ kind: "view", name }, target, why, "certain")];
  });
}

function inOrder(uses: readonly Use[]): readonly Use[] {
  const rank = ({ certainty }: Use) => certainty === "certain" ? 0 : 1;
  return [...uses].sort((a, b) =>
    rank(a) - rank(b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)
  );
}

function findingOf(use: Use, migration: string | null): Finding {
  const { target, certainty, file, line, column, why, text } = use;
  const what = `${target.kind} ${target.name}`;
  const where = file === "" ? `${text} of the database` : "code";
  return {
    code: "impact",
    severity: certainty === "certain" ? "error" : target.change === "nullable" ? "info" : "warning",
    message: `${where} uses the ${what}, which ${said(target)}: ${why}`,
    object: target.name,
    ...file === "" ? {} : { place: { file, line, column } },
    ...migration === null ? {} : { migration },
  };
}

/** What becomes of a target: `is renamed to email`. */
export function said({ change, to, values }: Target): string {
  switch (change) {
    case "drop":
      return "is dropped";
    case "rename":
      return `is renamed to ${to}`;
    case "retype":
      return `becomes ${to}`;
    case "require":
      return "must have a value";
    case "nullable":
      return "becomes nullable";
    case "values":
      return `gets the values ${values?.fresh.join(", ")}`;
    case "value-rename":
      return `has ${values?.gone.join(", ")} renamed to ${to}`;
    case "value-drop":
      return `loses the values ${values?.gone.join(", ")}`;
  }
}

function outcomeOf(
  project: Project,
  uses: readonly Use[],
  findings: readonly Finding[],
): ImpactOutcome["outcome"] {
  if (uses.length === 0) return "unused";
  const isContracting = project.config.failOn === "impact" &&
    uses.some(({ target }) => isContract(target));
  const isRefused = findings.some((finding) => isGrave(project, finding)) ||
    findings.length > 0 && isContracting;
  return isRefused ? "refused" : "used";
}
