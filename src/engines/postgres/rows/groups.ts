/** The columns of a table in groups whose values hang together: by a foreign key, by a check. */

import { literal } from "../quote.ts";
import type { Check, SeedColumn, SeedTable } from "./read_tables.ts";
import type { Query } from "./read_types.ts";
import type { Assignment, ReferenceUnit } from "./references.ts";
import type { ColumnTexts, RowPlan } from "./row_plan.ts";
import { columnSamples } from "./column_samples.ts";
import { documentsOf } from "./documents.ts";
import { mostCandidates, passing } from "./solve.ts";

/** Columns whose values are chosen together. */
export interface Group {
  readonly columns: readonly string[];
  /** What they may be in a row, best first. */
  choices(plan: RowPlan): readonly Assignment[];
  /** Names of the conditions that nothing that was tried passes. */
  readonly unsolved: readonly string[];
  /** The server told which values pass the conditions. */
  readonly isSolved: boolean;
}

/** What groups are made of. */
export interface GroupInput {
  readonly query: Query;
  readonly table: SeedTable;
  readonly texts: ColumnTexts;
  /** Columns that refer to other tables, with what is there. */
  readonly references: readonly ReferenceUnit[];
  /** Conditions besides those that the table has. */
  readonly checks: readonly Check[];
  /** Values to prefer to ordinary ones. */
  readonly better: (column: SeedColumn, number: number) => readonly string[];
  /** Whether a text that a condition hints at may be used. */
  readonly takes: (column: SeedColumn, text: string) => boolean;
  readonly plans: readonly RowPlan[];
}

/** A column, or several that refer together. */
interface Unit {
  readonly columns: readonly SeedColumn[];
  choices(plan: RowPlan, samples: readonly Assignment[]): readonly Assignment[];
}

