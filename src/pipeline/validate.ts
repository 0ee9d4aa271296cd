/** Every migration of a history: UP applies, DOWN restores the schema before it, UP works again. Linear in their number. */

import type { Migration } from "../formats/format.ts";
import type { Checkpoint, Database } from "../runtimes/runtime.ts";
import type { Change, Snapshot, Verdict } from "../schema.ts";
import type { MigrationVerdict } from "../outcome.ts";
import { type Project, runOptions } from "./project.ts";
import { runScript, ScriptFailure } from "./run_script.ts";
import { folderOf, inspect, label, resetSession } from "./snapshot.ts";
import { compare, judge, passes, runAll } from "./verify.ts";

/** What walking through a history found. */
export interface Walk {
  readonly verdicts: readonly MigrationVerdict[];
  /** The schema after the last migration; null when one could not be applied. */
  readonly end: Snapshot | null;
  readonly statements: number;
}

/**
 * Walks through a history in the given fresh database, each migration once forth, back and forth again. Where the digests of
 * the catalog before UP and after DOWN are equal there is nothing to compare; only elsewhere snapshots are taken.
 */
export async function walkHistory(
  project: Project,
  database: Database,
  migrations: readonly Migration[],
): Promise<Walk> {
  const { emit } = project;
  const start = performance.now();
  emit({ type: "stage", stage: "verify", state: "start", text: "proving the migrations" });
  const verdicts: MigrationVerdict[] = [];
  let statements = 0;
  const markAt = (at: number) =>
    hasDown(migrations[at]) || hasDown(migrations[at + 1]) ? mark(project, database) : NO_MARK;
  let before = await markAt(-1);
  for (const [index, migration] of migrations.entries()) {
    const keep = () => markAt(index);
    const { verdict, after, count } = await walkOne(project, database, migration, { before, keep });
    statements += count;
    verdicts.push(verdict);
    if (after === null) break;
    before = after;
    const text = label(migration);
    emit({ type: "progress", stage: "verify", done: index + 1, total: migrations.length, text });
  }
  const applied = verdicts.every((verdict) => verdict.up === "ok");
  const text = `${verdicts.length} of ${migrations.length} migrations`;
  emit({ type: "stage", stage: "verify", state: "done", text, ms: performance.now() - start });
  return { verdicts, end: applied ? await inspect(project, database) : null, statements };
}

/** A state of the database and the digest of its catalog. */
interface Mark {
  readonly state: Checkpoint;
  readonly digest: string;
}

/** Where no DOWN is to be compared, before or after, the state is not needed. */
const NO_MARK: Mark = { state: { id: 0 }, digest: "" };

function hasDown(migration: Migration | undefined): boolean {
  return migration !== undefined && migration.down !== null;
}

interface Step {
  readonly verdict: MigrationVerdict;
  readonly after: Mark | null;
  readonly count: number;
}

async function mark(project: Project, database: Database): Promise<Mark> {
  const digest = await project.engine.fingerprint(database);
  return { digest, state: await database.checkpoint() };
}

/** The database holds the state before; afterwards it holds the state after UP. */
async function walkOne(
  project: Project,
  database: Database,
  migration: Migration,
  { before, keep }: { readonly before: Mark; readonly keep: () => Promise<Mark> | Mark },
): Promise<Step> {
  const name = { version: migration.version, name: migration.name };
  const up = await run(project, database, migration.up);
  if (typeof up !== "number") {
    const down = migration.down === null ? "missing" : "error";
    const detail = describeFailure("UP", up);
    return {
      verdict: { ...name, up: "error", down, again: "not-run", detail },
      after: null,
      count: 0,
    };
  }
  const after = await keep();
  const step = { after, count: up };
  if (migration.down === null) {
    const verdict = { ...name, up: "ok", down: "missing", again: "not-run", detail: "" } as const;
    return { ...step, verdict };
  }
  const down = await run(project, database, migration.down);
  if (typeof down !== "number") {
    await database.rewind(after.state);
    const detail = describeFailure("DOWN", down);
    return { ...step, verdict: { ...name, up: "ok", down: "error", again: "not-run", detail } };
  }
  if (await project.engine.fingerprint(database) === before.digest) {
    const again = await run(project, database, migration.up);
    const failed = typeof again === "number"
      ? null
      : describeFailure("UP, the second time,", again);
    await database.rewind(after.state);
    return {
      ...step,
      verdict: {
        ...name,
        up: "ok",
        down: "exact",
        again: failed === null ? "ok" : "error",
        detail: failed ?? "",
      },
    };
  }
  return { ...step, verdict: await compareStates(project, database, migration, { before, after }) };
}

