/** Writes rows after a change that the schema before it does not take. */

import type { NewData } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { SeedAfterOptions } from "../../engine.ts";
import { fold } from "../catalog/scope.ts";
import { quote } from "../quote.ts";
import { fillRow, isRefusal, type Known, type Slot, usualValues } from "./fill.ts";
import { asLiteral } from "./literals.ts";
import { type NewThing, newThings } from "./new_things.ts";
import { SESSION } from "./seed.ts";
import { type SeedTable, seedTables } from "./tables.ts";
import { withoutTriggers } from "./triggers.ts";

/** How many combinations of values are tried for one of them. */
const MOST_TRIES = 80;
/** The longest value that is shown. */
const SHOWN = 60;
/** Number of the first row that is written. */
const FIRST_ROW = 60;

/** See `Rows.seedAfter`. What the server does not take, as other rules refuse it, is left out. */
export async function seedAfter(
  database: ScratchDatabase,
  { before, after, tables: ids }: SeedAfterOptions,
): Promise<readonly NewData[]> {
  const things = newThings(before, after, ids);
  if (things.length === 0) return [];
  const tables = seedTables(after);
  const known: Known = { database, tables, later: new Map() };
  const wanted = [...new Set(things.map(({ table }) => table))].flatMap((id) =>
    tables.get(id) ?? []
  );
  await database.exec(`${SESSION}, SESSION foreign_key_checks = 1`);
  const { result } = await withoutTriggers(database, wanted, async () => {
    const written: NewData[] = [];
    await database.exec("START TRANSACTION");
    for (const [at, thing] of things.entries()) {
      const table = tables.get(thing.table);
      if (table === undefined) continue;
      const value = await write(known, table, thing, FIRST_ROW + at);
      if (value === null) continue;
      const { kind, column } = thing;
      written.push({ table: table.id, tableName: table.name, column, kind, value });
    }
    await database.exec("COMMIT");
    return written;
  });
  return result;
}

/** Writes one row; what it has, or null where it is refused. */
async function write(
  known: Known,
  table: SeedTable,
  thing: NewThing,
  row: number,
): Promise<string | null> {
  const { database } = known;
  const base = await rowThatIs(database, table, thing.copied);
  if (base === null && thing.copied.length > 0) return null;
  const slots = slotsOf(known, table, { thing, base, row });
  const { refusedBy } = thing;
  const refused = async () => refusedBy === null ? 0 : await countOf(database, table, refusedBy);
  const start = await refused();
  const broken = refusedBy === null ? null : async () => await refused() > start ? null : refusedBy;
  const ruled = refusedBy === null ? table : {
    ...table,
    rules: [...table.rules, { name: "", text: refusedBy, columns: new Set(thing.values.keys()) }],
  };
  if (await fillRow(database, ruled, slots, { most: MOST_TRIES, broken }) !== null) return null;
  const named = new Set([...thing.values.keys(), ...thing.copied]);
  const values = slots.filter(({ columns: [name = ""] }) => named.has(fold(name)))
    .map(({ values, at }) => values[at]?.[0] ?? "NULL");
  const text = values.length === 1 ? values[0] ?? "" : `(${values.join(", ")})`;
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 3)}...`;
}

/** As a row that is there, but for the values of its keys, and for those that it is written for. */
function slotsOf(
  known: Known,
  table: SeedTable,
  { thing: { values, copied }, base, row }: {
    readonly thing: NewThing;
    readonly base: ReadonlyMap<string, string> | null;
    readonly row: number;
  },
): readonly Slot[] {
  const keyed = new Set(table.keys.flat());
  return table.columns.map((column) => {
    const key = fold(column.name);
    const there = base?.get(key);
    const kept = there === undefined ? [] : [there];
    const own = usualValues(known, table, { column, row });
    const usual = keyed.has(key) ? [...own, ...kept] : [...kept, ...own];
    const list = values.get(key) ?? (copied.includes(key) ? kept : usual);
    return { columns: [column.name], values: list.map((value) => [value]), at: 0 };
  });
}

/** Values of a row that is there, by the folded names of the columns; null where there is none such. */
async function rowThatIs(
  database: ScratchDatabase,
  table: SeedTable,
  copied: readonly string[],
): Promise<ReadonlyMap<string, string> | null> {
  const values = table.columns.map(({ name, facts }, at) =>
    `${asLiteral(quote(name), facts.type)} AS c${at}`
  );
  const where = copied.length === 0
    ? ""
    : `WHERE ${copied.map((name) => `${quote(name)} IS NOT NULL`).join(" AND ")}`;
  const [row] = await database.query<Record<string, string | null>>(
    `SELECT ${values.join(", ")} FROM ${quote(table.name)} ${where} LIMIT 1`,
  );
  if (row === undefined) return null;
  return new Map(table.columns.map(({ name }, at) => [fold(name), row[`c${at}`] ?? "NULL"]));
}

/** How many rows a former check refuses. */
async function countOf(
  database: ScratchDatabase,
  { name }: SeedTable,
  check: string,
): Promise<number> {
  try {
    const [row] = await database.query<{ readonly count: number | string }>(
      `SELECT COUNT(*) AS count FROM ${quote(name)} WHERE NOT (${check})`,
    );
    return Number(row?.count ?? 0);
  } catch (error) {
    if (isRefusal(error)) return 0;
    throw error;
  }
}