/** The groups of a table's columns; asks the server which values pass the checks. */
export async function groupsOf(input: GroupInput): Promise<readonly Group[]> {
  const { table, texts, references } = input;
  const referring = new Set(references.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const units: readonly Unit[] = [
    ...references.map((unit) => referenceUnit(unit)),
    ...table.columns.filter(({ name }) => !referring.has(name))
      .map((column) => columnUnit(input, column)),
  ];
  const checks = [
    ...table.checks,
    ...table.columns.flatMap((column) => domainChecks(texts, column)),
    ...input.checks,
  ].filter(({ columns }) => columns.length > 0);
  const groups: Group[] = [];
  for (const members of joined(units, checks)) {
    const names = new Set(members.flatMap(({ columns }) => columns.map(({ name }) => name)));
    const own = checks.filter(({ columns }) => columns.some((name) => names.has(name)));
    groups.push(
      own.length === 0 ? freeGroup(members) : await checkedGroup(input, members, own),
    );
  }
  return groups;
}

/** The condition of a domain, over the column that is of it. */
function domainChecks(texts: ColumnTexts, column: SeedColumn): readonly Check[] {
  return texts.domainOf(column).checks.map(({ name, expression }) => ({
    name,
    expression: `(SELECT ${expression} FROM (SELECT ${column.quoted} AS value) aim_d)`,
    columns: [column.name],
  }));
}

/** Units in groups: those are together that a check speaks of. */
function joined(units: readonly Unit[], checks: readonly Check[]): readonly (readonly Unit[])[] {
  const groups = new Map<string, Unit[]>();
  for (const unit of units) {
    const group = [unit];
    for (const { name } of unit.columns) groups.set(name, group);
  }
  for (const { columns } of checks) {
    const [first, ...others] = [...new Set(columns.flatMap((name) => [groups.get(name) ?? []]))]
      .filter(({ length }) => length > 0);
    for (const other of others) {
      first?.push(...other);
      for (const unit of other) {
        for (const { name } of unit.columns) if (first !== undefined) groups.set(name, first);
      }
    }
  }
  return [
    ...new Set(units.flatMap(({ columns }) => {
      const group = groups.get(columns[0]?.name ?? "");
      return group === undefined ? [] : [group];
    })),
  ];
}

function columnUnit({ table, texts, better }: GroupInput, column: SeedColumn): Unit {
  const value = (sql: string): Assignment => [[column.name, sql]];
  const documents = texts.isJson(column) ? documentsOf(table, column, texts) : () => [];
  return {
    columns: [column],
    choices: (plan, samples) => {
      const only = plan.only?.(column) ?? null;
      if (only !== null) return only.map(value);
      const ordinary = [
        ...better(column, plan.number),
        ...documents(plan.number),
        ...texts.ordinary(table, column, plan.number),
        ...texts.ordinary(table, column, plan.number + 31),
      ];
      const special = texts.isJson(column) || samples.length > 0
        ? texts.special(column).map((text) => literal(text))
        : [];
      const last = [
        ...column.hasDefault ? ["DEFAULT"] : [],
        ...texts.isNullable(column) ? ["NULL"] : [],
      ];
      const turn = samples.length === 0 ? 0 : (plan.number - 1) % samples.length;
      return [
        ...[...new Set([...plan.wanted(column), ...ordinary])].map(value),
        ...samples.slice(turn),
        ...samples.slice(0, turn),
        ...[...new Set([...special, ...last])].map(value),
      ];
    },
  };
}

/** A row is to refer to another one than the rows before, or to nothing. */
function referenceUnit({ columns, real, none }: ReferenceUnit): Unit {
  return {
    columns,
    choices: (plan) => {
      const at = real.length === 0 ? 0 : (plan.number - 1) % real.length;
      const turned = [...real.slice(at), ...real.slice(0, at)];
      const wanted = new Map(columns.map((column) => [column.name, plan.wanted(column)[0]]));
      const isWanted = (one: Assignment) => one.every(([name, sql]) => wanted.get(name) === sql);
      const all = plan.isNull === true
        ? [...none, ...turned]
        : [...turned.filter(isWanted), ...turned.filter((one) => !isWanted(one)), ...none];
      return all.filter((one) =>
        columns.every((column) => {
          const only = plan.only?.(column) ?? null;
          const value = one.find(([name]) => name === column.name)?.[1];
          return only === null || (value !== undefined && only.includes(value));
        })
      );
    },
  };
}

/** Always a single unit: only checks join them. */
function freeGroup(units: readonly Unit[]): Group {
  return {
    columns: units.flatMap(({ columns }) => columns.map(({ name }) => name)),
    choices: (plan) => units[0]?.choices(plan, []) ?? [],
    unsolved: [],
    isSolved: true,
  };
}

async function checkedGroup(
  input: GroupInput,
  units: readonly Unit[],
  checks: readonly Check[],
): Promise<Group> {
  const { query, texts, plans } = input;
  const samples = new Map(units.map((unit) => [unit, samplesFor(input, unit, checks)]));
  const most = mostCandidates(units.length);
  const all = units.map((unit) =>
    candidatesOf(unit, plans, { samples: samples.get(unit) ?? [], most })
  );
  const variables = units.map(({ columns }, at) => ({
    columns: columns.map((column) => ({ quoted: column.quoted, type: typeOf(texts, column) })),
    candidates: (all[at] ?? []).map((one) => one.map(([, sql]) => sql)),
  }));
  const conditions = checks.map(({ expression }) => expression);
  const solutions = await passing(query, variables, conditions);
  const assigned = (places: readonly number[]): Assignment =>
    places.flatMap((place, at) => all[at]?.[place] ?? []);
  const columns = units.flatMap((unit) => unit.columns.map(({ name }) => name));
  const unsolved = solutions?.length === 0 ? checks.map(({ name }) => name) : [];
  return {
    columns,
    unsolved,
    isSolved: solutions !== null && solutions.length > 0,
    choices: (plan) => {
      const liked = units.map((unit) => unit.choices(plan, samples.get(unit) ?? []));
      if (solutions === null || solutions.length === 0) return diagonal(liked);
      const ranks = liked.map((list, unit) => ranksOf(list, all[unit] ?? []));
      const cost = (places: readonly number[]) =>
        places.reduce((sum, place, unit) => sum + (ranks[unit]?.get(place) ?? UNLIKED), 0);
      const allowed = plan.only === undefined
        ? solutions
        : solutions.filter((places) => places.every((place, unit) => ranks[unit]?.has(place)));
      return allowed.map((places) => ({ places, cost: cost(places) }))
        .toSorted((a, b) => a.cost - b.cost).slice(0, MOST_CHOICES)
        .map(({ places }) => assigned(places));
    },
  };
}

const UNLIKED = 1000;
const MOST_CHOICES = 60;

/** How much a row likes each of the candidates: by its place in what the row would have. */
function ranksOf(
  liked: readonly Assignment[],
  candidates: readonly Assignment[],
): ReadonlyMap<number, number> {
  const keys = new Map(candidates.map((one, at) => [keyOf(one), at]));
  const ranks = new Map<number, number>();
  for (const [rank, one] of liked.entries()) {
    const at = keys.get(keyOf(one));
    if (at !== undefined && !ranks.has(at)) ranks.set(at, rank === 0 ? 0 : rank + 3);
  }
  return ranks;
}

function keyOf(assignment: Assignment): string {
  return JSON.stringify(assignment.map(([, sql]) => sql));
}

/** What all rows would have, no more than `most`: of the first rows first, then what the checks name. */
function candidatesOf(
  unit: Unit,
  plans: readonly RowPlan[],
  { samples, most }: { readonly samples: readonly Assignment[]; readonly most: number },
): readonly Assignment[] {
  const lists = plans.map((plan) => unit.choices(plan, samples));
  const heads = lists.map((list) => list[0]).filter((one) => one !== undefined);
  const found = new Map<string, Assignment>();
  const [first = []] = lists;
  const mixed = [
    ...heads.slice(0, 1),
    ...heads.slice(1, 2).filter((one) => one.some(([, sql]) => sql === "NULL")),
    ...samples.slice(0, Math.max(1, Math.floor(most / 2))),
    ...heads,
    ...first,
    ...samples,
    ...lists.flat(),
  ];
  for (const one of mixed) {
    if (found.size >= Math.min(most, MOST_CANDIDATES)) break;
    if (one.every(([, sql]) => sql !== "DEFAULT")) found.set(keyOf(one), one);
  }
  return [...found.values()];
}

const MOST_CANDIDATES = 200;

function samplesFor(
  { texts, takes }: GroupInput,
  { columns }: Unit,
  checks: readonly Check[],
): readonly Assignment[] {
  const [column, ...others] = columns;
  if (column === undefined || others.length > 0) return [];
  return columnSamples(texts, column, checks).filter((text) => takes(column, text))
    .map((text) => [[column.name, literal(text)]]);
}

/** Candidates are of the type that a domain is made of: those that it refuses are told by its conditions. */
function typeOf(texts: ColumnTexts, column: SeedColumn): string {
  const { type, modifier } = texts.domainOf(column);
  if (type === undefined) return "pg_catalog.text";
  return modifier >= 0 && MODIFIED[type.plain] !== undefined
    ? `${type.name}${MODIFIED[type.plain]?.(modifier)}`
    : type.name;
}

/** How the modifiers of types are written that change what a value is. */
const MODIFIED: Readonly<Record<string, (modifier: number) => string>> = {
  bpchar: (modifier) => `(${modifier - 4})`,
  varchar: (modifier) => `(${modifier - 4})`,
  bit: (modifier) => `(${modifier})`,
};

/** All first ones, then all second ones: where nothing is known of which go together. */
function diagonal(lists: readonly (readonly Assignment[])[]): readonly Assignment[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  if (lists.some(({ length }) => length === 0)) return [];
  return Array.from(
    { length: longest },
    (_, at) => lists.flatMap((list) => list[Math.min(at, list.length - 1)] ?? []),
  );
}
