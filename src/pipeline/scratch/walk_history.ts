/** Every migration of a history: UP applies, DOWN restores the schema before it, UP works again. Linear in their number. */

import type { Migration } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Change } from "../../core/change.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { MigrationVerdict } from "../../core/outcome.ts";
import { folderOf, type Project } from "../project.ts";
import type { Seeds } from "../files/seeds.ts";
import { RowWalk } from "./rows/row_walk.ts";
import { unreadable } from "./run_in_session.ts";
import type { ScriptFailure } from "./run_script.ts";
import { runMigration, Trail } from "./trail.ts";
import { inspect, label } from "./snapshot.ts";
import { compare, passes } from "./passage.ts";

/** What walking through a history found. */
export interface Walk {
  readonly verdicts: readonly MigrationVerdict[];
  /** The schema after the last migration; null when one could not be applied. */
  readonly end: Snapshot | null;
  readonly statements: number;
}

/**
 * Walks through migrations in a database that holds the state before them, each once up, down and up again. Where the digests of
 * the catalog before UP and after DOWN are equal there is nothing to compare; only elsewhere snapshots are taken.
 */
export async function walkHistory(
  project: Project,
  database: ScratchDatabase,
  { migrations: walked, searchPath = null, seeds = { files: [], areNamed: false } }: {
    readonly migrations: readonly Migration[];
    /** What those before leave to the session. */
    readonly searchPath?: string | null;
    readonly seeds?: Seeds;
  },
): Promise<Walk> {
  const { emit } = project;
  const start = performance.now();
  emit({ type: "stage", stage: "verify", state: "start", text: "proving the migrations" });
  const verdicts: MigrationVerdict[] = [];
  const trail = new Trail(project, database, searchPath);
  const rows = project.config.rows === "off"
    ? null
    : await RowWalk.begin(project, database, { trail, seeds });
  let statements = 0;
  for (const [index, migration] of walked.entries()) {
    const step = rows === null
      ? walkOne(project, database, migration, { trail })
      : rows.walk(migration, (walk) => walkOne(project, database, migration, walk));
    const { verdict, count } = await step
      .catch((error) => {
        throw unreadable(error, database, folderOf(project) + migration.up.file);
      });
    statements += count;
    verdicts.push(verdict);
    if (verdict.up === "error") break;
    if (rows === null) trail.passed(migration);
    const text = label(migration);
    emit({ type: "progress", stage: "verify", done: index + 1, total: walked.length, text });
  }
  rows?.end();
  const applied = verdicts.every((verdict) => verdict.up === "ok");
  const text = `${verdicts.length} of ${walked.length} migrations`;
  emit({ type: "stage", stage: "verify", state: "done", text, ms: performance.now() - start });
  return { verdicts, end: applied ? await inspect(project, database) : null, statements };
}

/** A migration that was walked through. */
export interface Step {
  readonly verdict: MigrationVerdict;
  readonly count: number;
  /** What failed, where something did. */
  readonly failed?: ScriptFailure;
}

/** What one migration is walked through with. */
export interface StepOptions {
  readonly trail: Trail;
  /** Called after UP and after DOWN, each the first time. */
  readonly after?: (direction: "up" | "down") => Promise<void>;
}

/** The database holds the state before; afterwards it holds the state after UP, if UP works. */
async function walkOne(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  { trail, after: look }: StepOptions,
): Promise<Step> {
  const name = { version: migration.version, name: migration.name };
  if (migration.down !== null || look !== undefined) await trail.mark();
  const before = migration.down === null ? "" : await project.engine.fingerprint(database);
  const session = trail.session();
  const up = await runMigration(project, database, migration.up, session);
  trail.ran(session);
  if (typeof up !== "number") {
    const down = migration.down === null ? "missing" : "error";
    const detail = describeFailure("UP", up);
    const { place } = up;
    const verdict = { ...name, up: "error", down, again: "not-run", detail, place } as const;
    return { verdict, count: 0, failed: up };
  }
  await look?.("up");
  if (migration.down === null) {
    const verdict = { ...name, up: "ok", down: "missing", again: "not-run", detail: "" } as const;
    return { verdict, count: up };
  }
  const down = await runMigration(project, database, migration.down);
  if (typeof down !== "number") {
    await restart(project, database, migration, trail);
    const detail = describeFailure("DOWN", down);
    const { place } = down;
    const verdict = { ...name, up: "ok", down: "error", again: "not-run", detail, place } as const;
    return { verdict, count: up, failed: down };
  }
  await look?.("down");
  const after = await project.engine.fingerprint(database);
  if (after !== before) {
    const step = await compareStates(project, database, migration, { trail, before, after });
    return { ...step, count: up };
  }
  const again = await runMigration(project, database, migration.up, trail.session());
  if (typeof again === "number") {
    return { verdict: { ...name, up: "ok", down: "exact", again: "ok", detail: "" }, count: up };
  }
  await restart(project, database, migration, trail);
  const detail = describeFailure("UP, the second time,", again);
  const { place } = again;
  return {
    verdict: { ...name, up: "ok", down: "exact", again: "error", detail, place },
    count: up,
    failed: again,
  };
}

