/** Rows put into a scratch database before a migration runs over them: aim's own, and those of the project. */

import { type Choice, isAssumption } from "../../../core/choice.ts";
import { UsageError } from "../../../core/error.ts";
import type { Observation, Seeded } from "../../../core/observation.ts";
import type { Snapshot } from "../../../core/snapshot.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { Seeds } from "../../files/seeds.ts";
import { note, type Project, runOptions, schemaScript } from "../../project.ts";
import { resetSession, runInSession } from "../run_in_session.ts";
import { ScriptFailure } from "../run_script.ts";
import { tableOf } from "./intent.ts";
import { wholesOf } from "./partitions.ts";
import { linksIn, type TableLink } from "./scope.ts";

/** What rows are put in for. */
export interface Seeding {
  /** Ids of the tables that get rows; all when absent. */
  readonly tables?: ReadonlySet<string>;
  /** Tables that get none, with the reason, by id. */
  readonly without: ReadonlyMap<string, string>;
  /** The schema that the rows are to fit as well. */
  readonly expected?: Snapshot;
  /** What the rows are to be told apart by. */
  readonly statements?: readonly string[];
  /** SQL of the project that puts rows in. */
  readonly seeds: Seeds;
  readonly before: Snapshot;
}

/** Which tables have rows. */
export interface Coverage {
  readonly tables: number;
  /** Ids. */
  readonly seeded: ReadonlySet<string>;
  readonly uncovered: readonly { readonly table: string; readonly reason: string }[];
}

/** What came of putting rows in. */
export interface Put {
  /** Why tables have none, by their names. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Names of the triggers and rules that did not fire. */
  readonly silent: readonly string[];
}

/** Puts rows in, and leaves the session as it was. */
export async function putRows(
  project: Project,
  database: ScratchDatabase,
  seeding: Seeding,
): Promise<Put> {
  const own = await runSeeds(project, database, seeding.seeds);
  const links = linksIn(seeding.before);
  const filled = new Map([...own].map((id) => [id, ""] as const));
  const without = new Map([
    ...seeding.without,
    ...dependents(filled, links, seeding.before, "it refers to rows of the project's own"),
  ]);
  const wanted = seeding.tables ?? tableIds(seeding.before);
  const tables = new Set([...wanted].filter((id) => !without.has(id) && !own.has(id)));
  const { rows } = project.engine;
  const { expected, statements } = seeding;
  const limited = without.size > 0 || own.size > 0 || seeding.tables !== undefined;
  const { empty, off = [] }: Seeded = await rows.seed(database, {
    ...limited ? { tables } : {},
    ...expected === undefined ? {} : { expected },
    ...statements === undefined ? {} : { statements },
  });
  await resetSession(project, database);
  const reasons = new Map([
    ...empty.map(({ table, reason }) => [table, reason] as const),
    ...[...without].map(([id, reason]) => [nameOf(id, seeding.before), reason] as const),
  ]);
  return { reasons, silent: off.map((id) => nameOf(id, seeding.before)) };
}

/** Which of the tables that are looked at have rows, by what is seen. */
export function coverageOf(
  seen: Observation,
  { tables, before }: Pick<Seeding, "tables" | "before">,
  reasons: ReadonlyMap<string, string>,
): Coverage {
  const looked = [...seen.tables.values()].filter(({ id }) =>
    before.objects.has(id) && (tables === undefined || tables.has(id))
  );
  const empty = looked.filter(({ rows }) => rows.length === 0);
  return {
    tables: looked.length,
    seeded: new Set(looked.filter(({ rows }) => rows.length > 0).map(({ id }) => id)),
    uncovered: empty.map(({ name }) => ({
      table: name,
      reason: (reasons.get(name) ?? "no row could be put in").split("\n")[0] ?? "",
    })),
  };
}

/** Tables that an answer says are without rows, and those that refer to them, with the reason. */
export function emptyByAnswer(
  choices: readonly Choice[],
  { before, target }: { readonly before: Snapshot; readonly target: Snapshot },
): ReadonlyMap<string, string> {
  const around = { from: before, to: target };
  const found = new Map<string, string>();
  for (const choice of choices.filter(isAssumption)) {
    const { table, column, columns } = choice.evidence;
    const names = new Set([
      choice.id.slice(choice.id.indexOf(":") + 1),
      ...[table, column, ...Array.isArray(columns) ? columns : []].filter((name) =>
        typeof name === "string"
      ),
    ]);
    for (const { objects } of [before, target]) {
      for (const { id, name } of objects.values()) {
        const owner = names.has(name) ? tableOf(id, around) : null;
        if (owner === null) continue;
        for (const table of formerTables(owner, around)) {
          found.set(table, `${choice.id}=${choice.answer?.option} says that it has none`);
        }
      }
    }
  }
  for (const [id, reason] of [...found]) {
    // What goes into the table that it is a part of may come into it.
    for (const whole of wholesOf(nameOf(id, before), before)) found.set(`table:${whole}`, reason);
  }
  const more = dependents(found, linksIn(before), before, "it refers to a table without rows");
  return new Map([...more, ...found]);
}

/** The table as it was before; one that was not there by that name can be any of those that go. */
function formerTables(
  id: string,
  { from, to }: { readonly from: Snapshot; readonly to: Snapshot },
): readonly string[] {
  if (from.objects.has(id)) return [id];
  return [...tableIds(from)].filter((table) => !to.objects.has(table));
}

/** Tables that need one of the given ones, directly or not. */
function dependents(
  tables: ReadonlyMap<string, string>,
  links: readonly TableLink[],
  snapshot: Snapshot,
  reason: string,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { table, other } of links) {
      if (tables.has(table) || found.has(table)) continue;
      if (tables.has(other) || found.has(other)) {
        found.set(table, `${reason}: ${nameOf(other, snapshot)}`);
      }
    }
  }
  return found;
}

function nameOf(id: string, { objects }: Snapshot): string {
  return objects.get(id)?.name ?? id.slice(id.indexOf(":") + 1);
}

function tableIds({ objects }: Snapshot): ReadonlySet<string> {
  return new Set([...objects.values()].filter(({ kind }) => kind === "table").map(({ id }) => id));
}

/** Runs the project's own seeds. Gives the ids of the tables that have rows then. Throws UsageError for one that fails. */
async function runSeeds(
  project: Project,
  database: ScratchDatabase,
  { files, areNamed }: Seeds,
): Promise<ReadonlySet<string>> {
  if (files.length === 0) return new Set();
  for (const file of files) {
    try {
      await runSeedFiles(project, database, { files: [file] });
    } catch (error) {
      if (!(error instanceof ScriptFailure)) throw error;
      if (areNamed) throw seedError(error);
      const { place, reason } = error;
      note(project, `Rows of ${place.file} are left out: line ${place.line}: ${reason.message}`);
    }
  }
  const { tables } = await project.engine.rows.observe(database, undefined, "rows");
  return new Set([...tables.values()].filter(({ rows }) => rows.length > 0).map(({ id }) => id));
}

/** Runs files of rows. Throws ScriptFailure. */
export async function runSeedFiles(
  project: Project,
  database: ScratchDatabase,
  { files }: Pick<Seeds, "files">,
): Promise<void> {
  const options = { ...runOptions(project, ""), emit: () => {} };
  for (const file of files) {
    await runInSession(project, database, schemaScript(file), options);
  }
}

function seedError(failure: ScriptFailure): UsageError {
  return failure.toUsageError(
    "put in the rows of",
    "Seeds run on the schema that the migrations leave, before the new migration",
  );
}
