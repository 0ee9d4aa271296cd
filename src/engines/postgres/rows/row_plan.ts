/** Which rows a table gets. */

import { literal } from "../quote.ts";
import type { SeedColumn, SeedTable } from "./read_tables.ts";
import { type SqlType, type Types, withoutDomains } from "./read_types.ts";
import { textsOf, type TypeTexts } from "./values.ts";

/** What a row is to be like. */
export interface RowPlan {
  /** Ordinary values go by it: another one for each row of a table. */
  readonly number: number;
  /** SQL of the values that a column should have, best first; none for an ordinary one. */
  readonly wanted: (column: SeedColumn) => readonly string[];
  /** A column has one of these values or the row is not put in; null where any will do. */
  readonly only?: (column: SeedColumn) => readonly string[] | null;
  /** What refers is NULL where that can be. */
  readonly isNull?: boolean;
}

/** What is known of the values of a table's columns. */
export class ColumnTexts {
  readonly #types: Types;
  readonly #salts: ReadonlyMap<string, number>;
  readonly #texts = new Map<SeedColumn, TypeTexts>();

  /** `salts` by `saltKey`: another number for each column that has nothing to do with the others. */
  constructor(types: Types, salts: ReadonlyMap<string, number>) {
    this.#types = types;
    this.#salts = salts;
  }

  /** Texts of the extremes of a column's type. */
  special(column: SeedColumn): readonly string[] {
    const { special } = this.of(column);
    return column.isEndless ? ["infinity", "-infinity", ...special] : special;
  }

