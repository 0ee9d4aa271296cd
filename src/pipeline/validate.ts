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
  let before = hasDown(migrations[0]) ? await mark(project, database) : NO_MARK;
  for (const [index, migration] of migrations.entries()) {
    const { verdict, count } = await walkOne(project, database, migration, before);
    statements += count;
    verdicts.push(verdict);
    if (verdict.up === "error") break;
    before = hasDown(migrations[index + 1]) ? await mark(project, database) : NO_MARK;
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

/** Where no DOWN is to be compared with a state it is not needed. */
const NO_MARK: Mark = { state: { id: 0 }, digest: "" };

function hasDown(migration: Migration | undefined): boolean {
  return migration !== undefined && migration.down !== null;
}

interface Step {
  readonly verdict: MigrationVerdict;
  readonly count: number;
}

async function mark(project: Project, database: Database): Promise<Mark> {
  const digest = await project.engine.fingerprint(database);
  return { digest, state: await database.checkpoint() };
}

/** The database holds the state before; afterwards it holds the state after UP, if UP works. */
async function walkOne(
  project: Project,
  database: Database,
  migration: Migration,
  before: Mark,
): Promise<Step> {
  const name = { version: migration.version, name: migration.name };
  const up = await run(project, database, migration.up);
  if (typeof up !== "number") {
    const down = migration.down === null ? "missing" : "error";
    const detail = describeFailure("UP", up);
    return { verdict: { ...name, up: "error", down, again: "not-run", detail }, count: 0 };
  }
  if (migration.down === null) {
    const verdict = { ...name, up: "ok", down: "missing", again: "not-run", detail: "" } as const;
    return { verdict, count: up };
  }
  const down = await run(project, database, migration.down);
  if (typeof down !== "number") {
    await restart(project, database, migration, before);
    const detail = describeFailure("DOWN", down);
    return { verdict: { ...name, up: "ok", down: "error", again: "not-run", detail }, count: up };
  }
  if (await project.engine.fingerprint(database) !== before.digest) {
    return { verdict: await compareStates(project, database, migration, before), count: up };
  }
  const again = await run(project, database, migration.up);
  if (typeof again === "number") {
    return { verdict: { ...name, up: "ok", down: "exact", again: "ok", detail: "" }, count: up };
  }
  await restart(project, database, migration, before);
  const detail = describeFailure("UP, the second time,", again);
  return { verdict: { ...name, up: "ok", down: "exact", again: "error", detail }, count: up };
}

/** Goes back to the state before and on to the one after UP, which is known to work from there. */
async function restart(
  project: Project,
  database: Database,
  migration: Migration,
  before: Mark,
): Promise<void> {
  await database.rewind(before.state);
  await run(project, database, migration.up);
}

/** Compares by snapshots. The database holds the state after DOWN; afterwards it holds the state after UP. */
async function compareStates(
  project: Project,
  database: Database,
  migration: Migration,
  before: Mark,
): Promise<MigrationVerdict> {
  const returned = await database.checkpoint();
  const actual = await inspect(project, database);
  await database.rewind(before.state);
  const down = compare(project, actual, await inspect(project, database));
  const again = passes(down)
    ? await runAgain(project, database, migration, returned)
    : await judgeAgain(project, database, migration, returned);
  await restart(project, database, migration, before);
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

/** From another schema than before, what UP gives must be compared. The database holds the state before. */
async function judgeAgain(
  project: Project,
  database: Database,
  migration: Migration,
  returned: Checkpoint,
): Promise<Verdict> {
  await run(project, database, migration.up);
  const expected = await inspect(project, database);
  await database.rewind(returned);
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
