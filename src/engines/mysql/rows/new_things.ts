/** What a table takes after a change and did not take before. */

import type { NewData } from "../../../core/observation.ts";
import type { Snapshot } from "../../../core/snapshot.ts";
import { fold } from "../catalog/scope.ts";
import type { ColumnFacts } from "../facts.ts";
import { candidatesOf } from "./candidates.ts";
import { type Rule, type SeedColumn, type SeedTable, seedTables } from "./tables.ts";
import { baseOf, labelsOf, ordinaryValue, rangeOf, shapedValues, sizeOf } from "./values.ts";

/** Something that is newly possible, and how a row shows it. */
export interface NewThing extends Pick<NewData, "table" | "column" | "kind"> {
  /** Values that a column is to have, best first, by its folded name. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Folded columns that are to be as in a row that is there. */
  readonly copied: readonly string[];
  /** A former check that the row is to break; null for none. */
  readonly refusedBy: string | null;
}

/** A number for rows that are written after a change. */
const NEW_ROW = 70;

/** The longest text that is written to see that it is too long. */
const LONGEST = 1_000;

/** What is newly possible between two schemas, in the given tables or in all. */
export function newThings(
  before: Snapshot,
  after: Snapshot,
  tables: ReadonlySet<string> | undefined,
): readonly NewThing[] {
  const old = seedTables(before);
  return [...seedTables(after).values()].flatMap((table) => {
    const former = old.get(table.id);
    const isWanted = tables === undefined || tables.has(table.id);
    return former === undefined || !isWanted ? [] : ofTable(former, table);
  });
}

