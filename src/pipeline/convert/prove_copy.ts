/** A data plan, run on rows that are made for it: both sides are counted and summed up. */

import { DatabaseError } from "../../core/error.ts";
import {
  checkQuery,
  type CopiedTable,
  copiedTables,
  type Copy,
  exportQuery,
  lineCondition,
  misfitCondition,
  orphanCondition,
  tableSql,
} from "../../engines/convert/data.ts";
import type { Connection, ScratchDatabase } from "../../runtimes/runtime.ts";
import type { CopyInput } from "./data_plan.ts";

/** How a copy came out. */
export interface CopyProof {
  /** Rows that were copied. */
  readonly rows: number;
  /** Rows that were made and that the target does not take. */
  readonly misfits: number;
  /** What the target says of rows that it refuses although their types fit: they are left out. */
  readonly refused: readonly string[];
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

/** How many rows that the target refuses are left out before the copy counts as refused. */
const MOST_REFUSED = 25;

/** Copies the rows of the source as the plan says, and compares counts and sums. Both databases are changed. */
export async function proveCopy(
  input: CopyInput,
  databases: CopyDatabases,
): Promise<CopyProof> {
  const { source, target } = databases;
  const copy: Copy = { from: input.from.data, to: input.to.data };
  const tables = copiedTables(input.source, input.target);
  const misfits = await removeMisfits(input, source, { tables, copy });
  await runAll(source, copy.from.reading);
  const empty = await target.checkpoint();
  const refused: string[] = [];
  const result = (rows: readonly Line[], unequal: readonly string[]) => ({
    rows: rows.length,
    misfits,
    refused,
    filled: new Set(rows.map(({ table }) => table)).size,
    tables: tables.length,
    unequal,
  });
  for (;;) {
    const lines = await linesOf(tables, copy, source);
    const failure = await write(input, target, lines);
    if (failure === null) {
      await runAll(target, copy.to.reading);
      const unequal: string[] = [];
      for (const table of tables) unequal.push(...await unequalOf(table, copy, databases));
      return result(lines, unequal);
    }
    const { message, line } = failure;
    if (line === null || refused.length === MOST_REFUSED) {
      return result([], [line === null ? message : `${message}: ${line.text.slice(0, LONGEST)}`]);
    }
    refused.push(`${line.table.source.name}: ${message}`);
    const { source: table } = line.table;
    const condition = lineCondition(line.table, copy, line.text);
    await source.exec(copy.from.remove(tableSql(table, copy.from), condition));
    await removeOrphans(input, source, { tables, copy });
    await target.rewind(empty);
  }
}

/** Of what a message shows of a row, in characters. */
const LONGEST = 200;

/** A row as a statement of the target. */
interface Line {
  readonly table: CopiedTable;
  readonly text: string;
}

async function linesOf(
  tables: readonly CopiedTable[],
  copy: Copy,
  source: Connection,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const table of tables) {
    const rows = await source.query<{ readonly line: string }>(exportQuery(table, copy));
    lines.push(...rows.map(({ line }) => ({ table, text: line })));
  }
  return lines;
}

/** Writes the rows; what is refused and, where it is one of them, the row. Null when all went in. */
async function write(
  { to, target: schema }: CopyInput,
  target: Connection,
  lines: readonly Line[],
): Promise<{ readonly message: string; readonly line: Line | null } | null> {
  let at = -1;
  try {
    await runAll(target, to.data.before(schema));
    for (at = 0; at < lines.length; at++) await target.exec(lines[at]?.text ?? "");
    at = -1;
    await runAll(target, to.data.after(schema));
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { message: error.message.split("\n")[0] ?? "", line: lines[at] ?? null };
  }
}

async function runAll(database: Connection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await database.exec(statement);
}

/** Takes out what the target does not take, and what then refers to nothing. Gives the number of rows that are gone. */
async function removeMisfits(
  input: CopyInput,
  source: ScratchDatabase,
  { tables, copy }: { readonly tables: readonly CopiedTable[]; readonly copy: Copy },
): Promise<number> {
  const { from, source: schema } = input;
  const count = async () => {
    let sum = 0;
    for (const { source: table } of tables) {
      const [row] = await source.query<{ readonly row_count: number }>(
        from.data.countWhere(table.name, tableSql(table, from.data), "1 = 1"),
      );
      sum += Number(row?.row_count ?? 0);
    }
    return sum;
  };
  const before = await count();
  await runAll(source, from.data.before(schema));
  for (const table of tables) {
    const condition = misfitCondition(table, copy);
    if (condition === null) continue;
    await source.exec(from.data.remove(tableSql(table.source, from.data), condition));
  }
  for (let left = await count();;) {
    await removeOrphans(input, source, { tables, copy });
    const now = await count();
    if (now === left) return before - left;
    left = now;
  }
}

/** Takes out what refers to nothing, once. */
async function removeOrphans(
  { from, source: schema }: CopyInput,
  source: Connection,
  { tables }: { readonly tables: readonly CopiedTable[]; readonly copy: Copy },
): Promise<void> {
  for (const { source: table } of tables) {
    for (const key of table.foreignKeys) {
      const parent = schema.tables.find(({ name }) => name === key.table);
      if (parent === undefined || key.references.length !== key.columns.length) continue;
      const condition = orphanCondition(key, parent, from.data);
      await source.exec(from.data.remove(tableSql(table, from.data), condition));
    }
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
    const query = checkQuery(table, side, copy);
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
      ...differ("sum", a.value_sum, b.value_sum),
    ];
  });
}
