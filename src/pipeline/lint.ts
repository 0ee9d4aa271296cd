/** `aim lint`: what migrations do to a database that others use at the same time, and to its rows. */

import { UsageError } from "../core/error.ts";
import type { Finding } from "../core/finding.ts";
import type { LintedMigration, LintOutcome } from "../core/outcome.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { RULES } from "../rules/mod.ts";
import type { Examined, Rule } from "../rules/rule.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../runtimes/runtime.ts";
import { nearest } from "../text/nearest.ts";
import { withoutAllowed } from "./lint/allowed.ts";
import { isGrave } from "./lint/grave.ts";
import { Estimates } from "./lint/estimates.ts";
import { examine, type KnownEnds } from "./lint/examine.ts";
import { ownFindings, ownRows } from "./lint/own_rules.ts";
import { type LintSelection, selected } from "./lint/select.ts";
import { folderOf, type Project, runOptions } from "./project.ts";
import { historyBefore } from "./scratch/history_before.ts";
import { KeptSession } from "./scratch/kept_session.ts";
import { runInSession } from "./scratch/run_in_session.ts";
import { ScriptFailure } from "./scratch/run_script.ts";
import { scriptError } from "./scratch/script_error.ts";
import { label } from "./scratch/snapshot.ts";
import { startServer } from "./serve.ts";
import { readHistoryAlone, type Sources } from "./sources.ts";

/** What is linted, and how much it counts. */
export interface LintOptions {
  readonly selection: LintSelection;
  /** Use the rules as well that are only used where they are asked for. */
  readonly isStrict?: boolean;
  /** On how many made rows statements are timed; not at all when null or absent. */
  readonly sample?: number | null;
  /** A database that holds the history before the migrations that are selected; a new one when absent. It is left as they leave it. */
  readonly ground?: LintGround;
}

/** Where linting begins. */
export interface LintGround {
  readonly database: ScratchDatabase;
  /** How many migrations it holds. */
  readonly begun: number;
  /** The search path that they leave to the session; null or absent when it is that of a new one. */
  readonly searchPath?: string | null;
  /** What it holds, where that was read already. */
  readonly snapshot?: Snapshot;
  /** Its state as it is given; one is remembered when absent. */
  readonly start?: Checkpoint;
  /** What a migration leads to, where one alone is examined. */
  readonly known?: KnownEnds;
}

/** Lints migrations: replays the history, and examines those that are selected. */
export async function lint(project: Project, options: LintOptions): Promise<LintOutcome> {
  const sources = await readHistoryAlone(project, { replays: true });
  const chosen = await choose(project, sources, options);
  if (chosen.wanted.size === 0) return nothing(project);
  await using server = await startServer(project, sources);
  return await lintChosen(project, server, sources, chosen);
}

/** `lint` of sources that are already read, on a server that is already started. */
export async function lintOn(
  project: Project,
  server: Server,
  sources: Sources,
  options: LintOptions,
): Promise<LintOutcome> {
  const chosen = await choose(project, sources, options);
  if (options.ground === undefined) return await lintChosen(project, server, sources, chosen);
  return await lintFrom(project, server, sources, { ...chosen, ground: options.ground });
}

/** Which migrations are linted, by index, and by which rules. */
interface Chosen {
  readonly wanted: ReadonlySet<number>;
  readonly severities: Severities;
  readonly sample: number | null;
}

async function choose(
  project: Project,
  sources: Sources,
  { selection, isStrict = false, sample = null }: LintOptions,
): Promise<Chosen> {
  const severities = severitiesOf(project, isStrict);
  const chosen = await selected(project, sources, selection);
  const { migrations } = sources.history;
  // What stands in the place of programs is nobody's migration.
  const wanted = new Set([...chosen].filter((at) => migrations[at]?.isReplayed !== true));
  return { wanted, severities, sample };
}

async function lintChosen(
  project: Project,
  server: Server,
  sources: Sources,
  chosen: Chosen,
): Promise<LintOutcome> {
  const begun = chosen.wanted.size === 0 ? 0 : Math.min(...chosen.wanted);
  const { database, searchPath } = await historyBefore(project, server, sources, begun);
  await using _database = database;
  const ground = { database, begun, searchPath };
  return await lintFrom(project, server, sources, { ...chosen, ground });
}

