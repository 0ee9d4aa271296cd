/** Every migration of a history: UP applies, DOWN restores the schema before it, UP works again. Linear in their number. */

import type { Migration } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Change } from "../../core/change.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { MigrationVerdict } from "../../core/outcome.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import { KeptSession } from "./kept_session.ts";
import { runInSession, unreadable } from "./run_in_session.ts";
import { extensionError } from "./script_error.ts";
import { ScriptFailure } from "./run_script.ts";
import { inspect, label } from "./snapshot.ts";
import { compare, passes } from "./verify.ts";

/** What walking through a history found. */
export interface Walk {
  readonly verdicts: readonly MigrationVerdict[];
  /** The schema after the last migration; null when one could not be applied. */
  readonly end: Snapshot | null;
  readonly statements: number;
}

/**
 * Walks through a history in the given fresh database, each migration once up, down and up again. Where the digests of
 * the catalog before UP and after DOWN are equal there is nothing to compare; only elsewhere snapshots are taken.
 */
export async function walkHistory(
  project: Project,
  database: ScratchDatabase,
  migrations: readonly Migration[],
): Promise<Walk> {
  const { emit } = project;
  const start = performance.now();
  emit({ type: "stage", stage: "verify", state: "start", text: "proving the migrations" });
  const verdicts: MigrationVerdict[] = [];
  const trail = new Trail(project, database);
  let statements = 0;
  for (const [index, migration] of migrations.entries()) {
    const { verdict, count } = await walkOne(project, database, migration, trail)
      .catch((error) => {
        throw unreadable(error, database, folderOf(project) + migration.up.file);
      });
    statements += count;
    verdicts.push(verdict);
    if (verdict.up === "error") break;
    trail.passed(migration);
    const text = label(migration);
    emit({ type: "progress", stage: "verify", done: index + 1, total: migrations.length, text });
  }
  const applied = verdicts.every((verdict) => verdict.up === "ok");
  const text = `${verdicts.length} of ${migrations.length} migrations`;
  emit({ type: "stage", stage: "verify", state: "done", text, ms: performance.now() - start });
  return { verdicts, end: applied ? await inspect(project, database) : null, statements };
}

/** The way back to the state before a migration: a checkpoint, and the migrations since then, which are known to work. */
class Trail {
  readonly #project: Project;
  readonly #database: ScratchDatabase;
  readonly #since: { readonly migration: Migration; readonly searchPath: string | null }[] = [];
  #state: Checkpoint | null = null;
  /** The search path in which the next UP begins, and the one that the last UP left. */
  #searchPath: string | null = null;
  #left: string | null = null;

  constructor(project: Project, database: ScratchDatabase) {
    this.#project = project;
    this.#database = database;
  }

  /** Call in the state before a migration whose DOWN is to be tried. */
  async mark(): Promise<void> {
    if (this.#state !== null && this.#since.length < FAR) return;
    this.#state = await this.#database.checkpoint();
    this.#since.length = 0;
  }

  /** The database holds the state after this migration. */
  passed(migration: Migration): void {
    this.#since.push({ migration, searchPath: this.#searchPath });
    this.#searchPath = this.#left;
  }

  /** The session in which UP of the next migration runs. */
  session(): KeptSession {
    return new KeptSession(this.#project.engine, this.#searchPath);
  }

  /** UP of the next migration ran in this session. */
  ran({ value }: KeptSession): void {
    this.#left = value;
  }

  /** Goes back to the state before the migration that has not yet passed. */
  async back(): Promise<void> {
    if (this.#state === null) throw new Error("There is no state to go back to");
    await this.#database.rewind(this.#state);
    for (const { migration, searchPath } of this.#since) {
      const session = new KeptSession(this.#project.engine, searchPath);
      await run(this.#project, this.#database, migration.up, session);
    }
  }
}

/** So many migrations are replayed in less time than a checkpoint before each of them takes. */
const FAR = 4;

interface Step {
  readonly verdict: MigrationVerdict;
  readonly count: number;
}

/** The database holds the state before; afterwards it holds the state after UP, if UP works. */
async function walkOne(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  trail: Trail,
): Promise<Step> {
  const name = { version: migration.version, name: migration.name };
  if (migration.down !== null) await trail.mark();
  const before = migration.down === null ? "" : await project.engine.fingerprint(database);
  const session = trail.session();
  const up = await run(project, database, migration.up, session);
  trail.ran(session);
  if (typeof up !== "number") {
    const down = migration.down === null ? "missing" : "error";
    const detail = describeFailure("UP", up);
    const { place } = up;
    return { verdict: { ...name, up: "error", down, again: "not-run", detail, place }, count: 0 };
  }
  if (migration.down === null) {
    const verdict = { ...name, up: "ok", down: "missing", again: "not-run", detail: "" } as const;
    return { verdict, count: up };
  }
  const down = await run(project, database, migration.down);
  if (typeof down !== "number") {
    await restart(project, database, migration, trail);
    const detail = describeFailure("DOWN", down);
    const { place } = down;
    const verdict = { ...name, up: "ok", down: "error", again: "not-run", detail, place } as const;
    return { verdict, count: up };
  }
  const after = await project.engine.fingerprint(database);
  if (after !== before) {
    const verdict = await compareStates(project, database, migration, { trail, before, after });
    return { verdict, count: up };
  }
  const again = await run(project, database, migration.up, trail.session());
  if (typeof again === "number") {
    return { verdict: { ...name, up: "ok", down: "exact", again: "ok", detail: "" }, count: up };
  }
  await restart(project, database, migration, trail);
  const detail = describeFailure("UP, the second time,", again);
  const { place } = again;
  return {
    verdict: { ...name, up: "ok", down: "exact", again: "error", detail, place },
    count: up,
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
  await run(project, database, migration.up, trail.session());
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
): Promise<MigrationVerdict> {
  const returned = await inspect(project, database, { digest: after });
  const second = await run(project, database, migration.up, trail.session());
  await trail.back();
  const down = compare(project, returned, await inspect(project, database, { digest: before }));
  await run(project, database, migration.up, trail.session());
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
  return {
    version: migration.version,
    name: migration.name,
    up: "ok",
    down: down.state === "not-run" ? "missing" : down.state,
    again,
    detail: details.join("\n"),
  };
}

/** What UP after DOWN leaves otherwise than UP did. The database holds the state after UP, before and afterwards. */
async function secondTime(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  trail: Trail,
): Promise<readonly Change[]> {
  const once = await inspect(project, database);
  if (migration.down !== null) await run(project, database, migration.down);
  await run(project, database, migration.up, trail.session());
  const verdict = compare(project, await inspect(project, database), once);
  await restart(project, database, migration, trail);
  return verdict.state === "differs" ? verdict.changes : [];
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

function describeFailure(direction: string, failure: ScriptFailure): string {
  const { file, line, column } = failure.place;
  const hint = failure.hint === undefined ? "" : `\n${failure.hint}`;
  return `${direction} fails: ${file}:${line}:${column}: ${failure.reason.message}${hint}`;
}

async function run(
  project: Project,
  database: ScratchDatabase,
  script: Migration["up"],
  session?: KeptSession,
): Promise<number | ScriptFailure> {
  try {
    return await runInSession(
      project,
      database,
      script,
      runOptions(project, folderOf(project)),
      session,
    );
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    const missing = extensionError(project, "replay", error);
    if (missing !== null) throw missing;
    return error;
  }
}
