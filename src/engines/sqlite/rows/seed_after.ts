/** Writes rows after a change that the schema before it does not take. */

import type { NewData } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { SeedAfterOptions } from "../../engine.ts";
import { fold } from "../tokens.ts";
import { columnsOf } from "./columns.ts";
import { isRefusal, NOTHING_EXPECTED } from "./expected.ts";
import { type Columns, fillRow, type Slot, usualValues } from "./fill.ts";
import { always } from "./names.ts";
import { type NewThing, newThings, tableName } from "./new_things.ts";
import { readSeedTables, type SeedTable } from "./tables.ts";
import { withoutTriggers } from "./without_triggers.ts";

/** How many combinations of values are tried for one of them. */
const MOST_TRIES = 80;
/** The longest value that is shown. */
const SHOWN = 60;
/** Number of the first row that is written. */
const FIRST_ROW = 60;

/** A row for each thing that is newly possible; what the server does not take, as other rules refuse it, is left out. */
export async function seedAfter(
  database: ScratchDatabase,
  { before, after, tables }: SeedAfterOptions,
): Promise<readonly NewData[]> {
  const things = newThings(before, after, tables);
  if (things.length === 0) return [];
  const ids = new Set(things.map(({ table }) => table));
  const { tables: read } = await readSeedTables(database, ids);
  const columns = columnsOf(read, undefined);
  const { result } = await withoutTriggers(database, async () => {
    const written: NewData[] = [];
    for (const [at, thing] of things.entries()) {
      const table = read.find(({ id }) => id === thing.table);
      if (table === undefined) continue;
      const value = await write(database, table, thing, { columns, row: FIRST_ROW + at });
      if (value === null) continue;
      const { kind, column } = thing;
      const name = tableName(thing.table, after);
      written.push({ table: thing.table, tableName: name, column, kind, value });
    }
    return written;
  });
  return result;
}

/** Writes one row; what it has, or null where it is refused. */
async function write(
  database: ScratchDatabase,
  table: SeedTable,
  thing: NewThing,
  { columns, row }: { readonly columns: Columns; readonly row: number },
): Promise<string | null> {
  const base = await rowThatIs(database, table, thing);
  if (base === null && thing.copied.length > 0) return null;
  const slots = slotsOf(table, thing, { base, columns, row });
  const refused = async () =>
    thing.refusedBy === null ? 0 : await countOf(database, table, `NOT (${thing.refusedBy})`);
  const start = { refused: await refused(), orphans: await orphansIn(database, table) };
  const broken = async () => {
    if (thing.refusedBy !== null && await refused() <= start.refused) {
      return `CHECK constraint failed: ${thing.refusedBy}`;
    }
    return await orphansIn(database, table) > start.orphans
      ? "FOREIGN KEY constraint failed"
      : null;
  };
  const expected = { ...NOTHING_EXPECTED, broken };
  if (await fillRow(database, table, slots, { expected, most: MOST_TRIES }) !== null) return null;
  const named = new Set([...thing.values.keys(), ...thing.copied]);
  const values = slots.filter(({ column }) => named.has(fold(column.name)))
    .map(({ values, at }) => values[at] ?? "NULL");
  const text = values.length === 1 ? values[0] ?? "" : `(${values.join(", ")})`;
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 3)}...`;
}

/** Values of a row that is there, by the keys of the columns; null where there is none such. */
async function rowThatIs(
  database: ScratchDatabase,
  table: SeedTable,
  { copied, where }: NewThing,
): Promise<ReadonlyMap<string, string> | null> {
  const conditions = [
    ...table.columns.filter(({ name }) => copied.includes(fold(name)))
      .map(({ name }) => `${always(name)} IS NOT NULL`),
    ...where === null ? [] : [`(${where})`],
  ];
  const values = table.columns.map(({ name }, at) => `quote(${always(name)}) AS c${at}`);
  const rows = await database.query<Record<string, string>>(
    `SELECT ${values.join(", ")} FROM ${always(table.name)} NOT INDEXED
    ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`} LIMIT 1`,
  );
  const [row] = rows;
  if (row === undefined) return null;
  return new Map(table.columns.map(({ name }, at) => [fold(name), row[`c${at}`] ?? "NULL"]));
}

/** As a row that is there, but for the values of its keys, and for those that it is written for. */
function slotsOf(
  table: SeedTable,
  { values, copied, swapsCase, refusedBy }: NewThing,
  { base, columns, row }: {
    readonly base: ReadonlyMap<string, string> | null;
    readonly columns: Columns;
    readonly row: number;
  },
): readonly Slot[] {
  const keyed = new Set(table.keys.flat().map(fold));
  return table.columns.map((column) => {
    const key = fold(column.name);
    const there = base?.get(key);
    const kept = there === undefined ? [] : [there];
    const copies = swapsCase === true ? kept.map(withOtherCase) : kept;
    const own = usualValues(table, column, { columns, expected: NOTHING_EXPECTED, row });
    const usual = keyed.has(key) ? [...own, ...kept] : [...kept, ...own];
    const given = values.get(key);
    const wanted = given === undefined || refusedBy === null ? given : [...given, ...own];
    return { column, values: wanted ?? (copied.includes(key) ? copies : usual), at: 0 };
  });
}

function withOtherCase(text: string): string {
  return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
}

async function countOf(
  database: ScratchDatabase,
  { name }: SeedTable,
  condition: string,
): Promise<number> {
  const [row] = await database.query<{ readonly count: number }>(
    `SELECT count(*) AS count FROM ${always(name)} WHERE ${condition}`,
  );
  return Number(row?.count ?? 0);
}

/** How many rows refer to nothing; none where SQLite cannot tell. */
async function orphansIn(database: ScratchDatabase, { name, references }: SeedTable) {
  if (references.length === 0) return 0;
  try {
    return (await database.query(`PRAGMA foreign_key_check(${always(name)})`)).length;
  } catch (error) {
    if (isRefusal(error)) return 0;
    throw error;
  }
}
