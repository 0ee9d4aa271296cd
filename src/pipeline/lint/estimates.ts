/** How long statements take on the tables of production: their rows, times what such a statement takes for a row here. */

import { DatabaseError } from "../../core/error.ts";
import type { Estimate, TableSize } from "../../core/estimate.ts";
import type { LintedStatement } from "../../core/outcome.ts";
import type { TableShape } from "../../core/shape.ts";
import type { Migration } from "../../formats/format.ts";
import type { Examined } from "../../rules/rule.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { folderOf, note, type Project, runOptions } from "../project.ts";
import { runInSession } from "../scratch/run_in_session.ts";
import { ScriptFailure } from "../scratch/run_script.ts";
import { readTableSizes } from "./stats_file.ts";

type Work = Estimate["work"];

/** Seconds that a row takes. */
type Rates = Readonly<Record<Work, number>>;

/** Rows of the table that rates are measured on. */
const RATE_ROWS = 50_000;

/** Rows from which on a table is not written anew in place where there is a tool for it. */
const LARGE = 1_000_000;

/** How far a server of production may be from what was measured: disks, caches, other work. */
const LOW = 0.4;
const HIGH = 3;

/** Estimates for a run of lint; without sizes there are none. */
export class Estimates {
  readonly #project: Project;
  readonly #server: Server;
  readonly #sizes: ReadonlyMap<string, TableSize> | null;
  readonly #sample: number | null;
  #rates: Rates | null = null;

  private constructor(
    project: Project,
    server: Server,
    sizes: ReadonlyMap<string, TableSize> | null,
    sample: number | null,
  ) {
    this.#project = project;
    this.#server = server;
    this.#sizes = sizes;
    this.#sample = sample;
  }

  /** Reads the sizes. */
  static async open(project: Project, server: Server, sample: number | null): Promise<Estimates> {
    const known = project.engine.sampling === undefined
      ? null
      : await readTableSizes(project.config.root);
    if (sample !== null && known === null) {
      note(project, "--sample does nothing without aim.stats.toml: aim stats writes it");
    }
    return new Estimates(project, server, known, sample);
  }

  /** Call in the state before a migration; `of` then takes what was examined of it, in the state after. */
  async begin(database: ScratchDatabase): Promise<{
    of(examined: Examined, migration: Migration): Promise<readonly LintedStatement[]>;
  }> {
    if (this.#sizes === null) return { of: ({ statements }) => Promise.resolve(statements) };
    const start = this.#sample === null ? null : await database.checkpoint();
    return {
      of: async (examined, migration) => {
        const times = start === null
          ? null
          : await this.#timed(database, start, examined, migration);
        const out: LintedStatement[] = [];
        for (const statement of examined.statements) {
          const estimates = await this.#estimatesOf(
            database,
            statement,
            times?.get(statement.index) ?? null,
          );
          const tools = this.#toolsFor(statement, examined.before);
          out.push({
            ...statement,
            ...estimates.length === 0 ? {} : { estimates },
            ...tools.length === 0 ? {} : { tools },
          });
        }
        return out;
      },
    };
  }