  /** The type that the elements of arrays are of in the end; null for what is no array. */
  elementOf({ kind, category, element }: SqlType): SqlType | null {
    if (kind !== "b" || category !== "A" || element === 0) return null;
    return withoutDomains(this.#types, element, -1).type ?? null;
  }

  /** SQL of the values that a column may have in a row where nothing else is asked for, best first. */
  ordinary(table: SeedTable, column: SeedColumn, number: number): readonly string[] {
    return this.ordinaryTexts(table, column, number).map(literal);
  }

  /** The same as texts. */
  ordinaryTexts(table: SeedTable, column: SeedColumn, number: number): readonly string[] {
    const { ordinary } = this.of(column);
    const salt = this.#salts.get(saltKey(table, column.name)) ?? 0;
    return [...new Set([...ordinary(salt * 64 + number), ...ordinary(number)])];
  }

  /** What a column's type forbids, besides what its table does. */
  domainOf(column: SeedColumn): ReturnType<typeof withoutDomains> {
    return withoutDomains(this.#types, column.type, column.modifier);
  }

  isNullable(column: SeedColumn): boolean {
    return !column.notNull && !this.domainOf(column).notNull;
  }

  /** Whether a column holds arrays, whose elements a condition may name. */
  isArray(column: SeedColumn): boolean {
    const { type } = this.domainOf(column);
    return type !== undefined && this.elementOf(type) !== null;
  }

  isJson(column: SeedColumn): boolean {
    return /^jsonb?$/.test(this.domainOf(column).type?.plain ?? "");
  }

  /** All that is known of the values of a column. */
  of(column: SeedColumn): TypeTexts {
    const known = this.#texts.get(column);
    if (known !== undefined) return known;
    const texts = textsOf(this.#types, column.type, column.modifier);
    this.#texts.set(column, texts);
    return texts;
  }
}

/** By what the salt of a column is known: partitions share those of the table that they are of. */
export function saltKey({ root }: SeedTable, column: string): string {
  return `${root} ${column}`;
}

/** A number for each column of the tables. */
export function saltsOf(tables: readonly SeedTable[]): Map<string, number> {
  const salts = new Map<string, number>();
  for (const table of tables) {
    for (const { name } of table.columns) {
      const key = saltKey(table, name);
      if (!salts.has(key)) salts.set(key, salts.size + 1);
    }
  }
  return salts;
}

/** The most rows that there are for the extremes of types, but for the labels of an enumeration. */
const MOST_SPECIAL = 10;
const MOST_LABELS = 40;
/** A row of more columns than these may be longer than a page. */
const WIDEST = 250;
/** How far the numbers of the rows of two partitions are apart. */
const PART_STEP = 64;

/**
 * An ordinary row, one with NULL wherever it may be, those with the extremes of each type, and one that is like the first but where
 * a key forbids it. `part` is the place of a partition among its siblings: those after the first get only a few.
 */
export function adversarialPlans(
  table: SeedTable,
  texts: ColumnTexts,
  part: number,
): readonly RowPlan[] {
  const first = 1 + part * PART_STEP;
  const keyed = new Set(table.keys.flatMap(({ columns }) => columns));
  const specialOf = (column: SeedColumn) =>
    isIdentifier(table, texts, column) ? [] : texts.special(column);
  const most = Math.min(
    part > 0 ? 2 : MOST_LABELS,
    Math.max(
      0,
      ...table.columns.map((column) => {
        const { length } = specialOf(column);
        return texts.domainOf(column).type?.kind === "e" ? length : Math.min(length, MOST_SPECIAL);
      }),
    ),
  );
  const special = Array.from({ length: most }, (_, at): RowPlan => ({
    number: first + 2 + at,
    wanted: (column) => {
      const all = column.isNumbered ? [] : specialOf(column);
      const text = keyed.has(column.name) ? all[at] : all[at % Math.max(all.length, 1)];
      return text === undefined ? [] : [literal(text)];
    },
  }));
  const plans = [
    { number: first, wanted: () => [] },
    { number: first + 1, wanted: nullWhereItMayBe(texts), isNull: true },
    ...special,
    ...part > 0 ? [] : [likeTheFirst(table, texts, { first, number: first + 2 + most })],
  ];
  return table.columns.length > WIDEST ? sparse(table, texts, plans) : plans;
}

/**
 * Whether a column holds a UUID that tells its rows apart: no two tables have the same ones, so what brings two tables together is not
 * to be refused for their having the same extremes.
 */
function isIdentifier(table: SeedTable, texts: ColumnTexts, column: SeedColumn): boolean {
  return texts.domainOf(column).type?.plain === "uuid" &&
    table.keys.some(({ columns }) => columns.length === 1 && columns[0] === column.name);
}

/** Rows that a schema to come is likely to take as well. */
export function ordinaryPlans(count: number, part: number): readonly RowPlan[] {
  return Array.from({ length: count }, (_, at) => ({
    number: 1 + at + part * PART_STEP,
    wanted: () => [],
  }));
}

function nullWhereItMayBe(texts: ColumnTexts): RowPlan["wanted"] {
  return (column) => texts.isNullable(column) ? ["NULL"] : [];
}

function likeTheFirst(
  table: SeedTable,
  texts: ColumnTexts,
  { first, number }: { readonly first: number; readonly number: number },
): RowPlan {
  const varied = new Set<string>();
  for (const { columns } of table.keys) {
    if (columns.some((name) => varied.has(name))) continue;
    varied.add(columns.at(-1) ?? "");
  }
  return {
    number,
    wanted: (column) =>
      varied.has(column.name) ? [] : texts.ordinary(table, column, first).slice(0, 1),
  };
}

/** A part of the columns for each row, as many rows as there must be for every column to have had a turn. */
function sparse(
  { columns }: SeedTable,
  texts: ColumnTexts,
  plans: readonly RowPlan[],
): readonly RowPlan[] {
  const turns = Math.ceil(columns.length / WIDEST);
  const places = new Map(columns.map(({ name }, at) => [name, at]));
  return Array.from({ length: Math.max(turns, plans.length) }, (_, row): RowPlan => {
    const plan = plans[row % plans.length] ?? { number: row, wanted: () => [] };
    return {
      ...plan,
      number: (plans[0]?.number ?? 1) + row,
      wanted: (column) =>
        (places.get(column.name) ?? 0) % turns !== row % turns && texts.isNullable(column)
          ? ["NULL"]
          : plan.wanted(column),
    };
  });
}
