/** Values for columns, as SQL: ordinary ones, the extremes of a type, and what SQLite takes although the type is another. */

import { affinityOf } from "../ddl/affinity.ts";
import { literal } from "../quote.ts";

/**
 * What a row is there for. `high` and `low` are the ends of a type, `odd` and `other` values of another type than the declared one,
 * `copy` the first row once more.
 */
export type Shape = "ordinary" | "nulls" | "high" | "low" | "odd" | "other" | "copy";

/** What a value is made for. */
export interface ValueOf {
  /** The declared type in capitals, empty for none. */
  readonly type: string;
  readonly isStrict: boolean;
  readonly isRowid: boolean;
  /** No other column has the same, unless a key joins them. */
  readonly salt: number;
  /** Number of the row, from 1. */
  readonly row: number;
}

/** How far apart the numbers of two columns are: more than rows of a table. */
const APART = 100;

/** A number that no other column and no other row has. */
export function ownNumber({ salt, row }: Pick<ValueOf, "salt" | "row">): number {
  return salt * APART + row;
}

/** Values for a declared type, best first: one that no other column has, then a short one. */
export function ordinaryValues(wanted: ValueOf): readonly string[] {
  const { type, row, isStrict } = wanted;
  const own = ownNumber(wanted);
  if (/BOOL/.test(type)) return [String(row % 2), String(own)];
  if (/DATE|TIME/.test(type) && !isStrict) return [literal(momentOf(type, own)), String(own)];
  switch (affinityOf(type === "" ? undefined : type)) {
    case "INTEGER":
    case "NUMERIC":
      return type === "ANY" ? [literal(`v${own}`), String(own)] : [String(own), String(row), "0"];
    case "REAL":
      return [`${own}.5`, String(row), "0.5"];
    case "BLOB":
      return type === ""
        ? [literal(`v${own}`), String(own), blobOf(own)]
        : [blobOf(own), ...isStrict ? [] : [literal(`v${own}`)]];
    case "TEXT":
      return [literal(`v${own}`), literal(`v${row}`), literal(String(own))];
  }
}

function blobOf(own: number): string {
  return `X'${own.toString(16).padStart(6, "0")}'`;
}

/** A day, a time of day, or both; a second apart for each number. */
function momentOf(type: string, own: number): string {
  const iso = new Date(Date.UTC(2020, 0, 1, 10) + own * 1000 + own * 86_400_000).toISOString();
  if (/^DATE$/.test(type)) return iso.slice(0, 10);
  if (/^TIME$/.test(type)) return iso.slice(11, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** The value that makes a row what it is there for; none where the column has no such value. */
export function shapedValues(shape: Shape, wanted: ValueOf): readonly string[] {
  if (shape === "ordinary" || shape === "copy" || shape === "nulls") return [];
  const { type, isStrict, isRowid, salt } = wanted;
  if (isRowid) return shape === "high" ? [String(ROWID + salt)] : shape === "low" ? ["-7"] : [];
  const found = tableOf(wanted)[shape];
  return isStrict && !fitsStrict(type, found) ? [] : [found];
}

/** Far, and not the last: where the last one is taken SQLite gives out random ones. */
const ROWID = 2 ** 40;

type Ends = Readonly<Record<"high" | "low" | "odd" | "other", string>>;

function tableOf({ type, isStrict }: ValueOf): Ends {
  if (/BOOL/.test(type)) return { high: "1", low: "0", odd: "2", other: "'true'" };
  if (/DATE|TIME/.test(type) && !isStrict) return MOMENTS;
  if (type === "ANY") return ANY;
  const affinity = affinityOf(type === "" ? undefined : type);
  if (affinity === "TEXT") return { ...TEXT, high: longText(type) };
  if (affinity === "BLOB") return type === "" ? ANY : BLOB;
  return affinity === "INTEGER" ? INTEGER : affinity === "REAL" ? REAL : NUMERIC;
}

const MOST = "9223372036854775807";
const LEAST = "-9223372036854775808";

const INTEGER: Ends = { high: MOST, low: LEAST, odd: "'abc'", other: "1.5" };
const REAL: Ends = {
  high: "1.7976931348623157e308",
  low: "-4.9406564584124654e-324",
  odd: "'abc'",
  other: "9007199254740993",
};
const NUMERIC: Ends = { high: MOST, low: "-0.1", odd: "'abc'", other: "X'3031'" };
const BLOB: Ends = { high: `X'${"00ff".repeat(32)}'`, low: "X''", odd: "'00501'", other: "501" };
const ANY: Ends = { high: MOST, low: "1.0", odd: "'00501'", other: "X'00ff'" };
const TEXT = { low: "''", odd: "X'00ff'", other: "'00501'" };
const MOMENTS: Ends = {
  high: "'9999-12-31 23:59:59.999'",
  low: "'0001-01-01 00:00:00'",
  odd: "-62135596800",
  other: "'tomorrow'",
};

/** As long as a declared length allows, with what is easily spoiled: quotes, letters of other scripts, blanks at both ends. */
function longText(type: string): string {
  const declared = Number(/\(\s*(\d+)/.exec(type)?.[1] ?? LONG);
  const length = Math.min(declared, LONGEST);
  const text = [...SPOILED, ..."x".repeat(length)].slice(0, Math.max(length - 1, 0));
  return literal(text.length === 0 ? "ü" : `${text.join("")} `);
}

const SPOILED = [...` it's "ü" 日本 😀 \\n %_\n\t`];
/** Of a type without a length. */
const LONG = 300;
/** Longer texts show nothing more. */
const LONGEST = 2000;

function fitsStrict(type: string, value: string): boolean {
  if (type === "ANY") return true;
  const kind = value.startsWith("X") ? "BLOB" : value.startsWith("'") ? "TEXT" : "number";
  if (/^INT(EGER)?$/.test(type)) return kind === "number" && !/[.e]/.test(value);
  return type === "REAL" ? kind === "number" : kind === type;
}
