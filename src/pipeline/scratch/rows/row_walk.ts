/** Rows under a whole history: tables get some when they are there, and each migration is run over all that was put in before it. */

import type { MigrationVerdict, RowsVerdict } from "../../../core/outcome.ts";
import type { Observation } from "../../../core/observation.ts";
import type { FailedCheck } from "../../../core/proof.ts";
import type { Migration } from "../../../formats/format.ts";
import type { Checkpoint, ScratchDatabase } from "../../../runtimes/runtime.ts";
import { isLimit } from "../../../runtimes/limits.ts";
import { lastName, splitName } from "../../../core/name.ts";
import { wildcard } from "../../../text/wildcard.ts";
import type { Seeds } from "../../files/seeds.ts";
import { ignored, note, type Project } from "../../project.ts";
import { resetSession } from "../run_in_session.ts";
import { runMigration, Trail } from "../trail.ts";
import { judgeMigration, saidIn } from "./judge_migration.ts";
import { OwnRows } from "./own_rows.ts";
import { isAbout } from "./said.ts";
import { isWordIn, mayMakeTables, tablesNamedIn } from "./scope.ts";
import type { Step, StepOptions } from "../walk_history.ts";

/** What was seen of one migration. */
export interface MigrationSeen {
  readonly first: Observation;
  readonly middle: Observation | null;
  readonly last: Observation | null;
}

