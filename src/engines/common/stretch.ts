/** Values that try a change of a column's type: with fractions (else a small value), which it may round, and at the limits, which it may refuse. */

import { DatabaseError } from "../../core/error.ts";
import type { TableShape } from "../../core/shape.ts";
import type { Connection } from "../../runtimes/runtime.ts";

/** What the values are to be. */
export type Stretch = "fractions" | "limits";

/** Columns of a table that get other values, and which. */
export interface StretchOptions {
  readonly table: TableShape;
  readonly columns: readonly string[];
  readonly to: Stretch;
}

/** Makes `rows.stretch` of a dialect that quotes names so. What the table does not take is left as it is. */
export function stretchWith(
  quotePath: (name: string) => string,
  quote: (name: string) => string,
): (database: Connection, options: StretchOptions) => Promise<void> {
  return async (database, { table, columns, to }) => {
    for (const name of columns) {
      const type = table.columns.find((column) => column.name === name)?.type ?? "";
      const value = valueOf(type, to);
      if (value === null) continue;
      try {
        await database.exec(`UPDATE ${quotePath(table.name)} SET ${quote(name)} = ${value}`);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
      }
    }
  };
}

/** A value of a type, as SQL; null for a type that has no such value. */
function valueOf(type: string, to: Stretch): string | null {
  const [, name = "", list = ""] = /^([a-z ]+?)\s*(?:\(([^)]*)\).*|unsigned.*|with.*)?$/i.exec(
    type.toLowerCase(),
  ) ?? [];
  const sizes = list.split(",").filter((part) => /^\s*\d+\s*$/.test(part)).map(Number);
  return VALUES.find(({ types }) => types.test(name))?.[to](sizes) ?? null;
}

/** From the sizes of a type: precision and scale, or length. */
type Value = (sizes: readonly number[]) => string | null;

/** Longer than any length that a text is cut to on purpose. */
const LONG = 300;

const VALUES: readonly ({ readonly types: RegExp } & Readonly<Record<Stretch, Value>>)[] = [
  {
    types: /^(?:numeric|decimal|dec|number)$/,
    fractions: ([precision = 20, scale = sizeOfNone(precision)]) =>
      scale === 0 ? null : `0.${"1234567891".repeat(4).slice(0, Math.min(scale, 38))}`,
    limits: ([precision = 20, scale = 0]) =>
      precision > scale ? "9".repeat(precision - scale) : null,
  },
  {
    types: /^(?:real|float|double|double precision|float\d)$/,
    fractions: () => "1.12345678901234",
    limits: () => "1e30",
  },
  { types: /^(?:bigint|int8)$/, fractions: () => "7", limits: () => "9223372036854775807" },
  { types: /^(?:integer|int|int4)$/, fractions: () => "7", limits: () => "2147483647" },
  { types: /^(?:mediumint)$/, fractions: () => "7", limits: () => "8388607" },
  { types: /^(?:smallint|int2)$/, fractions: () => "7", limits: () => "32767" },
  {
    types: /^(?:character varying|varchar|character|char|bpchar)$/,
    fractions: () => "'7'",
    limits: ([length = LONG]) => `'${"x".repeat(Math.min(length, 10_000))}'`,
  },
  {
    types: /^(?:text|tinytext|mediumtext|longtext)$/,
    fractions: () => "'7'",
    limits: () => `'${"x".repeat(LONG)}'`,
  },
  {
    types: /^(?:timestamp|datetime)/,
    fractions: () => "'2001-02-03 04:05:06.789012'",
    limits: () => null,
  },
  { types: /^time/, fractions: () => "'04:05:06.789012'", limits: () => null },
];

/** A numeric without a precision takes fractions. */
function sizeOfNone(precision: number): number {
  return precision === 20 ? 6 : 0;
}
