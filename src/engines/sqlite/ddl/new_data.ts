/** What may be written into a changed table and its former shape cannot hold, so that the way back fails on it or changes it. */

import { sameJson } from "../../../core/change.ts";
import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { StatementFacts } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { keepsValues } from "./affinity.ts";
import { checkFacts, foreignKeyFacts, isGenerated, keyFacts } from "./member.ts";

/** In words, for a note; null when there is nothing. */
export function failsOnOf(change: TableChange): string | null {
  const { before, after, columns, constraints } = change;
  const fails = [
    ...columns.changed.flatMap(({ before: had, after: has }) => ofColumn(had, has, change)),
    ...factsOf(before, "table").strict === true && factsOf(after, "table").strict !== true
      ? [`values of ${after.name} that are not of the declared types`]
      : [],
    ...constraints.dropped.filter((one) => !losesColumn(one, columns.dropped))
      .map((constraint) => ofConstraint(constraint, after.name)),
    ...constraints.changed.filter(({ before: had, after: has }) => refusesMore(had, has))
      .map(({ before: had }) => ofConstraint(had, after.name)),
  ];
  return fails.length === 0 ? null : fails.join(", ");
}

function ofColumn(
  before: SchemaObject,
  after: SchemaObject,
  { before: table, after: newTable }: TableChange,
): readonly string[] {
  if (isGenerated(before) && !isGenerated(after)) {
    return [`values of ${after.name} that its expression does not give`];
  }
  if (isGenerated(before) || isGenerated(after)) return [];
  const [had, has] = [factsOf(before, "column"), factsOf(after, "column")];
  const isStrict = (one: SchemaObject) => factsOf(one, "table").strict === true;
  const keeps = keepsValues(
    { type: has.type, isStrict: isStrict(newTable) },
    { type: had.type, isStrict: isStrict(table) },
  );
  return [
    ...had.not_null === true && has.not_null !== true ? [`NULLs in ${after.name}`] : [],
    ...keeps ? [] : [`values of ${after.name} that ${had.type ?? "no type"} cannot hold`],
  ];
}

/** True for a constraint of a column that goes as well: the way back fills that column with values that pass. */
function losesColumn(constraint: SchemaObject, dropped: readonly SchemaObject[]): boolean {
  const ids = new Set(dropped.map(({ id }) => id));
  const words: readonly string[] =
    checkFacts(constraint)?.expression.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];
  return constraint.dependsOn.some((id) => ids.has(id)) ||
    dropped.some(({ name }) => words.includes(lastName(name).toLowerCase()));
}

/** Rows that a unique index kept apart, unless one like it stays. */
export function failsOnWithout(object: SchemaObject, context: PlanContext): StatementFacts {
  const { unique, columns, where } = factsOf(object, "index");
  if (unique !== true) return {};
  const stays = [...context.to.objects.values()].some((other) => {
    if (other.kind !== "index" || other.parent !== object.parent) return false;
    const facts = factsOf(other, "index");
    return facts.unique === true && sameJson([facts.columns, facts.where ?? null], [
      columns,
      where ?? null,
    ]);
  });
  const isLeft = object.dependsOn.every((id) => context.to.objects.has(id));
  if (stays || !isLeft) return {};
  return {
    failsOn: `rows of ${(object.parent ?? "").slice("table:".length)} that are equal in ${
      columns.join(", ")
    }`,
  };
}

/** True where the former constraint may refuse what the new one lets pass. */
function refusesMore(before: SchemaObject, after: SchemaObject): boolean {
  const wanted = (one: SchemaObject): readonly string[] => {
    const key = keyFacts(one);
    if (key !== null) return key.columns;
    const reference = foreignKeyFacts(one);
    return reference === null
      ? [checkFacts(one)?.expression ?? ""]
      : [...reference.columns, reference.table, ...reference.references ?? []];
  };
  return !sameJson(wanted(before), wanted(after));
}

function ofConstraint(constraint: SchemaObject, table: string): string {
  const key = keyFacts(constraint);
  if (key !== null) return `rows of ${table} that are equal in ${key.columns.join(", ")}`;
  const reference = foreignKeyFacts(constraint);
  if (reference !== null) {
    return `rows of ${table} whose ${reference.columns.join(", ")} is not in ${reference.table}`;
  }
  return `rows of ${table} that CHECK (${checkFacts(constraint)?.expression ?? ""}) refuses`;
}