function ofTable(before: SeedTable, after: SeedTable): readonly NewThing[] {
  const pairs = after.columns.flatMap((column) => {
    const former = before.columns.find(({ name }) => fold(name) === fold(column.name));
    return former === undefined ? [] : [{ former, column }];
  });
  const names = new Set(pairs.map(({ column }) => fold(column.name)));
  const base = { table: after.id, copied: [], refusedBy: null };
  const left = new Set(after.rules.map(({ text }) => text));
  const sameKey = (key: readonly string[]) =>
    after.keys.some((other) => other.every((name) => key.includes(name)));
  return [
    ...pairs.flatMap(({ former, column }) =>
      ofColumn(former.facts, column).map((one) => ({
        ...base,
        ...one,
        column: fold(column.name),
        values: new Map([[fold(column.name), one.values]]),
      }))
    ),
    ...before.keys.filter((key) => key.every((name) => names.has(name)) && !sameKey(key)).map(
      (key) => ({
        ...base,
        kind: "duplicate" as const,
        column: key.length === 1 ? key[0] ?? null : null,
        values: new Map<string, readonly string[]>(),
        copied: key,
      }),
    ),
    ...before.references.filter((one) =>
      one.columns.every((name) => names.has(fold(name))) &&
      !after.references.some((other) => other.columns.join() === one.columns.join())
    ).map((one) => ({
      ...base,
      kind: "orphan" as const,
      column: one.columns.length === 1 ? fold(one.columns[0] ?? "") : null,
      values: new Map(one.columns.flatMap((name) => {
        const found = pairs.find(({ column }) => fold(column.name) === fold(name))?.column;
        if (found === undefined) return [];
        return [[fold(name), orphans(found)] as const];
      })),
    })),
    ...before.rules.filter((rule) =>
      isCheck(rule, before) && !left.has(rule.text) &&
      [...rule.columns].every((name) => names.has(name))
    ).map((rule) => ({
      ...base,
      kind: /\blength\s*\(/i.test(rule.text) ? "length" as const : "check" as const,
      column: rule.columns.size === 1 ? [...rule.columns][0] ?? null : null,
      values: new Map([...rule.columns].map((name) => [name, refusedValues(name, rule, after)])),
      refusedBy: rule.text,
    })),
  ];
}

function isCheck({ name, text }: Rule, { columns }: SeedTable): boolean {
  const isGenerated = !columns.some((one) => one.name === name) && /^\w+$/.test(text);
  return text !== "" && name !== "partition" && !isGenerated;
}

function orphans(column: SeedColumn): readonly string[] {
  return [ordinaryValue(column, 90, NEW_ROW), ordinaryValue(column, 80, NEW_ROW + 1)];
}

function refusedValues(name: string, rule: Rule, { columns }: SeedTable): readonly string[] {
  const column = columns.find((one) => fold(one.name) === name);
  if (column === undefined) return [];
  return [
    ordinaryValue(column, 9, NEW_ROW),
    ...candidatesOf(column.facts.type, [rule], NEW_ROW),
    ...shapedValues("high", column),
    ...shapedValues("low", column),
    ...shapedValues("odd", column),
  ];
}

interface ColumnThing {
  readonly kind: NewData["kind"];
  readonly values: readonly string[];
}

function ofColumn(had: ColumnFacts, column: SeedColumn): readonly ColumnThing[] {
  const { facts: has } = column;
  const nulls: readonly ColumnThing[] = had.not_null === true && has.not_null !== true
    ? [{ kind: "null", values: ["NULL"] }]
    : [];
  return had.type === has.type ? nulls : [...nulls, ...ofType(had, column)];
}

function ofType(had: ColumnFacts, column: SeedColumn): readonly ColumnThing[] {
  const { type } = column.facts;
  const [from, to] = [baseOf(had.type), baseOf(type)];
  if (/^(?:enum|set)$/.test(to) && from === to) {
    const known = new Set(labelsOf(had.type));
    return labelsOf(type).filter((label) => !known.has(label))
      .map((label) => ({ kind: "enum-value", values: [label] }));
  }
  const [old, now] = [rangeOf(had.type), rangeOf(type)];
  if (old !== null && now !== null) {
    const beyond = [
      ...now[1] > old[1] ? [old[1] + 1n] : [],
      ...now[0] < old[0] ? [old[0] - 1n] : [],
    ];
    return beyond.map((value) => ({ kind: "range", values: [String(value)] }));
  }
  const [before, after] = [lengthOf(had.type), lengthOf(type)];
  if (before !== null && after !== null) {
    const most = Math.min(after, LONGEST);
    if (most <= before) return [];
    const size = Math.min(before + 1, most);
    const value = BYTES.test(to) ? `X'${"41".repeat(size)}'` : `'${"y".repeat(size)}'`;
    return [{ kind: "length", values: [value] }];
  }
  if (from === "decimal" && to === "decimal") return ofDecimal(had.type, type);
  if (from === to && sizeOf(type, 0) > sizeOf(had.type, 0)) {
    const fraction = "1".padStart(sizeOf(type, 0), "0");
    const day = to === "time" ? "" : "2001-02-03 ";
    return [{ kind: "type", values: [`'${day}04:05:06.${fraction}'`] }];
  }
  const values = [
    ...shapedValues("odd", column),
    ...shapedValues("high", column),
    ordinaryValue(column, 9, NEW_ROW),
  ];
  return from === to ? [] : [{ kind: "type", values }];
}

function ofDecimal(had: string, has: string): readonly ColumnThing[] {
  const [[old, oldScale], [now, scale]] = [sizesOf(had), sizesOf(has)];
  return [
    ...now - scale > old - oldScale
      ? [{ kind: "range" as const, values: [`1${"0".repeat(old - oldScale)}`] }]
      : [],
    ...scale > oldScale ? [{ kind: "type" as const, values: [`0.${"0".repeat(scale - 1)}1`] }] : [],
  ];
}

function sizesOf(type: string): readonly [number, number] {
  const [, digits = "10", scale = "0"] = /\((\d+)(?:,(\d+))?\)/.exec(type) ?? [];
  return [Number(digits), Number(scale)];
}

const BYTES = /blob|binary/;

/** How many characters or bytes a type holds; null for one that holds neither. */
function lengthOf(type: string): number | null {
  const base = baseOf(type);
  if (/^(?:char|varchar|binary|varbinary)$/.test(base)) return sizeOf(type, 1);
  return LENGTHS[base.replace(/(?:text|blob)$/, "")] ?? null;
}

const LENGTHS: Readonly<Record<string, number>> = {
  tiny: 255,
  "": 65_535,
  medium: 16_777_215,
  long: 4_294_967_295,
};
