/** Tables as rows are put into them. */

import { lastName } from "../../../core/name.ts";
import { objectId, type SchemaObject, type Snapshot } from "../../../core/snapshot.ts";
import { fold } from "../catalog/scope.ts";
import { type ColumnFacts, factsOf, type ForeignKeyFacts } from "../facts.ts";

/** A column that takes values. */
export interface SeedColumn {
  readonly name: string;
  readonly facts: ColumnFacts;
}

/** Something that a refusal speaks of, and the columns that it is about. */
export interface Rule {
  /** Name of a constraint or an index; empty for what has none. */
  readonly name: string;
  /** An expression; empty for a key. */
  readonly text: string;
  /** Folded names. */
  readonly columns: ReadonlySet<string>;
  /** The type of the column that the expression generates. */
  readonly type?: string;
}

/** A table. */
export interface SeedTable {
  readonly id: string;
  readonly name: string;
  /** As in its facts. */
  readonly storage: string;
  readonly columns: readonly SeedColumn[];
  /** Folded columns of primary keys and unique ones. */
  readonly keys: readonly (readonly string[])[];
  readonly references: readonly ForeignKeyFacts[];
  readonly rules: readonly Rule[];
  readonly triggers: readonly SchemaObject[];
}

/** All tables of a snapshot, by id. */
export function seedTables(snapshot: Snapshot): ReadonlyMap<string, SeedTable> {
  const members = Map.groupBy(snapshot.objects.values(), ({ parent }) => parent);
  const tables = [...snapshot.objects.values()].filter(({ kind }) => kind === "table");
  return new Map(tables.map((table) => [table.id, tableOf(table, members.get(table.id) ?? [])]));
}

function tableOf(table: SchemaObject, members: readonly SchemaObject[]): SeedTable {
  const of = (kind: string) => members.filter((member) => member.kind === kind);
  const all = of("column").map((column) => ({
    name: lastName(column.name),
    facts: factsOf(column, "column"),
  }));
  const constraints = of("constraint").map((one) => ({
    name: lastName(one.name),
    facts: factsOf(one, "constraint"),
  }));
  const indexes = of("index").map((one) => ({
    name: lastName(one.name),
    facts: factsOf(one, "index"),
  })).filter(({ facts: { type } }) => type === "unique" || type === "primary");
  const { engine, partitioning, periods = [] } = factsOf(table, "table");
  const keys = indexes.map(({ facts }) => facts.columns.flatMap((part) => fold(part.column ?? "")));
  const texts: readonly Omit<Rule, "columns">[] = [
    ...constraints.flatMap(({ name, facts }) =>
      facts.type === "check" ? [{ name, text: facts.expression }] : []
    ),
    ...all.flatMap(({ name, facts: { check, generated, type } }) => [
      ...check === undefined
        ? []
        : [{ name, text: check.includes(name) ? check : `${name} ${check}` }],
      ...generated === undefined ? [] : [{ name, text: generated, type }],
    ]),
    ...periods.filter(({ name }) => name !== "SYSTEM_TIME").map(({ name, start, end }) => ({
      name,
      text: `${start} < ${end}`,
    })),
    ...partitioning === undefined
      ? []
      : [{ name: "partition", text: `${partitionWords(partitioning)}` }],
  ];
  const named = (text: string) =>
    new Set(all.map(({ name }) => fold(name)).filter((name) => isNamed(text, name)));
  return {
    id: table.id,
    name: lastName(table.name),
    storage: engine,
    columns: all.filter(({ facts: { generated, row } }) =>
      generated === undefined && row === undefined
    ),
    keys,
    references: constraints.flatMap(({ facts }) => facts.type === "foreign key" ? [facts] : []),
    rules: [
      ...texts.map((one) => ({ ...one, columns: named(one.text) })),
      ...indexes.map(({ name }, at) => ({ name, text: "", columns: new Set(keys[at]) })),
    ],
    triggers: of("trigger"),
  };
}

/** All that a partitioning says: its expression and the values of its partitions. */
function partitionWords(facts: Readonly<Record<string, unknown>>): string {
  const words: string[] = [];
  const add = (value: unknown) => {
    if (typeof value === "string") words.push(value);
    else if (Array.isArray(value)) { for (const each of value) add(each); }
    else if (typeof value === "object" && value !== null) {
      for (const [key, each] of Object.entries(value)) if (key !== "name") add(each);
    }
  };
  add(facts);
  return words.join(" ");
}

function isNamed(text: string, name: string): boolean {
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w$])${pattern}(?![\\w$])`, "i").test(text);
}

/** The id of the table that a key refers to; null for one of another database. */
export function targetOf({ table }: ForeignKeyFacts): string {
  return objectId("table", table);
}

/** What the schema that is ahead asks of the rows of a table as well. */
export function aheadOf(table: SeedTable, later: SeedTable | undefined): SeedTable {
  if (later === undefined) return table;
  const has = new Set(table.columns.map(({ name }) => fold(name)));
  return {
    ...table,
    keys: [...table.keys, ...later.keys.filter((key) => key.every((name) => has.has(name)))],
    references: [
      ...table.references,
      ...later.references.filter(({ columns }) => columns.every((name) => has.has(fold(name)))),
    ],
    rules: [...table.rules, ...later.rules],
  };
}
