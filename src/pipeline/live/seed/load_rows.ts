/** Rows of a sample tried on a scratch database: what loads makes the script, what does not is left out. */

import { DatabaseError } from "../../../core/error.ts";
import type { Cell, RowWriter, SampledTable } from "../../../engines/live.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { clearable, textOf, valuesIn } from "./sample.ts";

/** A row as it was read, by which it is found, and as it is written. */
export interface SeedRow {
  readonly read: readonly Cell[];
  readonly written: readonly Cell[];
}

/** Rows that are to be put in. */
export interface SeedTableRows {
  readonly table: SampledTable;
  readonly rows: readonly SeedRow[];
}

/** What came of a table. */
export interface LoadedTable {
  readonly table: SampledTable;
  readonly rows: number;
  /** How many rows are left out, and why the first of them is. */
  readonly left: number;
  readonly reason: string | null;
  /** How many rows lost a reference, to a row that is not there. */
  readonly cleared: number;
}

/** What loads. */
export interface LoadedRows {
  readonly statements: readonly string[];
  readonly tables: readonly LoadedTable[];
}

/** Puts rows in, tables in the given order; the database holds them afterwards. */
export async function loadRows(
  database: ScratchDatabase,
  writer: RowWriter,
  tables: readonly SeedTableRows[],
): Promise<LoadedRows> {
  const loader = new Loader(database, writer, tables);
  const loaded: LoadedTable[] = [];
  for (const one of tables) loaded.push(await loader.load(one));
  const open = await loader.closeCycles();
  return {
    statements: loader.statements,
    tables: loaded.map((one) => ({
      ...one,
      cleared: one.cleared + open.filter((id) => id === one.table.id).length,
    })),
  };
}

type Reference = SampledTable["references"][number];

