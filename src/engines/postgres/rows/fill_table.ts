/** Puts rows into one table: all at once where the server takes them, else one after the other, with other values after each refusal. */

import { DatabaseError } from "../../../core/error.ts";
import { EngineEndedError } from "../../../runtimes/limits.ts";
import type { Group } from "./groups.ts";
import type { SeedTable } from "./read_tables.ts";
import type { Query } from "./read_types.ts";
import { Row } from "./row.ts";
import type { RowPlan } from "./row_plan.ts";
import { isRefusal } from "./solve.ts";

/** What is done. */
export interface FillTask {
  readonly query: Query;
  readonly table: SeedTable;
  readonly groups: readonly Group[];
  readonly plans: readonly RowPlan[];
  /** What is said against a table with the row that was just put in: a reason why it cannot stay, or null. */
  readonly objection?: () => Promise<string | null>;
  /** What is done to the values of a row before it is put in. */
  readonly complete?: (row: Map<string, string>) => void;
}

/** A row that was put in: SQL of the values by column. */
export interface FilledRow {
  readonly plan: RowPlan;
  readonly values: ReadonlyMap<string, string>;
}

/** What came of it. */
export interface Filled {
  readonly rows: readonly FilledRow[];
  /** What was said against the first row that could not be put in; empty when all were. */
  readonly reason: string;
}

/** How many times a row is tried, and how many times all rows of a table together are. */
const MOST_TRIES = 50;
const MOST_TRIES_OF_ALL = 300;
/** How long a table may take, in milliseconds: a check may sleep. */
const LONGEST = 10_000;

/** Puts the rows in. Throws EngineEndedError. */
export async function fillTable(task: FillTask): Promise<Filled> {
  const filler = new Filler(task);
  try {
    await filler.run();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error instanceof EngineEndedError) throw error;
    filler.refused(error.message);
  }
  return filler;
}

class Filler implements Filled {
  readonly rows: FilledRow[] = [];
  reason = "";
  readonly #task: FillTask;
  readonly #end = performance.now() + LONGEST;
  #used = new Set<string>();
  #tries = 0;

  constructor(task: FillTask) {
    this.#task = task;
  }

  async run(): Promise<void> {
    if (this.#task.objection !== undefined || !await this.#fillAtOnce()) await this.#fillEach();
  }

  /** The first refusal is the one that is told. */
  refused(reason: string): void {
    this.reason ||= reason;
  }

  async #fillAtOnce(): Promise<boolean> {
    const { query, table, plans } = this.#task;
    const rows = plans.flatMap((plan) => this.#next(plan) ?? []);
    if (rows.length === 0) return false;
    try {
      const filled = rows.map((row) => ({ plan: row.plan, values: row.values() }));
      await query(insertSql(table, filled.map(({ values }) => values)));
      this.rows.push(...filled);
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#used.clear();
      this.reason = "";
      return false;
    }
  }

  async #fillEach(): Promise<void> {
    const { plans } = this.#task;
    for (const [place, plan] of plans.entries()) {
      const row = this.#next(plan);
      const few = place > 0 && this.rows.length === 0;
      if (row !== null) await this.#fill(row, few ? FEW_TRIES : MOST_TRIES);
      if (performance.now() > this.#end) this.refused("its rows took too long");
      if (performance.now() > this.#end || this.#tries > MOST_TRIES_OF_ALL) break;
    }
  }

  async #fill(row: Row, most: number): Promise<void> {
    for (let tries = 0; tries < most && performance.now() <= this.#end; tries++) {
      this.#tries++;
      const values = row.values();
      const refusal = await this.#insert(values);
      if (refusal === null) {
        this.rows.push({ plan: row.plan, values });
        this.#keep(values);
        return;
      }
      this.refused(refusal.message);
      if (!row.change(refusal, await this.#unfit(refusal, values))) return;
    }
  }

  async #insert(values: ReadonlyMap<string, string>): Promise<DatabaseError | null> {
    const { query, table, objection } = this.#task;
    try {
      if (objection !== undefined) await query("BEGIN");
      await query(insertSql(table, [values]));
      const reason = await objection?.() ?? null;
      if (objection !== undefined) await query(reason === null ? "COMMIT" : "ROLLBACK");
      return reason === null ? null : new DatabaseError(reason);
    } catch (error) {
      if (objection !== undefined && !(error instanceof EngineEndedError)) await query("ROLLBACK");
      if (!isRefusal(error)) throw error;
      return error;
    }
  }

  /** Columns whose type does not take their value, where that is what the server said: it does not say of which one. */
  async #unfit(
    refusal: DatabaseError,
    values: ReadonlyMap<string, string>,
  ): Promise<readonly string[]> {
    if (!refusal.code.startsWith(DATA_EXCEPTION)) return [];
    const found: string[] = [];
    for (const { name, typeName } of this.#task.table.columns) {
      const sql = values.get(name) ?? "DEFAULT";
      if (sql === "DEFAULT" || sql === "NULL") continue;
      const size = Number(/^character.*\((\d+)\)$/.exec(typeName)?.[1] ?? Infinity);
      if (sql.length - 2 > size || !await this.#isTaken(sql, typeName)) found.push(name);
    }
    return found;
  }

  async #isTaken(sql: string, type: string): Promise<boolean> {
    try {
      await this.#task.query(`SELECT CAST(${sql} AS ${type}) AS value`);
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return false;
    }
  }

  /** A row that is like none before it, as far as the keys say; null where there is none. */
  #next(plan: RowPlan): Row | null {
    const { table, groups, complete } = this.#task;
    const row = new Row(table, groups, { plan, complete });
    if (row.impossible.length > 0) {
      this.refused(`nothing is known that ${row.impossible.join(", ")} could hold`);
      return null;
    }
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const values = row.values();
      const taken = table.keys.find((key) => {
        const text = keyText(key, values);
        return text !== null && this.#used.has(text);
      });
      if (taken === undefined) {
        this.#keep(values);
        return row;
      }
      if (!row.advance(taken.columns)) break;
    }
    this.refused("no value is left that its keys allow");
    return null;
  }

  #keep(values: ReadonlyMap<string, string>): void {
    for (const key of this.#task.table.keys) {
      const text = keyText(key, values);
      if (text !== null) this.#used.add(text);
    }
  }
}

const FEW_TRIES = 5;
/** The class of errors about values. */
const DATA_EXCEPTION = "22";

/** What must not be there twice; null where the server alone knows, or where it may be. */
function keyText(
  key: SeedTable["keys"][number],
  values: ReadonlyMap<string, string>,
): string | null {
  const own = key.columns.map((name) => values.get(name) ?? "DEFAULT");
  const isKnown = key.isPlain && own.every((sql) => sql !== "NULL" && sql !== "DEFAULT");
  return isKnown ? JSON.stringify([key.name, own]) : null;
}

function insertSql(
  { quoted, columns }: SeedTable,
  rows: readonly ReadonlyMap<string, string>[],
): string {
  if (columns.length === 0) return `INSERT INTO ${quoted} DEFAULT VALUES`;
  const overriding = columns.some(({ isIdentity }) => isIdentity) ? "OVERRIDING SYSTEM VALUE " : "";
  const names = columns.map((column) => column.quoted).join(", ");
  const values = rows.map((row) =>
    `(${columns.map(({ name }) => row.get(name) ?? "DEFAULT").join(", ")})`
  );
  return `INSERT INTO ${quoted} (${names}) ${overriding}VALUES ${values.join(", ")}`;
}
