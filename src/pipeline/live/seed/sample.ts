/** Which rows a sample holds: the first ones of each table, and all that they refer to. */

import type { Cell, RowReader, SampledTable } from "../../../engines/live.ts";

/** Rows of a table. */
export interface TableRows {
  readonly table: SampledTable;
  /** Values in the order of the table's columns. */
  readonly rows: readonly (readonly Cell[])[];
}

/** A sample. */
export interface Sample {
  /** What is referred to comes first, as far as no cycle forbids it. */
  readonly tables: readonly TableRows[];
  /** Names of tables of which not all rows were read that others refer to. */
  readonly cut: readonly string[];
}

/** What rows refer to is read in pieces of so many. */
const KEYS_AT_ONCE = 100;

/** So many times the wanted rows of a table are read at most, where others refer to them. */
const MOST_TIMES = 20;
const LEAST_MOST = 1000;

/** Reads it. Tables that others refer to get those rows first, and only then more. */
export async function takeSample(
  reader: RowReader,
  tables: readonly SampledTable[],
  wanted: number,
): Promise<Sample> {
  const order = referredFirst(tables);
  const held = new Map(order.map((table) => [table.id, new HeldRows(table, wanted)]));
  const first = await firstRows(reader, order, wanted);
  for (const table of order.toReversed()) {
    const own = held.get(table.id);
    if (own === undefined || own.size >= wanted) continue;
    own.add(first.get(table.id) ?? [], wanted);
    await followReferences(reader, held);
  }
  const all = [...held.values()];
  return {
    tables: all.map(({ table, rows }) => ({ table, rows })),
    cut: all.filter(({ isCut }) => isCut).map(({ table }) => table.id),
  };
}

/** So many tables are asked for at once, since an answer may be far away. */
const TABLES_AT_ONCE = 50;

async function firstRows(
  reader: RowReader,
  tables: readonly SampledTable[],
  wanted: number,
): Promise<ReadonlyMap<string, TableRows["rows"]>> {
  const readable = tables.filter(({ refused }) => refused === null);
  const found = new Map<string, TableRows["rows"]>();
  for (let at = 0; at < readable.length; at += TABLES_AT_ONCE) {
    const some = readable.slice(at, at + TABLES_AT_ONCE);
    const rows = await Promise.all(some.map((table) => reader.rows(table, { first: wanted })));
    for (const [index, table] of some.entries()) found.set(table.id, rows[index] ?? []);
  }
  return found;
}

/** Tables in an order in which what is referred to comes first; of a cycle, one whose references may be NULL. */
function referredFirst(tables: readonly SampledTable[]): readonly SampledTable[] {
  const waiting = new Set(tables);
  const ids = new Map(tables.map((table) => [table.id, table]));
  const open = (table: SampledTable) =>
    table.references.filter(({ table: id }) => {
      const other = ids.get(id);
      return other !== undefined && other !== table && waiting.has(other);
    });
  const tied = (table: SampledTable) =>
    open(table).filter(({ columns }) => clearable(table, columns).length === 0).length;
  const order: SampledTable[] = [];
  while (waiting.size > 0) {
    const left = [...waiting];
    const ready = left.filter((table) => open(table).length === 0);
    const next = ready.length > 0 ? ready : left.toSorted((a, b) => tied(a) - tied(b)).slice(0, 1);
    for (const table of next) {
      waiting.delete(table);
      order.push(table);
    }
  }
  return order;
}

/** Those of the columns that may be NULL in a row of the table. */
export function clearable(
  { columns, key }: SampledTable,
  names: readonly string[],
): readonly string[] {
  return columns.flatMap(({ name, isRequired }) =>
    names.includes(name) && !isRequired && !key.includes(name) ? [name] : []
  );
}

/** The values of a row in some columns as one text; null where one of them is NULL. */
export function valuesIn(
  { columns }: SampledTable,
  row: readonly Cell[],
  names: readonly string[],
): readonly Exclude<Cell, null>[] | null {
  const cells = names.map((name) => row[columns.findIndex((one) => one.name === name)] ?? null);
  return cells.every((cell) => cell !== null) ? cells : null;
}

/** By which equal values are known. */
export function textOf(cells: readonly Exclude<Cell, null>[]): string {
  return JSON.stringify(cells.map(({ text }) => text));
}

/** The rows of a table that are in the sample. */
class HeldRows {
  readonly table: SampledTable;
  readonly rows: (readonly Cell[])[] = [];
  readonly #most: number;
  readonly #known = new Set<string>();
  /** How many have had their references followed. */
  followed = 0;
  /** Values that were asked for already. */
  readonly asked = new Set<string>();
  isCut = false;

  constructor(table: SampledTable, wanted: number) {
    this.table = table;
    this.#most = Math.max(LEAST_MOST, wanted * MOST_TIMES);
  }

  get size(): number {
    return this.rows.length;
  }

  /** Takes rows in that are not there yet, until there are so many. */
  add(rows: readonly (readonly Cell[])[], until = this.#most): void {
    const { table } = this;
    for (const [at, row] of rows.entries()) {
      const key = valuesIn(table, row, table.key);
      const mark = table.key.length > 0 && key !== null
        ? textOf(key)
        : JSON.stringify([until === this.#most ? "" : at, row]);
      if (this.#known.has(mark)) continue;
      if (this.rows.length >= until) {
        this.isCut ||= until === this.#most;
        return;
      }
      this.#known.add(mark);
      this.rows.push(row);
    }
  }

  /** What its rows have in these columns. */
  valuesOf(columns: readonly string[]): ReadonlySet<string> {
    return new Set(this.rows.flatMap((row) => {
      const own = valuesIn(this.table, row, columns);
      return own === null ? [] : [textOf(own)];
    }));
  }
}

/** Reads what rows refer to, and what these refer to, until all is there. */
async function followReferences(
  reader: RowReader,
  held: ReadonlyMap<string, HeldRows>,
): Promise<void> {
  for (;;) {
    const open = [...held.values()].filter(({ followed, size }) => followed < size);
    if (open.length === 0) return;
    const missing = open.flatMap((own) => missingOf(own, held));
    const rows = await Promise.all(
      missing.map(({ other, columns, values }) => reader.rows(other.table, { columns, values })),
    );
    for (const [index, { other }] of missing.entries()) other.add(rows[index] ?? []);
  }
}

/** Values of rows of other tables that are not there yet. */
interface Missing {
  readonly other: HeldRows;
  readonly columns: readonly string[];
  readonly values: readonly (readonly Exclude<Cell, null>[])[];
}

/** What the rows refer to whose references were not followed yet; from now on they count as followed. */
function missingOf(own: HeldRows, held: ReadonlyMap<string, HeldRows>): readonly Missing[] {
  const rows = own.rows.slice(own.followed);
  own.followed = own.size;
  return own.table.references.flatMap(({ columns, table, others }): readonly Missing[] => {
    const other = held.get(table);
    if (other === undefined || other.table.refused !== null) return [];
    const present = other.valuesOf(others);
    const missing = rows.flatMap((row) => {
      const values = valuesIn(own.table, row, columns);
      if (values === null) return [];
      const text = textOf(values);
      const mark = JSON.stringify([others, text]);
      if (other.asked.has(mark) || present.has(text)) return [];
      other.asked.add(mark);
      return [values];
    });
    const pieces: Missing[] = [];
    for (let at = 0; at < missing.length; at += KEYS_AT_ONCE) {
      pieces.push({ other, columns: others, values: missing.slice(at, at + KEYS_AT_ONCE) });
    }
    return pieces;
  });
}
