/** Foreign keys: which table is filled before which, and what a row can refer to. */

import { literal } from "../quote.ts";
import type { Reference, SeedColumn, SeedTable } from "./read_tables.ts";
import type { Query } from "./read_types.ts";
import type { ColumnTexts } from "./row_plan.ts";

/** SQL of values by the names of their columns. */
export type Assignment = readonly (readonly [column: string, sql: string])[];

/** Columns that refer, together where foreign keys share some of them, and all that they can be. */
export interface ReferenceUnit {
  readonly columns: readonly SeedColumn[];
  /** All keys refer to a row. */
  readonly real: readonly Assignment[];
  /** Some refer to nothing. */
  readonly none: readonly Assignment[];
}

/** The order in which tables are filled. */
export interface FillOrder {
  readonly tables: readonly SeedTable[];
  /** Foreign keys that refer to what is filled later, or to the table itself. */
  readonly later: ReadonlyMap<SeedTable, readonly Reference[]>;
}

/** What is referred to comes first; of a cycle, a table comes first whose keys there may be NULL. */
export function fillOrder(tables: readonly SeedTable[], texts: ColumnTexts): FillOrder {
  const stored = tables.filter(({ isPartitioned }) => !isPartitioned);
  const waiting = new Set(stored);
  const order: SeedTable[] = [];
  const later = new Map<SeedTable, Reference[]>();
  const members = membersOf(tables);
  const isOpen = (table: SeedTable, { table: other }: Reference) =>
    (members.get(other) ?? []).some((one) => one !== table && waiting.has(one));
  while (waiting.size > 0) {
    const ready = [...waiting].filter((table) =>
      table.references.every((reference) => !isOpen(table, reference))
    );
    const next = ready.length > 0 ? ready : [leastTied([...waiting], { isOpen, texts })].flat();
    for (const table of next) {
      const open = table.references.filter((reference) =>
        isOpen(table, reference) || (members.get(reference.table) ?? []).includes(table)
      );
      later.set(table, open);
    }
    for (const table of next) {
      waiting.delete(table);
      order.push(table);
    }
  }
  return { tables: order, later };
}

/** The tables whose rows are those of a table: its partitions, or itself. */
export function membersOf(
  tables: readonly SeedTable[],
): ReadonlyMap<number, readonly SeedTable[]> {
  const byOid = new Map(tables.map((table) => [table.oid, table]));
  const members = new Map<number, SeedTable[]>(tables.map(({ oid }) => [oid, []]));
  for (const table of tables) {
    if (table.isPartitioned) continue;
    for (let at: SeedTable | undefined = table; at !== undefined; at = byOid.get(at.parent)) {
      members.get(at.oid)?.push(table);
    }
  }
  return members;
}

function leastTied(
  waiting: readonly SeedTable[],
  { isOpen, texts }: {
    readonly isOpen: (table: SeedTable, reference: Reference) => boolean;
    readonly texts: ColumnTexts;
  },
): readonly SeedTable[] {
  const ties = (table: SeedTable) =>
    table.references.filter((reference) =>
      isOpen(table, reference) && !canBeNull(table, reference, texts)
    ).length;
  return waiting.toSorted((a, b) => ties(a) - ties(b)).slice(0, 1);
}

/** Whether a row need not refer to anything. */
export function canBeNull(
  table: SeedTable,
  { columns, isFull }: Reference,
  texts: ColumnTexts,
): boolean {
  const own = table.columns.filter(({ name }) => columns.includes(name));
  const nullable = own.filter((column) => texts.isNullable(column));
  return isFull ? nullable.length === columns.length : nullable.length > 0;
}

/** What is NULL in rows that refer to nothing yet, the other columns being free; null where they cannot. */
export function blankUnit(
  table: SeedTable,
  reference: Reference,
  texts: ColumnTexts,
): ReferenceUnit | null {
  if (!canBeNull(table, reference, texts)) return null;
  const own = table.columns.filter(({ name }) => reference.columns.includes(name));
  const named = [...table.checks, ...table.keys].flatMap(({ columns }) => columns);
  const others = table.references.filter((one) => one !== reference)
    .flatMap(({ columns }) => columns);
  const cost = ({ name }: SeedColumn) =>
    [...named, ...others, ...others].filter((one) => one === name).length;
  const free = own.filter((column) => texts.isNullable(column))
    .toSorted((a, b) => cost(a) - cost(b));
  const columns = reference.isFull ? own : free.slice(0, 1);
  return { columns, real: [], none: [columns.map(({ name }) => [name, "NULL"])] };
}

/** Keys that are there to be referred to. */
export class ReferredKeys {
  readonly #query: Query;
  readonly #tables: ReadonlyMap<number, SeedTable>;
  readonly #known = new Map<string, readonly (readonly string[])[]>();

  constructor(query: Query, tables: readonly SeedTable[]) {
    this.#query = query;
    this.#tables = new Map(tables.map((table) => [table.oid, table]));
  }

