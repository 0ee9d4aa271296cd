/** The project's own rows and checks while a history is walked through: put in where they fit first, held against each migration from there on. */

import type { FailedCheck } from "../../../core/proof.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { Seeds } from "../../files/seeds.ts";
import { note, type Project } from "../../project.ts";
import { resetSession } from "../run_in_session.ts";
import { ScriptFailure } from "../run_script.ts";
import { RowChecks } from "./checks.ts";
import { tablesNamedIn } from "./scope.ts";
import { runSeedFiles } from "./seeding.ts";

/** Rows and checks of a project, on the database that its migrations run on. */
export class OwnRows {
  readonly #project: Project;
  readonly #database: ScratchDatabase;
  readonly #seeds: Seeds;
  readonly #texts: readonly string[];
  #failure: ScriptFailure | null = null;
  #isIn: boolean;
  /** The last time that they fitted is behind: what is reset gets them again. */
  #wereIn = false;

  constructor(project: Project, database: ScratchDatabase, seeds: Seeds) {
    this.#project = project;
    this.#database = database;
    this.#seeds = seeds;
    this.#texts = seeds.files.map(({ text }) => text);
    this.#isIn = seeds.files.length === 0;
  }

  /** Ids of the tables that these rows are waited for. */
  waitedFor(tables: ReadonlyMap<string, string>): ReadonlySet<string> {
    return this.#isIn ? new Set() : tablesNamedIn(tables, this.#texts);
  }

  /** Puts the rows in if the state takes all of them; null when it does not, or has them, else how it is done again. */
  async put(tables: ReadonlyMap<string, string>): Promise<(() => Promise<void>) | null> {
    if (this.#isIn || this.waitedFor(tables).size === 0) return null;
    const state = await this.#database.checkpoint();
    const run = async () => {
      await runSeedFiles(this.#project, this.#database, this.#seeds);
      await resetSession(this.#project, this.#database);
    };
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ScriptFailure)) throw error;
      this.#failure = error;
      await this.#database.rewind(state);
      return null;
    }
    this.#isIn = true;
    this.#wereIn = true;
    return run;
  }

  /** The database has no rows any more. */
  emptied(): void {
    this.#isIn = this.#seeds.files.length === 0;
  }

  /** The checks that hold in this state, to be held against what runs next; none while rows are waited for. */
  async holding(): Promise<HeldChecks | null> {
    if (!this.#isIn || this.#project.config.checks.length === 0) return null;
    const checks = new RowChecks(
      this.#project,
      this.#database,
      () => resetSession(this.#project, this.#database),
    );
    const failed = await checks.run("before", { onlyIfRun: true });
    return new HeldChecks(checks, new Set(failed.map(({ name }) => name)));
  }

  /** Says of rows that no state took why not. */
  end(): void {
    if (this.#seeds.files.length === 0 || this.#wereIn) return;
    const why = this.#failure === null
      ? "no migration makes a table that they name"
      : `${this.#failure.place.file}:${this.#failure.place.line}: ${this.#failure.reason.message}`;
    note(this.#project, `The project's own rows fit no state of the history: ${why}`);
  }
}

/** Checks that held before a migration. */
class HeldChecks {
  readonly #checks: RowChecks;
  readonly #without: ReadonlySet<string>;
  /** Those that it broke. */
  readonly broken: FailedCheck[] = [];

  constructor(checks: RowChecks, without: ReadonlySet<string>) {
    this.#checks = checks;
    this.#without = without;
  }

  /** Runs them after UP, or after DOWN. */
  async run(when: "up" | "down"): Promise<void> {
    const failed = await this.#checks.run(when);
    this.broken.push(...failed.filter(({ name }) => !this.#without.has(name)));
  }
}
