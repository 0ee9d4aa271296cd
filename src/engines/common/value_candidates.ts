/** Values that may pass a table's checks where the usual one does not: the scratch database says which of them does. */

import type { ValueQuestion } from "../../core/choice.ts";

/** What is known of a value that rows are to get. */
export interface WantedValue {
  /** `fill:public.users.email` */
  readonly id: string;
  /** The usual value, as SQL. */
  readonly usual: string;
  /** Other values that the type itself offers, as SQL: the labels of an enumeration. */
  readonly others?: readonly string[];
  /** Conditions that it must pass, as SQL. */
  readonly checks: readonly string[];
  /** The longest text that the type takes; default any. */
  readonly longest?: number;
  /** A query that gives a row where the check does not refuse the value. */
  test(value: string, check: string): string;
}

/**
 * The question which value passes: the usual one first, then what the checks name and what is next to it. Null where nothing is to be
 * asked: no checks, or a usual value that is no constant.
 */
export function valueQuestion(wanted: WantedValue): ValueQuestion | null {
  const { id, usual, others = [], checks, longest = LONGEST, test } = wanted;
  const value = constantOf(usual);
  if (value === undefined || checks.length === 0) return null;
  const found = neighbours(value, checks.flatMap(constantsIn), Math.min(longest, LONGEST));
  const candidates = [...new Set([usual, ...others, ...found.map(sqlOf)])].slice(0, MOST);
  return {
    id,
    candidates: candidates.map((candidate) => ({
      expression: candidate,
      tests: checks.map((check) => test(candidate, check)),
    })),
  };
}

type Constant = number | string | boolean;

/** Texts longer than this are not tried. */
const LONGEST = 100;

/** More candidates than this are not tried. */
const MOST = 60;

/** Constants of the same kind that are named or hinted at. */
function neighbours(
  usual: Constant,
  named: readonly Constant[],
  longest: number,
): readonly Constant[] {
  const numbers = named.map(Number).filter((value) => Number.isFinite(value));
  if (typeof usual === "number") {
    return numbers.flatMap((value) => [value, value + 1, value - 1, -value, -value - 1]);
  }
  if (typeof usual === "boolean") return [!usual];
  const texts = named.filter((value) => typeof value === "string");
  const lengths = [0, ...numbers].filter((value) => Number.isInteger(value) && value >= 0);
  return [
    ...texts,
    ...texts.flatMap(daysAround),
    ...lengths.flatMap((length) => [length, length + 1])
      .filter((length) => length > 0 && length <= longest).map((length) => "x".repeat(length)),
  ];
}

/** The days after and before a date, with the time of day that stands behind it. */
export function daysAround(text: string): readonly string[] {
  const [, date, rest = ""] = /^(\d{4}-\d\d-\d\d)(.*)$/s.exec(text) ?? [];
  const time = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(time)
    ? []
    : [time + DAY, time - DAY].map((day) => new Date(day).toISOString().slice(0, 10) + rest);
}

const DAY = 24 * 60 * 60 * 1000;

/** The constants that stand in a condition, in their order. */
function constantsIn(check: string): readonly Constant[] {
  return (check.match(CONSTANT) ?? []).flatMap((token) => constantOf(token) ?? []);
}

const CONSTANT = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|(?<![\w.])\d+(?:\.\d+)?(?![\w.])|[\w$]+/g;

function constantOf(sql: string): Constant | undefined {
  if (/^-?\d+(\.\d+)?$/.test(sql)) return Number(sql);
  if (/^'(?:[^']|'')*'$/.test(sql)) return sql.slice(1, -1).replaceAll("''", "'");
  if (/^(true|false)$/i.test(sql)) return sql.toLowerCase() === "true";
  return undefined;
}

function sqlOf(value: Constant): string {
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}
