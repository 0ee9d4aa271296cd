/** The way back to the state before a migration, while a history is walked through. */

import type { Migration } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase } from "../../runtimes/runtime.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import { KeptSession } from "./kept_session.ts";
import { runInSession } from "./run_in_session.ts";
import { ScriptFailure } from "./run_script.ts";
import { extensionError } from "./script_error.ts";

/** What leads from one state to the next, and is known to work. */
type Passed = () => Promise<unknown>;

/** The way back to the state before a migration: a checkpoint, and the migrations since then, which are known to work. */
export class Trail {
  readonly #project: Project;
  readonly #database: ScratchDatabase;
  readonly #since: Passed[] = [];
  #state: Checkpoint | null = null;
  /** So many migrations are passed until the next checkpoint: the more, the longer nobody has gone back. */
  #far = NEAR;
  #wentBack = false;
  /** The search path in which the next UP begins, and the one that the last UP left. */
  #searchPath: string | null;
  #left: string | null;

  /** `searchPath` is the one in which the next UP begins. */
  constructor(project: Project, database: ScratchDatabase, searchPath: string | null = null) {
    this.#project = project;
    this.#database = database;
    this.#searchPath = searchPath;
    this.#left = searchPath;
  }

  /** The search path in which the next UP begins. */
  get searchPath(): string | null {
    return this.#searchPath;
  }

  /** Call in the state before a migration whose DOWN is to be tried. */
  async mark(): Promise<void> {
    if (this.#state !== null && this.#since.length < this.#far) return;
    if (this.#state !== null) this.#far = this.#wentBack ? NEAR : Math.min(2 * this.#far, FAR);
    this.#wentBack = false;
    this.end();
    this.#state = await this.#database.checkpoint();
    this.#since.length = 0;
  }

  /** Gives up the state that it goes back to. */
  end(): void {
    if (this.#state !== null) this.#database.forget?.(this.#state);
    this.#state = null;
  }

  /** The database holds the state after this migration. */
  passed(migration: Migration): void {
    const searchPath = this.#searchPath;
    this.#since.push(() =>
      runMigration(
        this.#project,
        this.#database,
        migration.up,
        new KeptSession(this.#project.engine, searchPath),
      )
    );
    this.#searchPath = this.#left;
  }

  /** Something else was done to the state, and is to be done again on the way back. */
  did(action: Passed): void {
    this.#since.push(action);
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
    this.#wentBack = true;
    await this.#database.rewind(this.#state);
    for (const action of this.#since) await action();
  }
}

/** So many migrations are replayed in less time than a checkpoint before each of them takes, where one goes back to each. */
const NEAR = 4;

/** The most that are replayed when one goes back after a long time. */
const FAR = 16;

/** Runs one direction of a migration; gives the number of its statements, or the failure of one. */
export async function runMigration(
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
      { ...runOptions(project, folderOf(project)), together: true },
      session,
    );
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    const missing = extensionError(project, "replay", error);
    if (missing !== null) throw missing;
    return error;
  }
}
