/** The options of sequences, on their own or behind an identity column. */

import type { SequenceOptions } from "../../catalog/sequence.ts";

/** The facts that are options. */
export const SEQUENCE_OPTIONS = [
  "type",
  "start",
  "increment",
  "min",
  "max",
  "cache",
  "cycle",
] as const satisfies readonly (keyof SequenceOptions)[];

/** Clauses of CREATE SEQUENCE or of an identity for options that are not the usual. */
export function sequenceClauses(facts: SequenceOptions): readonly string[] {
  return SEQUENCE_OPTIONS.flatMap((option) => {
    const value = facts[option];
    return value === undefined ? [] : [CLAUSES[option](String(value))];
  });
}

/** Clauses of ALTER SEQUENCE between two sets of options; a lost option goes back to the usual. */
export function changedSequenceClauses(
  before: SequenceOptions,
  after: SequenceOptions,
): readonly string[] {
  const changed = SEQUENCE_OPTIONS.filter((option) => before[option] !== after[option]);
  const down = (after.increment ?? "1").startsWith("-");
  const type = after.type ?? "bigint";
  const [least, most] = LIMITS[type] ?? LIMITS.bigint ?? ["", ""];
  const start = down ? after.max ?? "-1" : after.min ?? "1";
  const usual: Readonly<Record<string, string>> = {
    type: "AS bigint",
    start: `START WITH ${start}`,
    increment: "INCREMENT BY 1",
    min: down ? `MINVALUE ${least}` : "MINVALUE 1",
    max: down ? "MAXVALUE -1" : `MAXVALUE ${most}`,
    cache: "CACHE 1",
    cycle: "NO CYCLE",
  };
  const turned = (before.increment ?? "1").startsWith("-") !== down;
  const typed = before.type !== after.type;
  return SEQUENCE_OPTIONS.flatMap((option) => {
    const bound = option === "min" || option === "max" ||
      (option === "start" && (turned || changed.includes("min") || changed.includes("max")));
    if (!changed.includes(option) && !(bound && (turned || typed || option === "start"))) return [];
    const value = after[option];
    return [value === undefined ? usual[option] ?? "" : CLAUSES[option](String(value))];
  });
}

/** The lower bound that the current value of a sequence may lie below, null when there is none; what lies above the upper one is refused. */
export function raisedBound(before: SequenceOptions, after: SequenceOptions): string | null {
  const [oldMin, oldMax] = boundsOf(before);
  const [min] = boundsOf(after);
  return min > oldMin && min <= oldMax ? String(min) : null;
}

/** True when no value that the sequence can have is within the new bounds, so that it must restart. */
export function mustRestart(before: SequenceOptions, after: SequenceOptions): boolean {
  const [oldMin, oldMax] = boundsOf(before);
  const [min, max] = boundsOf(after);
  if (before.cycle === true || before.start === undefined) return min > oldMax || max < oldMin;
  const start = BigInt(before.start);
  const down = (before.increment ?? "1").startsWith("-");
  return down ? min > start || max < oldMin : min > oldMax || max < start;
}

/** True when the old bounds need not fit the new type, so that they change before it does. */
export function isNarrower(before: string, after: string): boolean {
  const [old, fresh] = [LIMITS[before]?.[1], LIMITS[after]?.[1]];
  return old !== undefined && fresh !== undefined && BigInt(fresh) < BigInt(old);
}

function boundsOf(facts: SequenceOptions): readonly [bigint, bigint] {
  const down = (facts.increment ?? "1").startsWith("-");
  const [least = "0", most = "0"] = LIMITS[facts.type ?? "bigint"] ?? LIMITS.bigint ?? [];
  return [
    BigInt(facts.min ?? (down ? least : "1")),
    BigInt(facts.max ?? (down ? "-1" : most)),
  ];
}

const CLAUSES: Readonly<Record<typeof SEQUENCE_OPTIONS[number], (value: string) => string>> = {
  type: (value) => `AS ${value}`,
  start: (value) => `START WITH ${value}`,
  increment: (value) => `INCREMENT BY ${value}`,
  min: (value) => `MINVALUE ${value}`,
  max: (value) => `MAXVALUE ${value}`,
  cache: (value) => `CACHE ${value}`,
  cycle: () => "CYCLE",
};

const LIMITS: Readonly<Record<string, readonly [string, string]>> = {
  smallint: ["-32768", "32767"],
  integer: ["-2147483648", "2147483647"],
  bigint: ["-9223372036854775808", "9223372036854775807"],
};
