/** A data plan, run on rows that are made for it: both sides are counted and summed up. */

import { DatabaseError } from "../../core/error.ts";
import {
  checkQuery,
  type CopiedTable,
  copiedTables,
  type Copy,
  exportQuery,
  measuresAlike,
  misfitCondition,
  orphanCondition,
} from "../../engines/convert/data.ts";
import type { Connection, ScratchDatabase } from "../../runtimes/runtime.ts";
import type { CopyInput } from "./data_plan.ts";

/** How a copy came out. */
export interface CopyProof {
  /** Rows that were copied. */
  readonly rows: number;
  /** Rows that were made and that the target does not take. */
  readonly misfits: number;
  /** Tables with rows, and all tables. */
  readonly filled: number;
  readonly tables: number;
  /** What is not the same on both sides: `users.email: 3 values, 2 there`. */
  readonly unequal: readonly string[];
}

/** The two databases of a copy: the source with its rows, the target with the converted schema and none. */
export interface CopyDatabases {
  readonly source: ScratchDatabase;
  readonly target: ScratchDatabase;
}

/** Copies the rows of the source as the plan says, and compares counts and sums. */
export async function proveCopy(
  input: CopyInput,
  { source, target }: CopyDatabases,
): Promise<CopyProof> {
  const copy: Copy = { from: input.from.data, to: input.to.data };
  const tables = copiedTables(input.source, input.target);
  const misfits = await removeMisfits(input, source, { tables, copy });
  await runAll(source, copy.from.reading);
  const lines: string[] = [];
  let filled = 0;
  for (const table of tables) {
    const rows = await source.query<{ readonly line: string }>(exportQuery(table, copy));
    if (rows.length > 0) filled++;
    lines.push(...rows.map(({ line }) => line));
  }
  const unequal: string[] = [];
  try {
    await runAll(target, copy.to.before(input.target));
    await target.execAll(lines);
    await runAll(target, copy.to.after(input.target));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const line = error.statement === undefined
      ? ""
      : ` at ${lines[error.statement]?.slice(0, 300)}`;
    return {
      rows: 0,
      misfits,
      filled,
      tables: tables.length,
      unequal: [`${error.message}${line}`],
    };
  }
  await runAll(target, copy.to.reading);
  for (const table of tables) unequal.push(...await unequalOf(table, copy, { source, target }));
  return { rows: lines.length, misfits, filled, tables: tables.length, unequal };
}

async function runAll(database: Connection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await database.exec(statement);
}

/** Takes out what the target does not take, and what then refers to nothing. Gives the number of rows that are gone. */
async function removeMisfits(
  { from, source: schema }: CopyInput,
  source: ScratchDatabase,
  { tables, copy }: { readonly tables: readonly CopiedTable[]; readonly copy: Copy },
): Promise<number> {
  const count = async () => {
    let sum = 0;
    for (const { source: { name } } of tables) {
      const [row] = await source.query<{ readonly row_count: number }>(
        from.data.countWhere(name, "1 = 1"),
      );
      sum += Number(row?.row_count ?? 0);
    }
    return sum;
  };
  const before = await count();
  await runAll(source, from.data.before(schema));
  for (const table of tables) {
    const condition = misfitCondition(table, copy);
    if (condition !== null) await source.exec(from.data.remove(table.source.name, condition));
  }
  let left = await count();
  for (;;) {
    for (const { source: table } of tables) {
      for (const key of table.foreignKeys) {
        await source.exec(from.data.remove(table.name, orphanCondition(key, from.data)));
      }
    }
    const now = await count();
    if (now === left) return before - left;
    left = now;
  }
}

interface CheckRow {
  readonly column_name: string;
  readonly row_count: number | string;
  readonly value_count: number | string;
  readonly value_sum: number | string;
}

async function unequalOf(
  table: CopiedTable,
  copy: Copy,
  { source, target }: CopyDatabases,
): Promise<readonly string[]> {
  const of = async (side: "source" | "target", database: Connection) => {
    const columns = table.columns.map((column) => column[side]);
    const query = checkQuery(
      { name: table[side].name, columns },
      side === "source" ? copy.from : copy.to,
    );
    const rows = await database.query<CheckRow>(query);
    return new Map(rows.map((row) => [row.column_name, row]));
  };
  const [here, there] = [await of("source", source), await of("target", target)];
  return table.columns.flatMap((column): readonly string[] => {
    const name = `${table.source.name}.${column.source.name}`;
    const [a, b] = [here.get(column.source.name), there.get(column.target.name)];
    if (a === undefined || b === undefined) return [`${name}: not counted`];
    const differ = (what: string, left: unknown, right: unknown) =>
      Number(left) === Number(right) ? [] : [`${name}: ${what} ${left}, ${right} there`];
    return [
      ...differ("rows", a.row_count, b.row_count),
      ...differ("values", a.value_count, b.value_count),
      ...measuresAlike(column, copy) ? differ("sum", a.value_sum, b.value_sum) : [],
    ];
  });
}