/** Compares by snapshots. The database holds the state after DOWN; afterwards it holds the state after UP. */
async function compareStates(
  project: Project,
  database: Database,
  migration: Migration,
  marks: { readonly before: Mark; readonly after: Mark },
): Promise<MigrationVerdict> {
  const returned = await database.checkpoint();
  const actual = await inspect(project, database);
  await database.rewind(marks.before.state);
  const down = compare(project, actual, await inspect(project, database));
  const again = passes(down)
    ? await runAgain(project, database, migration, returned)
    : await judgeAgain(project, database, migration, { returned, after: marks.after.state });
  await database.rewind(marks.after.state);
  const details: string[] = [];
  if (down.state === "differs") {
    const file = folderOf(project) + migration.down?.file;
    details.push(`${file}: DOWN leaves ${changeList(down.changes)}`);
  }
  if (again.state === "error") details.push(`UP fails the second time: ${again.message}`);
  if (again.state === "differs") {
    details.push(`UP the second time leaves ${changeList(again.changes)}`);
  }
  return {
    version: migration.version,
    name: migration.name,
    up: "ok",
    down: down.state === "not-run" ? "missing" : down.state,
    again: againWord(again),
    detail: details.join("\n"),
  };
}

/** From the very schema before, UP gives the same as the first time, if it works at all. */
async function runAgain(
  project: Project,
  database: Database,
  migration: Migration,
  returned: Checkpoint,
): Promise<Verdict> {
  await database.rewind(returned);
  return await runAll(project, database, [migration.up]) ?? { state: "exact" };
}

/** From another schema than before, what UP gives must be compared. */
async function judgeAgain(
  project: Project,
  database: Database,
  migration: Migration,
  states: { readonly returned: Checkpoint; readonly after: Checkpoint },
): Promise<Verdict> {
  await database.rewind(states.after);
  const expected = await inspect(project, database);
  await database.rewind(states.returned);
  return await judge(project, database, [migration.up], expected);
}

/** What is there and should not be, what is missing, what is other: `extra column public.users.email`. */
export function changeList(changes: readonly Change[]): string {
  const most = 6;
  const words = changes.slice(0, most).map((change) => {
    if (change.op === "drop") return `extra ${change.kind} ${change.before.name}`;
    if (change.op === "create") return `no ${change.kind} ${change.after.name}`;
    return `${change.kind} ${change.after.name} with another ${change.facts.join(", ")}`;
  });
  if (changes.length > most) words.push(`${changes.length - most} more`);
  return words.join("; ");
}

function againWord(verdict: Verdict): MigrationVerdict["again"] {
  if (verdict.state === "error" || verdict.state === "differs") return verdict.state;
  return verdict.state === "not-run" ? "not-run" : "ok";
}

function describeFailure(direction: string, failure: ScriptFailure): string {
  const { file, line, column } = failure.place;
  return `${direction} fails: ${file}:${line}:${column}: ${failure.reason.message}`;
}

async function run(
  project: Project,
  database: Database,
  script: Migration["up"],
): Promise<number | ScriptFailure> {
  try {
    return await runScript(database, script, runOptions(project, folderOf(project)));
  } catch (error) {
    if (error instanceof ScriptFailure) return error;
    throw error;
  } finally {
    await resetSession(project, database);
  }
}
