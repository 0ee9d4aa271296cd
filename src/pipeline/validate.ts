/** Every migration of a history: UP applies, DOWN restores the schema before it, UP works again. Linear in their number. */

import type { Migration } from "../formats/format.ts";
import type { Database } from "../runtimes/runtime.ts";
import type { Change, Snapshot, Verdict } from "../schema.ts";
import type { MigrationVerdict } from "../outcome.ts";
import { type Project, runOptions } from "./project.ts";
import { runScript, ScriptFailure } from "./run_script.ts";
import { folderOf, inspect, label, resetSession } from "./snapshot.ts";
import { judge } from "./verify.ts";

/** What walking through a history found. */
export interface Walk {
  readonly verdicts: readonly MigrationVerdict[];
  /** The schema after the last migration; null when one could not be applied. */
  readonly end: Snapshot | null;
  readonly statements: number;
}

/** Walks through a history in the given fresh database, each migration once forth, back and forth again. */
export async function walkHistory(
  project: Project,
  database: Database,
  migrations: readonly Migration[],
): Promise<Walk> {
  const verdicts: MigrationVerdict[] = [];
  let statements = 0;
  let before = await inspect(project, database);
  for (const [index, migration] of migrations.entries()) {
    const { verdict, after, count } = await walkOne(project, database, migration, before);
    statements += count;
    verdicts.push(verdict);
    if (after === null) return { verdicts, end: null, statements };
    before = after;
    const text = label(migration);
    const total = migrations.length;
    project.emit({ type: "progress", stage: "verify", done: index + 1, total, text });
  }
  return { verdicts, end: before, statements };
}

interface Step {
  readonly verdict: MigrationVerdict;
  readonly after: Snapshot | null;
  readonly count: number;
}

async function walkOne(
  project: Project,
  database: Database,
  migration: Migration,
  before: Snapshot,
): Promise<Step> {
  const name = { version: migration.version, name: migration.name };
  const folder = folderOf(project);
  const up = await run(project, database, migration.up);
  if (typeof up !== "number") {
    const verdict: MigrationVerdict = {
      ...name,
      up: "error",
      down: migration.down === null ? "missing" : "error",
      again: "not-run",
      detail: describeFailure(up),
    };
    return { verdict, after: null, count: 0 };
  }
  const after = await inspect(project, database);
  if (migration.down === null) {
    const verdict: MigrationVerdict = {
      ...name,
      up: "ok",
      down: "missing",
      again: "not-run",
      detail: "",
    };
    return { verdict, after, count: up };
  }
  const end = await database.checkpoint();
  const down = await judge(project, database, [migration.down], before);
  if (down.state === "error" || down.state === "not-run") {
    await database.rewind(end);
    const detail = down.state === "error" ? `DOWN fails: ${down.message}` : "";
    return {
      verdict: { ...name, up: "ok", down: "error", again: "not-run", detail },
      after,
      count: up,
    };
  }
  const again = await judge(project, database, [migration.up], after);
  await database.rewind(end);
  const details = [
    down.state === "differs"
      ? `${folder}${migration.down.file}: DOWN leaves ${changeList(down.changes)}`
      : "",
    again.state === "error" ? `UP fails the second time: ${again.message}` : "",
    again.state === "differs" ? `UP the second time leaves ${changeList(again.changes)}` : "",
  ].filter((text) => text !== "");
  const verdict: MigrationVerdict = {
    ...name,
    up: "ok",
    down: down.state,
    again: againWord(again),
    detail: details.join("\n"),
  };
  return { verdict, after, count: up };
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

function describeFailure(failure: ScriptFailure): string {
  const { file, line, column } = failure.place;
  return `UP fails: ${file}:${line}:${column}: ${failure.reason.message}`;
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