  /** SQL of the values, of at most `MOST` rows; `own` is the table that refers to them. */
  async of(
    { table, others, columns }: Pick<Reference, "table" | "others" | "columns">,
    own: SeedTable,
  ): Promise<readonly (readonly string[])[]> {
    const padded = columns.map((name) =>
      PADDED.test(own.columns.find((column) => column.name === name)?.typeName ?? "")
    );
    const key = JSON.stringify([table, others, padded]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = await this.#read(table, others, padded);
    this.#known.set(key, found);
    return found;
  }

  async #read(
    oid: number,
    others: readonly string[],
    padded: readonly boolean[],
  ): Promise<readonly (readonly string[])[]> {
    const table = this.#tables.get(oid);
    if (table === undefined) return [];
    const columns = others.map((name) => `t.${always(name)}`);
    const values = columns.map((column) => `pg_catalog.format('%s', ${column})`).join(", ");
    // A text that ends in blanks is none that a padded one is equal to.
    const fitting = columns.filter((_, at) => padded[at])
      .map((column) => ` AND ${column}::text !~ ' $'`).join("");
    const rows = await this.#query<{ readonly key: readonly string[] }>(`
      SELECT pg_catalog.to_json(ARRAY[${values}]::pg_catalog.text[]) AS key
      FROM ${table.isPartitioned ? "" : "ONLY "}${table.quoted} t
      WHERE pg_catalog.num_nulls(${columns.join(", ")}) = 0${fitting} LIMIT ${MOST}`);
    return rows.map(({ key }) => key.map(literal));
  }
}

const MOST = 40;
/** Types whose values lose the blanks at their end where they are compared with those of others. */
const PADDED = /^character(?:\(|$)/;

/** Quoted in any case: a keyword of a later version as well. */
export function always(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Foreign keys with the keys that are there for them, as units of the columns that hang together. */
export async function referenceUnits(
  table: SeedTable,
  references: readonly Reference[],
  { keysOf, texts }: {
    readonly keysOf: (reference: Reference) => Promise<readonly (readonly string[])[]>;
    readonly texts: ColumnTexts;
  },
): Promise<readonly ReferenceUnit[]> {
  const groups: Reference[][] = [];
  for (const reference of references) {
    // A generated column is what it is: it is looked at when all is there.
    const isWritten = reference.columns.every((name) =>
      table.columns.some((column) => column.name === name)
    );
    if (!isWritten || reference.columns.length === 0) continue;
    const own = groups.filter((group) =>
      group.some(({ columns }) => columns.some((name) => reference.columns.includes(name)))
    );
    for (const group of own) groups.splice(groups.indexOf(group), 1);
    groups.push([reference, ...own.flat()]);
  }
  const units: ReferenceUnit[] = [];
  for (const group of groups) {
    // Those that say the most come first.
    const sorted = group.toSorted((a, b) => b.columns.length - a.columns.length);
    const columns = table.columns.filter(({ name }) =>
      group.some((reference) => reference.columns.includes(name))
    );
    const rows = await Promise.all(sorted.map(keysOf));
    const options = sorted.map((reference, at) => ({ reference, rows: rows[at] ?? [] }));
    units.push({ columns, ...combined(columns, options, texts) });
  }
  return units;
}

interface Option {
  readonly reference: Reference;
  readonly rows: readonly (readonly string[])[];
}

/** The most assignments of a unit, and the most steps on the way to them. */
const MOST_FOUND = 60;
const MOST_STEPS = 4000;

/** All that columns can be so that every foreign key is satisfied. */
function combined(
  columns: readonly SeedColumn[],
  options: readonly Option[],
  texts: ColumnTexts,
): Pick<ReferenceUnit, "real" | "none"> {
  const nullable = new Set(
    columns.filter((column) => texts.isNullable(column)).map(({ name }) => name),
  );
  const real: Assignment[] = [];
  const none: Assignment[] = [];
  let steps = 0;
  const extend = (at: number, values: ReadonlyMap<string, string>, isReal: boolean): void => {
    if (++steps > MOST_STEPS || real.length + none.length > MOST_FOUND * 2) return;
    const option = options[at];
    if (option === undefined) {
      const list = isReal ? real : none;
      if (list.length < MOST_FOUND) {
        list.push(columns.map(({ name }) => [name, values.get(name) ?? "NULL"]));
      }
      return;
    }
    for (const [more, refers] of extensions(option, values, nullable)) {
      extend(at + 1, more, isReal && refers);
    }
  };
  extend(0, new Map(), true);
  return { real, none };
}

function* extensions(
  { reference: { columns, isFull }, rows }: Option,
  values: ReadonlyMap<string, string>,
  nullable: ReadonlySet<string>,
): Generator<readonly [ReadonlyMap<string, string>, boolean]> {
  const isFree = !isFull && columns.some((name) => values.get(name) === "NULL");
  if (isFree) {
    const rest = columns.filter((name) => !values.has(name));
    const row = rows[0] ?? [];
    const more = new Map(values);
    for (const name of rest) {
      more.set(name, nullable.has(name) ? "NULL" : row[columns.indexOf(name)] ?? "NULL");
    }
    yield [more, false];
    return;
  }
  for (const row of rows) {
    const fits = columns.every((name, at) => (values.get(name) ?? row[at]) === row[at]);
    if (fits) {
      yield [
        new Map([...values, ...columns.map((name, at) => [name, row[at] ?? "NULL"] as const)]),
        true,
      ];
    }
  }
  const open = columns.filter((name) => !values.has(name));
  const blank = open.filter((name) => nullable.has(name));
  if (blank.length === 0 || (isFull && blank.length < columns.length)) return;
  const rest = open.filter((name) => !nullable.has(name));
  const [row] = rows;
  if (rest.length > 0 && row === undefined) return;
  yield [
    new Map([
      ...values,
      ...blank.map((name) => [name, "NULL"] as const),
      ...rest.map((name) => [name, row?.[columns.indexOf(name)] ?? "NULL"] as const),
    ]),
    false,
  ];
}
