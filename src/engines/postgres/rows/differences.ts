/** What a table takes after a change that it did not take before. */

import { joinName, lastName, splitName } from "../../../core/name.ts";
import type { NewData } from "../../../core/observation.ts";
import { objectId } from "../../../core/snapshot.ts";
import {
  columnOf,
  type Constraint,
  type Index,
  isOf,
  membersOf,
  type PostgresObject,
  type PostgresSnapshot,
} from "../objects.ts";
import { literal } from "../quote.ts";
import { newValues } from "./new_values.ts";
import type { SeedColumn, SeedTable } from "./read_tables.ts";
import type { SqlType } from "./read_types.ts";
import type { ColumnTexts } from "./row_plan.ts";

/** A row that is newly possible. */
export interface NewRow {
  readonly kind: NewData["kind"];
  /** What it is about; one column or several. */
  readonly columns: readonly string[];
  /** SQL of the values that one of the columns must have one of; null where what follows says it. */
  readonly values: readonly string[] | null;
  /** It has the same values in its columns as another row. */
  readonly isDuplicate?: true;
  /** It refers to nothing. */
  readonly isOrphan?: true;
  /** A condition that it must not pass. */
  readonly broken?: string;
}

/** The most rows of one table. */
const MOST_ROWS = 24;
/** The most new labels of one column. */
const MOST_LABELS = 5;

/** Compares a table in two schemas. `id` is its id in both. */
export function newRows(
  id: string,
  { table, before, after, texts }: {
    readonly table: SeedTable;
    readonly before: PostgresSnapshot;
    readonly after: PostgresSnapshot;
    readonly texts: ColumnTexts;
  },
): readonly NewRow[] {
  const path = splitName(id.slice("table:".length));
  const columns = table.columns.flatMap((column) => {
    const name = joinName(...path, column.name);
    const old = columnOf(before, objectId("column", name));
    const now = columnOf(after, objectId("column", name));
    if (old === undefined || now === undefined) return [];
    return [
      ...newLabels(column, old.facts.type, { before, texts }),
      ...newTexts(column, {
        was: baseName(old.facts.type, before),
        is: baseName(now.facts.type, after),
        texts,
      }),
      ...newNull(column, { wasNotNull: isNotNull(old, before), texts }),
      ...brokenDomains(column, old.facts.type, { before, texts }),
    ];
  });
  const gone = goneConstraints(id, before, after).flatMap((one) => withoutConstraint(table, one));
  return [...columns, ...gone].slice(0, MOST_ROWS);
}

function newLabels(
  column: SeedColumn,
  old: string,
  { before, texts }: { readonly before: PostgresSnapshot; readonly texts: ColumnTexts },
): readonly NewRow[] {
  const { type } = texts.domainOf(column);
  const element = type === undefined ? null : texts.elementOf(type);
  const labelled = element ?? type;
  if (labelled?.kind !== "e") return [];
  const known = labelsOf(before, baseName(old, before).replace(/(?:\[\])+$/, ""), labelled);
  if (known === null) return [];
  return labelled.labels.filter((label) => !known.includes(label)).slice(0, MOST_LABELS)
    .map((label) => ({
      kind: "enum-value" as const,
      columns: [column.name],
      values: [literal(element === null ? label : `{${quotedLabel(label)}}`)],
    }));
}