async function lintFrom(
  project: Project,
  server: Server,
  sources: Sources,
  { wanted, severities, sample, ground }: Chosen & { readonly ground: LintGround },
): Promise<LintOutcome> {
  const { emit, engine } = project;
  const { database, begun: first } = ground;
  const { migrations } = sources.history;
  const begun = performance.now();
  emit({ type: "stage", stage: "verify", state: "start", text: "examining the migrations" });
  const session = new KeptSession(engine, ground.searchPath);
  const linted: LintedMigration[] = [];
  const findings: Finding[] = [];
  const last = Math.max(-1, ...wanted);
  const estimates = await Estimates.open(project, server, sample);
  for (const [index, migration] of [...migrations.entries()].slice(first, last + 1)) {
    if (!wanted.has(index)) {
      await replay(project, database, migration, session);
      continue;
    }
    const before = await ownRows(project, database);
    // Rows that one migration is examined over are not there for the next.
    const bare = index === last ? null : await database.checkpoint();
    const timed = await estimates.begin(database);
    const { examined, hasFailed } = await examine(
      project,
      database,
      migration,
      index !== first ? {} : {
        ...ground.snapshot === undefined ? {} : { snapshot: ground.snapshot },
        ...ground.start === undefined ? {} : { start: ground.start },
        ...ground.known === undefined ? {} : { known: ground.known },
      },
    );
    const own = ownFindings(project, {
      before,
      after: hasFailed ? new Map() : await ownRows(project, database),
      statements: examined.statements,
      migration: label(migration),
    });
    const found = withoutAllowed([...findingsOf(examined, migration, severities), ...own], {
      script: migration.up,
      lexicon: engine.lexicon,
      folder: folderOf(project),
    });
    findings.push(...found);
    const { version, name } = migration;
    const statements = await timed.of(examined, migration);
    linted.push({ version, name, statements, findings: found });
    const text = label(migration);
    emit({ type: "progress", stage: "verify", done: index + 1, total: last + 1, text });
    if (hasFailed) break;
    if (bare !== null) {
      await database.rewind(bare);
      await replay(project, database, migration, session);
    }
  }
  const text = `${linted.length} of ${migrations.length} migrations`;
  emit({ type: "stage", stage: "verify", state: "done", text, ms: performance.now() - begun });
  const fails = findings.some((finding) => isGrave(project, finding));
  return {
    outcome: fails ? "dangerous" : "safe",
    migrations: linted,
    findings,
    runtime: server.runtime,
    version: server.version,
    notes: [...project.notes],
  };
}

/** Where no migration is selected no server is started. */
function nothing({ notes }: Project): LintOutcome {
  return {
    outcome: "safe",
    migrations: [],
    findings: [],
    runtime: null,
    version: null,
    notes: [...notes],
  };
}

async function replay(
  project: Project,
  database: Parameters<typeof runInSession>[1],
  migration: Sources["history"]["migrations"][number],
  session: KeptSession,
): Promise<void> {
  try {
    await runInSession(
      project,
      database,
      migration.up,
      runOptions(project, folderOf(project)),
      session,
    );
  } catch (error) {
    throw error instanceof ScriptFailure ? scriptError(project, "replay", error) : error;
  }
}

type Severities = ReadonlyMap<Rule, Finding["severity"]>;

/** The rules in use, each with its severity: its own, or that of the settings. Throws UsageError for a code that there is none of. */
function severitiesOf({ config }: Project, isStrict: boolean): Severities {
  for (const code of Object.keys(config.lint)) {
    if ([...RULES, ...config.rules].some((rule) => rule.code === code)) continue;
    const near = nearest(code, RULES.map((rule) => rule.code));
    throw new UsageError(`Cannot use lint "${code}": there is no such code`, {
      code: "lint",
      hint: near === null ? "`aim explain` lists them" : `did you mean ${near}?`,
    });
  }
  return new Map(RULES.flatMap((rule) => {
    const wanted = config.lint[rule.code];
    if (wanted === "off" || (wanted === undefined && rule.isOptional === true && !isStrict)) {
      return [];
    }
    const severity = wanted === "info" || wanted === "warning" || wanted === "error"
      ? wanted
      : rule.severity;
    return [[rule, severity] as const];
  }));
}

/** What the rules find in a migration, statement by statement. */
function findingsOf(
  examined: Examined,
  { version, name }: Sources["history"]["migrations"][number],
  severities: Severities,
): readonly Finding[] {
  const migration = [version, name].filter((part) => part !== "").join("_");
  const serving = [...severities].filter(([{ engines }]) => engines.includes(examined.dialect));
  const found = serving.flatMap(([rule, severity]) =>
    rule.check(examined).map(({ statement, message, object }) => ({
      at: statement.index,
      finding: {
        code: rule.code,
        severity,
        message,
        hint: rule.instead,
        place: statement.place,
        migration,
        direction: "up" as const,
        ...(object === undefined || object === "" ? {} : { object }),
      },
    }))
  );
  return found.sort((a, b) => a.at - b.at).map(({ finding }) => finding);
}
