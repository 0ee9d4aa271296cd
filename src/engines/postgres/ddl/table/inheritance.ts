/** Which tables have their columns from which, and whether one ALTER on the parent does for all of them. */

import { sameJson } from "../../../../core/change.ts";
import type { Json } from "../../../../core/snapshot.ts";
import type { ColumnFacts } from "../../catalog/column.ts";
import {
  type Column,
  columnOf,
  defaultOf,
  type PostgresContext,
  type PostgresSnapshot,
  tableOf,
} from "../../objects.ts";
import { isKept } from "../clauses/action.ts";
import { kindOf } from "../clauses/relation.ts";

/** What is compared of a column: a fact, or the expression of its default. */
export type ValueOf = (snapshot: PostgresSnapshot, column: Column) => Json;

/** The columns of the parents that an inherited column has its definition from. */
export function parentColumns(snapshot: PostgresSnapshot, column: Column): readonly Column[] {
  if (!isInherited(column)) return [];
  return column.dependsOn.filter((id) => kindOf(id) === "column" && sameLast(id, column.id))
    .flatMap((id) => columnOf(snapshot, id) ?? []);
}

/** True for a column that a parent has as well. */
export function isInherited(column: Column): boolean {
  return column.facts.inherited !== undefined;
}

/** All columns that inherit from `column`, over all generations. */
export function descendants(snapshot: PostgresSnapshot, column: Column): readonly Column[] {
  const found: Column[] = [];
  for (const child of children(snapshot, column)) {
    found.push(child, ...descendants(snapshot, child));
  }
  return found;
}

/** The columns that inherit from `column` itself. */
export function children(snapshot: PostgresSnapshot, column: Column): readonly Column[] {
  return childrenOf(snapshot).get(column.id) ?? [];
}

/** All columns that `column` inherits from, over all generations. */
export function ancestors(snapshot: PostgresSnapshot, column: Column): readonly Column[] {
  return parentColumns(snapshot, column)
    .flatMap((parent) => [parent, ...ancestors(snapshot, parent)]);
}

/** True when an ALTER on this column must not reach its descendants (ONLY), because one of them is to have another value. */
export function mustSpareDescendants(
  context: PostgresContext,
  column: Column,
  valueOf: ValueOf,
): boolean {
  const after = columnOf(context.to, column.id);
  if (after === undefined) return false;
  const wanted = valueOf(context.to, after);
  const before = columnOf(context.from, column.id);
  const old = before === undefined ? [] : descendants(context.from, before);
  return [...descendants(context.to, after), ...old].some(({ id }) => {
    const heir = columnOf(context.to, id);
    return heir !== undefined && context.from.objects.has(id) &&
      !sameJson(valueOf(context.to, heir), wanted);
  });
}

/** True when an ALTER on the column of a parent brings this one to the value that it is to have. */
export function parentAlters(context: PostgresContext, id: string, valueOf: ValueOf): boolean {
  const before = columnOf(context.from, id);
  const after = columnOf(context.to, id);
  if (before === undefined || after === undefined) return false;
  const old = new Set(parentColumns(context.from, before).map((parent) => parent.id));
  return parentColumns(context.to, after).some((parent) => {
    const was = columnOf(context.from, parent.id);
    return was !== undefined && old.has(parent.id) &&
      !sameJson(valueOf(context.from, was), valueOf(context.to, parent)) &&
      sameJson(valueOf(context.to, parent), valueOf(context.to, after)) &&
      !mustSpareDescendants(context, parent, valueOf);
  });
}

/** True when the not-null constraint of a partition's column is dropped with that of the partitioned table. */
export function losesNotNull(context: PostgresContext, column: Column): boolean {
  const before = columnOf(context.from, column.id);
  if (before === undefined) return false;
  const parents = context.to.objects.get(before.parent ?? "")?.dependsOn ?? [];
  return parentColumns(context.from, before).some((parent) => {
    const id = parent.parent ?? "";
    if (!parents.includes(id) || !isKept(id, context)) return false;
    const after = columnOf(context.to, parent.id);
    const table = tableOf(context.from, id);
    return parent.facts.not_null === true && after !== undefined &&
      after.facts.not_null !== true && table?.facts.partition_by !== undefined;
  });
}

/** The value of a fact, null when it is absent. */
export function factValue(fact: keyof ColumnFacts): ValueOf {
  return (_, column) => column.facts[fact] ?? null;
}

/** The expression of a column's default, null when it has none. */
export const defaultValue: ValueOf = (snapshot, column) =>
  defaultOf(snapshot, column)?.facts.expression ?? null;

const cache = new WeakMap<PostgresSnapshot, ReadonlyMap<string, readonly Column[]>>();

function childrenOf(snapshot: PostgresSnapshot): ReadonlyMap<string, readonly Column[]> {
  const known = cache.get(snapshot);
  if (known !== undefined) return known;
  const children = new Map<string, Column[]>();
  for (const object of snapshot.objects.values()) {
    if (object.kind !== "column" || !isInherited(object)) continue;
    for (const id of object.dependsOn) {
      if (kindOf(id) !== "column" || !sameLast(id, object.id)) continue;
      const list = children.get(id);
      if (list === undefined) children.set(id, [object]);
      else list.push(object);
    }
  }
  cache.set(snapshot, children);
  return children;
}

/** True when two column ids end in the same column name. */
function sameLast(a: string, b: string): boolean {
  return lastPart(a) === lastPart(b);
}

function lastPart(id: string): string {
  return /(?:"(?:[^"]|"")*"|[^."]*)$/.exec(id)?.[0] ?? id;
}