function quotedLabel(label: string): string {
  return `"${label.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** The labels of an enumeration in a schema: by the name that a column's type has there; null where that is none. */
function labelsOf(
  snapshot: PostgresSnapshot,
  name: string,
  { schema, plain }: SqlType,
): readonly string[] | null {
  const same = snapshot.objects.get(objectId("enum", joinName(schema, plain)));
  const all = [...snapshot.objects.values()].filter((object) => isOf(object, "enum"));
  const found = all.find((object) => isNamed(object, name)) ??
    (same !== undefined && isNamed(same, name) ? same : undefined);
  return found !== undefined && isOf(found, "enum") ? found.facts.labels ?? [] : null;
}

/** A type goes by its name in a schema of the search path, and by its full name elsewhere. */
function isNamed({ name }: PostgresObject, type: string): boolean {
  const bare = type.replaceAll('"', "");
  return name.replaceAll('"', "") === bare || lastName(name) === bare;
}

/** The type that a column's type is made of, where that is a domain. */
function baseName(type: string, snapshot: PostgresSnapshot): string {
  const domain = domainOf(type, snapshot);
  return domain === null ? type : baseName(domain.facts.type, snapshot);
}

function domainOf(type: string, snapshot: PostgresSnapshot) {
  for (const object of snapshot.objects.values()) {
    if (isOf(object, "domain") && isNamed(object, type)) return object;
  }
  return null;
}

function newTexts(
  column: SeedColumn,
  { was, is, texts }: {
    readonly was: string;
    readonly is: string;
    readonly texts: ColumnTexts;
  },
): readonly NewRow[] {
  const { type } = texts.domainOf(column);
  if (type?.kind === "e" || (type !== undefined && texts.elementOf(type)?.kind === "e")) return [];
  return newValues(was, is, texts.of(column)).map(({ kind, text }) => ({
    kind,
    columns: [column.name],
    values: [literal(text)],
  }));
}

function newNull(
  column: SeedColumn,
  { wasNotNull, texts }: { readonly wasNotNull: boolean; readonly texts: ColumnTexts },
): readonly NewRow[] {
  return wasNotNull && texts.isNullable(column)
    ? [{ kind: "null", columns: [column.name], values: ["NULL"] }]
    : [];
}

function isNotNull(
  column: { readonly facts: { readonly not_null?: unknown; readonly type: string } },
  snapshot: PostgresSnapshot,
): boolean {
  if (column.facts.not_null === true) return true;
  for (
    let domain = domainOf(column.facts.type, snapshot);
    domain !== null;
    domain = domainOf(domain.facts.type, snapshot)
  ) {
    if (domain.facts.not_null === true) return true;
  }
  return false;
}

/** Values that a condition of a column's domain refused, which is not there any more. */
function brokenDomains(
  column: SeedColumn,
  old: string,
  { before, texts }: { readonly before: PostgresSnapshot; readonly texts: ColumnTexts },
): readonly NewRow[] {
  const now = new Set(texts.domainOf(column).checks.map(({ expression }) => plainText(expression)));
  const found: NewRow[] = [];
  for (
    let domain = domainOf(old, before);
    domain !== null;
    domain = domainOf(domain.facts.type, before)
  ) {
    for (const object of membersOf(before, domain.id)) {
      const expression = isOf(object, "domain constraint")
        ? conditionOf(object.facts.definition)
        : null;
      if (expression === null || now.has(plainText(expression))) continue;
      found.push({
        kind: "check",
        columns: [column.name],
        values: null,
        broken: `(SELECT ${expression} FROM (SELECT ${column.quoted} AS value) aim_d)`,
      });
    }
  }
  return found;
}

function plainText(expression: string): string {
  return expression.replaceAll(/[\s()]/g, "");
}

function conditionOf(definition: string): string | null {
  return /^CHECK \((.*)\)(?: NOT VALID| NO INHERIT| NOT ENFORCED)*$/s.exec(definition)?.[1] ?? null;
}

/** Constraints and unique indexes that the table had and has no more, as they were. */
function goneConstraints(
  id: string,
  before: PostgresSnapshot,
  after: PostgresSnapshot,
): readonly (Constraint | Index)[] {
  const rules = (snapshot: PostgresSnapshot) =>
    membersOf(snapshot, id).filter((object) => isOf(object, "constraint", "index"))
      .filter((object) => object.kind === "constraint" || object.facts.unique === true);
  const left = new Set(rules(after).map(({ facts }) => facts.definition));
  return rules(before).filter(({ facts }) => !left.has(facts.definition));
}

function withoutConstraint(table: SeedTable, gone: Constraint | Index): readonly NewRow[] {
  const { definition } = gone.facts;
  const named = gone.kind === "constraint" ? gone.facts.columns ?? [] : [];
  const columns = named.length > 0
    ? named
    : table.columns.filter(({ quoted }) => keyOf(definition).split(/[\s(),]+/).includes(quoted))
      .map(({ name }) => name);
  const isThere = columns.every((name) => table.columns.some((column) => column.name === name));
  if (columns.length === 0 || !isThere) return [];
  const type = gone.kind === "index" ? "unique" : gone.facts.type;
  if (type === "check") {
    const broken = conditionOf(definition);
    return broken === null ? [] : [{ kind: "check", columns, values: null, broken }];
  }
  return type === "foreign key"
    ? [{ kind: "orphan", columns, values: null, isOrphan: true }]
    : [{ kind: "duplicate", columns, values: null, isDuplicate: true }];
}

/** What stands in the brackets of a key. */
function keyOf(definition: string): string {
  return /\((.*)\)/s.exec(definition)?.[1] ?? "";
}