class Loader {
  readonly statements: string[] = [];
  readonly #database: ScratchDatabase;
  readonly #writer: RowWriter;
  readonly #tables: ReadonlyMap<string, SeedTableRows>;
  readonly #indexes = new WeakMap<readonly SeedRow[], Map<string, ReadonlySet<string>>>();
  /** Rows that are in, by their table. */
  readonly #in = new Map<string, readonly SeedRow[]>();
  readonly #later: {
    readonly table: SampledTable;
    readonly row: SeedRow;
    readonly to: Reference;
  }[] = [];

  constructor(database: ScratchDatabase, writer: RowWriter, tables: readonly SeedTableRows[]) {
    this.#database = database;
    this.#writer = writer;
    this.#tables = new Map(tables.map((one) => [one.table.id, one]));
  }

  async load({ table, rows }: SeedTableRows): Promise<LoadedTable> {
    let cleared = 0;
    let reason: string | null = null;
    const ready: SeedRow[] = [];
    for (const row of rows) {
      const fitted = this.#fitted(table, row);
      if (fitted?.isCleared === true) cleared++;
      if (fitted === null) reason ??= "it refers to a row that is not there";
      else ready.push(fitted);
    }
    const put = await this.#put(table, ready);
    this.#in.set(table.id, put.rows);
    if (put.rows.length > 0) {
      for (const sql of this.#writer.counters(table)) await this.#keep(sql);
    }
    return {
      table,
      rows: put.rows.length,
      left: rows.length - put.rows.length,
      reason: reason ?? put.reason,
      cleared,
    };
  }

  /** Sets the references that lead to what was put in later. Gives the table of each that leads to no row. */
  async closeCycles(): Promise<readonly string[]> {
    const open: string[] = [];
    for (const { table, row, to } of this.#later) {
      const key = valuesIn(table, row.written, table.key);
      const isIn = this.#in.get(table.id)?.some(({ read }) => read === row.read) === true;
      if (key === null || !isIn) continue;
      if (!this.#finds(table, row, to, this.#in.get(to.table))) {
        open.push(table.id);
        continue;
      }
      const set = to.columns.map((name) => [name, cellOf(table, row.written, name)] as const);
      const where = table.key.map((name, at) => [name, key[at] ?? null] as const);
      if (!await this.#keep(this.#writer.update(table, set, where))) open.push(table.id);
    }
    return open;
  }

  /** A statement that belongs to the sample where it works. */
  async #keep(sql: string): Promise<boolean> {
    const works = await this.#refusal(sql) === null;
    if (works) this.statements.push(sql);
    return works;
  }

  /** The row with references that cannot be followed yet, or never, taken out; null where it cannot be without them. */
  #fitted(table: SampledTable, row: SeedRow): (SeedRow & { readonly isCleared: boolean }) | null {
    let written = row.written;
    let isCleared = false;
    for (const reference of table.references) {
      if (reference.table === table.id) {
        if (this.#finds(table, row, reference, this.#tables.get(table.id)?.rows)) continue;
      } else if (this.#finds(table, row, reference, this.#in.get(reference.table))) continue;
      const names = clearable(table, reference.columns);
      if (names.length === 0) return null;
      written = written.map((cell, at) =>
        names.includes(table.columns[at]?.name ?? "") ? null : cell
      );
      const isLater = !this.#in.has(reference.table) && table.key.length > 0 &&
        this.#finds(table, row, reference, this.#tables.get(reference.table)?.rows);
      if (isLater) this.#later.push({ table, row, to: reference });
      isCleared ||= !isLater;
    }
    return { read: row.read, written, isCleared };
  }

  /** Whether a reference leads to one of these rows, or to none because it is NULL. */
  #finds(
    table: SampledTable,
    row: SeedRow,
    { columns, table: id, others }: Reference,
    rows: readonly SeedRow[] | undefined,
  ): boolean {
    const values = valuesIn(table, row.read, columns);
    if (values === null) return true;
    const other = this.#tables.get(id)?.table;
    if (other === undefined || rows === undefined) return false;
    return this.#index(other, rows, others).has(textOf(values));
  }

  /** What rows have in columns. */
  #index(
    table: SampledTable,
    rows: readonly SeedRow[],
    columns: readonly string[],
  ): ReadonlySet<string> {
    const known = this.#indexes.get(rows) ?? new Map<string, ReadonlySet<string>>();
    this.#indexes.set(rows, known);
    const key = JSON.stringify(columns);
    const index = known.get(key) ?? new Set(rows.flatMap(({ read }) => {
      const values = valuesIn(table, read, columns);
      return values === null ? [] : [textOf(values)];
    }));
    known.set(key, index);
    return index;
  }

  /** The row without what it refers to in its own table, which is set when all rows are in. */
  #loosened(table: SampledTable, row: SeedRow): SeedRow {
    let written = row.written;
    for (const to of table.references) {
      const names = to.table === table.id && table.key.length > 0
        ? clearable(table, to.columns)
        : [];
      if (names.length === 0 || valuesIn(table, row.written, to.columns) === null) continue;
      written = written.map((cell, at) =>
        names.includes(table.columns[at]?.name ?? "") ? null : cell
      );
      this.#later.push({ table, row, to });
    }
    return { read: row.read, written };
  }

  /** All at once, or what goes one by one, over and over since rows may refer to each other. */
  async #put(
    table: SampledTable,
    rows: readonly SeedRow[],
  ): Promise<{ readonly rows: readonly SeedRow[]; readonly reason: string | null }> {
    if (rows.length === 0) return { rows, reason: null };
    const all = this.#insert(table, rows);
    let reason = await this.#refusal(all);
    if (reason === null) {
      this.statements.push(all);
      return { rows, reason };
    }
    const put: SeedRow[] = [];
    let waiting: readonly SeedRow[] = rows.map((row) => this.#loosened(table, row));
    for (;;) {
      const left: SeedRow[] = [];
      for (const row of waiting) {
        const refused = await this.#refusal(this.#insert(table, [row]));
        if (refused === null) put.push(row);
        else {
          left.push(row);
          reason = refused;
        }
      }
      if (left.length === 0 || left.length === waiting.length) break;
      waiting = left;
    }
    if (put.length > 0) this.statements.push(this.#insert(table, put));
    return { rows: put, reason: put.length === rows.length ? null : reason };
  }

  #insert(table: SampledTable, rows: readonly SeedRow[]): string {
    const names = table.columns.map(({ name }) => name);
    return this.#writer.insert(table, names, rows.map(({ written }) => written));
  }

  /** Runs a statement; what the server says against it, null for nothing. */
  async #refusal(sql: string): Promise<string | null> {
    try {
      await this.#database.exec(sql);
      return null;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return error.message;
    }
  }
}

function cellOf({ columns }: SampledTable, row: readonly Cell[], name: string): Cell {
  return row[columns.findIndex((column) => column.name === name)] ?? null;
}