/** Walks through migrations over rows; one that rows do not let through is walked through without them. */
export class RowWalk {
  readonly #project: Project;
  readonly #database: ScratchDatabase;
  #trail: Trail;
  /** A state without rows, and the migrations since then. */
  #bare: {
    readonly state: Checkpoint;
    readonly since: { readonly migration: Migration; readonly searchPath: string | null }[];
  };
  /** Names of all tables that are there, by id, as far as they were seen. */
  #tables: ReadonlyMap<string, string> = new Map();
  /** Whether a table is a runner's book, or left out by the settings. */
  readonly #isLeftOut: (name: string) => boolean;
  /** The project's own rows and checks. */
  readonly #own: OwnRows;
  /** Ids of the tables that were to get rows. */
  readonly #seeded = new Set<string>();

  private constructor(
    project: Project,
    database: ScratchDatabase,
    { trail, state, seeds }: {
      readonly trail: Trail;
      readonly state: Checkpoint;
      readonly seeds: Seeds;
    },
  ) {
    this.#project = project;
    this.#database = database;
    this.#trail = trail;
    this.#bare = { state, since: [] };
    this.#isLeftOut = leftOut(project);
    this.#own = new OwnRows(project, database, seeds);
  }

  /** Begins in a database that no migration has touched. */
  static async begin(
    project: Project,
    database: ScratchDatabase,
    { trail, seeds }: { readonly trail: Trail; readonly seeds: Seeds },
  ): Promise<RowWalk> {
    // Before the state that is gone back to, so that it has the queries prepared.
    const seen = await project.engine.rows.observe(database, undefined, "rows");
    const state = await database.checkpoint();
    const walk = new RowWalk(project, database, { trail, state, seeds });
    walk.#know(seen);
    return walk;
  }

  /** Walks through one migration with `walkOne`. The database holds the state before; afterwards it holds the state after UP. */
  async walk(
    migration: Migration,
    walkOne: (options: StepOptions) => Promise<Step>,
  ): Promise<Step> {
    const { searchPath } = this.#trail;
    await this.#seedNew();
    const scope = this.#scopeOf(migration);
    const first = await this.#look(scope);
    const checks = await this.#own.holding();
    let middle: Observation | null = null;
    let last: Observation | null = null;
    const step = await walkOne({
      trail: this.#trail,
      after: async (direction) => {
        const seen = await this.#look(scope, migration);
        if (direction === "up") middle = seen;
        else last = seen;
        await checks?.run(direction);
      },
    });
    const judged = step.verdict.up === "error" ? NOTHING : await judgeMigration(
      { project: this.#project, database: this.#database, trail: this.#trail },
      migration,
      { first, middle, last },
    );
    const rows = withChecks(judged, checks?.broken ?? []);
    if (isRefused(step.verdict)) {
      return await this.#withoutRows(migration, walkOne, { step, rows, searchPath });
    }
    if (middle !== null) {
      this.#know(middle, scope);
      this.#forgetEmptied(first, middle);
    }
    this.#passed(migration, searchPath);
    return { ...step, verdict: { ...step.verdict, rows } };
  }

  /** No migration follows. */
  end(): void {
    this.#own.end();
  }

  #passed(migration: Migration, searchPath: string | null): void {
    this.#trail.passed(migration);
    this.#bare.since.push({ migration, searchPath });
  }

  /** What a migration does that failed over rows. */
  async #withoutRows(
    migration: Migration,
    walkOne: (options: StepOptions) => Promise<Step>,
    { step: over, rows, searchPath }: {
      readonly step: Step;
      /** What it did to rows before it failed. */
      readonly rows: RowsVerdict;
      readonly searchPath: string | null;
    },
  ): Promise<Step> {
    const tables = new Set([...this.#tables.values()].map(lastName));
    this.#trail.end();
    await this.#database.rewind(this.#bare.state);
    for (const { migration: earlier, searchPath: path } of this.#bare.since) {
      const session = new Trail(this.#project, this.#database, path).session();
      await runMigration(this.#project, this.#database, earlier.up, session);
    }
    this.#trail = new Trail(this.#project, this.#database, searchPath);
    const step = await walkOne({ trail: this.#trail });
    if (step.verdict.up !== "error") {
      this.#passed(migration, searchPath);
      this.#database.forget?.(this.#bare.state);
      this.#bare = { state: await this.#database.checkpoint(), since: [] };
      this.#seeded.clear();
      this.#own.emptied();
      this.#know(await this.#look(null));
    }
    const direction = REFUSING.find((one) =>
      over.verdict[one] === "error" && step.verdict[one] !== "error"
    );
    const { failed, verdict: { detail } } = over;
    const isTooMuch = failed !== undefined && isLimit(failed.reason);
    if (direction !== undefined && isTooMuch) {
      // As many as the extreme of a number says: that is no more than what such a number asks for.
      note(this.#project, `${detail.split("\n")[0]}, over rows of extremes: proven without rows`);
    }
    const isNews = direction !== undefined && !isTooMuch &&
      !isForetold(migration, {
        direction,
        refused: `${failed?.statement.sql ?? ""} ${detail}`,
        tables,
      });
    if (isNews) {
      const refused = { direction, message: detail };
      return {
        ...step,
        verdict: { ...step.verdict, rows: { ...rows, state: "refused", refused } },
      };
    }
    return rows.state === "none" ? step : { ...step, verdict: { ...step.verdict, rows } };
  }

  /** Puts rows into tables that have been made since the last time. */
  async #seedNew(): Promise<void> {
    const waiting = this.#own.waitedFor(this.#tables);
    const own = await this.#own.put(this.#tables);
    if (own !== null) {
      this.#trail.did(own);
      for (const id of waiting) this.#seeded.add(id);
    }
    const fresh = new Set(
      [...this.#tables].filter(([id, name]) =>
        !this.#seeded.has(id) && !waiting.has(id) && !this.#isLeftOut(name)
      ).map(([id]) => id),
    );
    if (fresh.size === 0) return;
    const put = async () => {
      await this.#project.engine.rows.seed(this.#database, { tables: fresh });
      await resetSession(this.#project, this.#database);
    };
    await put();
    for (const id of fresh) this.#seeded.add(id);
    this.#trail.did(put);
  }

  /** The tables that a migration names; null for all, where there are few. */
  #scopeOf({ up, down }: Migration): ReadonlySet<string> | null {
    if (this.#tables.size <= FEW) return null;
    return tablesNamedIn(this.#tables, [up.text, down?.text ?? ""]);
  }

  async #look(scope: ReadonlySet<string> | null, migration?: Migration): Promise<Observation> {
    const { rows } = this.#project.engine;
    const isAll = scope === null ||
      migration !== undefined && mayMakeTables([migration.up.text, migration.down?.text ?? ""]);
    const seen = await rows.observe(this.#database, isAll ? undefined : scope, "rows");
    const tables = [...seen.tables].filter(([, { name }]) => !this.#isLeftOut(name));
    return { ...seen, tables: new Map(tables) };
  }

  /** What a migration emptied gets rows again for the next one. */
  #forgetEmptied(first: Observation, { tables }: Observation): void {
    for (const [id, { rows }] of first.tables) {
      if (rows.length > 0 && tables.get(id)?.rows.length === 0) this.#seeded.delete(id);
    }
  }

  /** Remembers which tables there are. */
  #know({ tables }: Observation, scope: ReadonlySet<string> | null = null): void {
    const seen = new Map([...tables.values()].map(({ id, name }) => [id, name] as const));
    const isAll = scope === null || [...tables.keys()].some((id) => !scope.has(id));
    const known = new Map(isAll ? seen : [...this.#tables, ...seen]);
    for (const id of this.#tables.keys()) if (!known.has(id)) this.#seeded.delete(id);
    this.#tables = known;
  }
}

/** The verdict with the project's checks that a migration broke. */
function withChecks(rows: RowsVerdict, checks: readonly FailedCheck[]): RowsVerdict {
  if (checks.length === 0) return rows;
  const isGood = rows.state === "none" || rows.state === "kept";
  return { ...rows, state: isGood ? "check-failed" : rows.state, checks };
}

/** A test for names of tables without whose rows a history is judged. */
function leftOut(project: Project): (name: string) => boolean {
  const { ignoreTables, ignoreSchemas = [] } = ignored(project);
  const tables = ignoreTables.map(wildcard);
  const schemas = ignoreSchemas.map(wildcard);
  return (name) => {
    const parts = splitName(name);
    const [schema = ""] = parts;
    return tables.some((test) => test(name) || test(parts.at(-1) ?? name)) ||
      parts.length > 1 && schemas.some((test) => test(schema));
  };
}

/** So many tables are looked at all together. */
const FEW = 40;

/**
 * Whether a file says that rows may be in the way of what was refused: by an answer that there are none, or, of DOWN, by what UP
 * destroys. On what DOWN fails, of rows written since, is no excuse: there are none.
 */
function isForetold(
  migration: Migration,
  { direction, refused, tables }: {
    readonly direction: "up" | "down" | "again";
    /** The statement, and what the server said of it. */
    readonly refused: string;
    /** Names of the tables that there are, without their schemas. */
    readonly tables: ReadonlySet<string>;
  },
): boolean {
  if (direction === "down") {
    return saidIn(migration).losses.some((words) => isAbout(words, refused));
  }
  return (migration.assumed ?? []).some((name) =>
    splitName(name).some((part, at, { length }) =>
      (at === length - 1 || tables.has(part)) && isWordIn(part, refused)
    )
  );
}

/** Of a migration that did not come to do anything. */
const NOTHING: RowsVerdict = { state: "none", lost: [], altered: [] };

const REFUSING = ["up", "down", "again"] as const;

function isRefused({ up, down, again }: MigrationVerdict): boolean {
  return up === "error" || down === "error" || again === "error";
}