  async #estimatesOf(
    database: ScratchDatabase,
    { measured }: LintedStatement,
    timed: number | null,
  ): Promise<readonly Estimate[]> {
    if (measured === null) return [];
    const out: Estimate[] = [];
    const { rewrites, builds, scans } = measured;
    const works = [["rewrite", rewrites], ["build", builds], ["scan", scans]] as const;
    for (const [work, tables] of works) {
      for (const table of tables) {
        const size = this.#sizeOf(table);
        if (size === null || out.some((one) => one.table === table)) continue;
        out.push(
          timed === null || this.#sample === null
            ? await this.#byRate(database, table, { work, size })
            : bySample(table, work, size, { seconds: timed, rows: this.#sample }),
        );
      }
    }
    return out;
  }

  /** For what writes a large table anew. */
  #toolsFor({ sql, measured }: LintedStatement, tables: readonly TableShape[]) {
    const isLarge = measured?.rewrites.some((name) => (this.#sizeOf(name)?.rows ?? 0) >= LARGE);
    return isLarge === true ? this.#project.engine.onlineTools?.(sql, tables) ?? [] : [];
  }

  #sizeOf(table: string): TableSize | null {
    const sizes = this.#sizes;
    return sizes?.get(table) ?? sizes?.get(table.slice(table.indexOf(".") + 1)) ?? null;
  }

  async #byRate(
    database: ScratchDatabase,
    table: string,
    { work, size: { rows, bytes } }: { readonly work: Work; readonly size: TableSize },
  ): Promise<Estimate> {
    const rates = this.#rates ??= await this.#measureRates(database);
    const { sampling } = this.#project.engine;
    const width = bytes === null || rows === 0 || sampling === undefined
      ? 1
      : Math.max(0.5, bytes / rows / sampling.bytesPerRow);
    // What an index is built of does not grow with the rest of the row.
    const seconds = rows * rates[work] * (work === "build" ? 1 : width);
    const perSecond = Math.round(1 / rates[work]).toLocaleString("en");
    const { runtime, version } = this.#server;
    return {
      table,
      rows,
      work,
      low: seconds * LOW,
      high: seconds * HIGH,
      basis: `${perSecond} rows a second at such a ${work} on ${runtime} ${version}${
        width === 1 || work === "build" ? "" : `, rows ${width.toFixed(1)} times as wide`
      }`,
    };
  }

  /** On a table of its own, each kind of work once; the database comes back to the state that it has: there may be no second one beside it. */
  async #measureRates(database: ScratchDatabase): Promise<Rates> {
    const { sampling } = this.#project.engine;
    if (sampling === undefined) throw new Error("Cannot measure without a table to measure on");
    const now = await database.checkpoint();
    try {
      for (const sql of sampling.make(RATE_ROWS)) await database.exec(sql);
      const rates = { scan: 0, rewrite: 0, build: 0 };
      for (const work of ["scan", "rewrite", "build"] as const) {
        const start = performance.now();
        await database.exec(sampling[work]);
        rates[work] = Math.max(0.001, performance.now() - start) / 1000 / RATE_ROWS;
      }
      return rates;
    } finally {
      await database.rewind(now);
    }
  }

  /** Seconds of each statement, by index, in tables of made rows; the database comes back to the state that it has. Null where it cannot be. */
  async #timed(
    database: ScratchDatabase,
    start: Checkpoint,
    { statements, before }: Examined,
    { up }: Migration,
  ): Promise<ReadonlyMap<number, number> | null> {
    const touched = new Set(
      statements.flatMap(({ measured }) =>
        measured === null ? [] : [...measured.rewrites, ...measured.builds, ...measured.scans]
      ),
    );
    const tables = before.filter(({ name }) => touched.has(name) && this.#sizeOf(name) !== null);
    if (tables.length === 0) return null;
    const now = await database.checkpoint();
    try {
      await database.rewind(start);
      for (const table of tables) await this.#fill(database, table);
      return await this.#run(database, up);
    } catch (error) {
      if (!(error instanceof DatabaseError) && !(error instanceof ScriptFailure)) throw error;
      note(this.#project, `--sample: ${error.message}; estimated by a table of its own instead`);
      return null;
    } finally {
      await database.rewind(now);
    }
  }

  async #fill(database: ScratchDatabase, table: TableShape): Promise<void> {
    const { engine } = this.#project;
    for (const sql of engine.sampling?.fill(table, this.#sample ?? 0) ?? []) {
      await database.exec(sql);
    }
  }

  async #run(
    database: ScratchDatabase,
    up: Migration["up"],
  ): Promise<ReadonlyMap<number, number>> {
    const times = new Map<number, number>();
    let last = performance.now();
    await runInSession(this.#project, database, up, {
      ...runOptions(this.#project, folderOf(this.#project)),
      emit: () => {},
      after: (_, index) => {
        const now = performance.now();
        times.set(index, (now - last) / 1000);
        last = now;
        return Promise.resolve();
      },
    });
    return times;
  }
}

function bySample(
  table: string,
  work: Work,
  { rows }: TableSize,
  sample: { readonly seconds: number; readonly rows: number },
): Estimate {
  const seconds = sample.seconds * rows / sample.rows;
  return {
    table,
    rows,
    work,
    low: seconds * LOW,
    high: seconds * HIGH,
    basis: `this statement took ${sample.seconds.toFixed(2)} s on ${
      sample.rows.toLocaleString("en")
    } made rows`,
  };
}