/** Goes back to the state before and on to the one after UP, which is known to work from there. */
async function restart(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  trail: Trail,
): Promise<void> {
  await trail.back();
  await runMigration(project, database, migration.up, trail.session());
}

/** What is known of a DOWN that does not lead to the very state before: the way back, and the digests of both states. */
interface Doubt {
  readonly trail: Trail;
  readonly before: string;
  readonly after: string;
}

/** Compares by snapshots. The database holds the state after DOWN; afterwards it holds the state after UP. */
async function compareStates(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  { trail, before, after }: Doubt,
): Promise<Omit<Step, "count">> {
  const returned = await inspect(project, database, { digest: after });
  const second = await runMigration(project, database, migration.up, trail.session());
  await trail.back();
  const down = compare(project, returned, await inspect(project, database, { digest: before }));
  await runMigration(project, database, migration.up, trail.session());
  const details: string[] = [];
  if (down.state === "differs") {
    const file = folderOf(project) + migration.down?.file;
    details.push(`${file}: DOWN leaves ${changeList(down.changes)}`);
  }
  let again: MigrationVerdict["again"] = "ok";
  if (typeof second !== "number") {
    again = "error";
    const { file, line } = second.place;
    details.push(`UP fails the second time: ${file}:${line}: ${second.reason.message}`);
  } else if (!passes(down)) {
    // From the very schema before, UP gives the same as the first time; from another one that is to be seen.
    const changes = await secondTime(project, database, migration, trail);
    if (changes.length > 0) {
      again = "differs";
      details.push(`UP the second time leaves ${changeList(changes)}`);
    }
  }
  const verdict: MigrationVerdict = {
    version: migration.version,
    name: migration.name,
    up: "ok",
    down: down.state === "not-run" ? "missing" : down.state,
    again,
    detail: details.join("\n"),
  };
  return typeof second === "number" ? { verdict } : { verdict, failed: second };
}

/** What UP after DOWN leaves otherwise than UP did. The database holds the state after UP, before and afterwards. */
async function secondTime(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  trail: Trail,
): Promise<readonly Change[]> {
  const once = await inspect(project, database);
  if (migration.down !== null) await runMigration(project, database, migration.down);
  await runMigration(project, database, migration.up, trail.session());
  const verdict = compare(project, await inspect(project, database), once);
  await restart(project, database, migration, trail);
  return verdict.state === "differs" ? verdict.changes : [];
}

/** What is there and should not be, what is missing, what is other: `extra column public.users.email`. */
export function changeList(changes: readonly Change[]): string {
  const most = 6;
  // What is in a table says nothing more where the whole table is there or not.
  const whole = new Set(changes.map(({ op, id }) => `${op} ${id}`));
  const own = changes.filter((change) => {
    if (change.op === "alter") return true;
    const { parent } = change.op === "drop" ? change.before : change.after;
    return !whole.has(`${change.op} ${parent}`);
  });
  const words = own.slice(0, most).map((change) => {
    if (change.op === "drop") return `extra ${change.kind} ${change.before.name}`;
    if (change.op === "create") return `no ${change.kind} ${change.after.name}`;
    return `${change.kind} ${change.after.name} with another ${change.facts.join(", ")}`;
  });
  if (own.length > most) words.push(`${own.length - most} more`);
  return words.join("; ");
}

function describeFailure(direction: string, failure: ScriptFailure): string {
  const { file, line, column } = failure.place;
  const hint = failure.hint === undefined ? "" : `\n${failure.hint}`;
  return `${direction} fails: ${file}:${line}:${column}: ${failure.reason.message}${hint}`;
}
