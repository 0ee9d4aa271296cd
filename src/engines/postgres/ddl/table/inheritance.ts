/** Which tables have their columns from which, and whether one ALTER on the parent does for all of them. */

import { sameJson } from "../../../../changes.ts";
import type { Json, SchemaObject, Snapshot } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { stays } from "../clauses/action.ts";
import { kindOf } from "../clauses/relation.ts";

/** What is compared of a column: a fact, or the expression of its default. */
export type ValueOf = (snapshot: Snapshot, column: SchemaObject) => Json;

/** The columns of the parents that an inherited column has its definition from. */
export function parentColumns(snapshot: Snapshot, column: SchemaObject): readonly SchemaObject[] {
  if (!isInherited(column)) return [];
  return column.needs.filter((id) => kindOf(id) === "column" && sameLast(id, column.id))
    .flatMap((id) => snapshot.objects.get(id) ?? []);
}

/** True for a column that a parent has as well. */
export function isInherited(column: SchemaObject): boolean {
  return column.facts.inherited !== undefined;
}

/** All columns that inherit from `column`, over all generations. */
export function heirs(snapshot: Snapshot, column: SchemaObject): readonly SchemaObject[] {
  const found: SchemaObject[] = [];
  for (const child of children(snapshot, column)) {
    found.push(child, ...heirs(snapshot, child));
  }
  return found;
}

/** The columns that inherit from `column` itself. */
export function children(snapshot: Snapshot, column: SchemaObject): readonly SchemaObject[] {
  return childrenOf(snapshot).get(column.id) ?? [];
}

/** All columns that `column` inherits from, over all generations. */
export function ancestors(snapshot: Snapshot, column: SchemaObject): readonly SchemaObject[] {
  return parentColumns(snapshot, column)
    .flatMap((parent) => [parent, ...ancestors(snapshot, parent)]);
}

/** True when an ALTER on this column must spare its heirs, because some of them is to have another value. */
export function spareHeirs(context: PlanContext, column: SchemaObject, valueOf: ValueOf): boolean {
  const after = context.to.objects.get(column.id);
  if (after === undefined) return false;
  const wanted = valueOf(context.to, after);
  const before = context.from.objects.get(column.id);
  const old = before === undefined ? [] : heirs(context.from, before);
  return [...heirs(context.to, after), ...old].some(({ id }) => {
    const heir = context.to.objects.get(id);
    return heir !== undefined && context.from.objects.has(id) &&
      !sameJson(valueOf(context.to, heir), wanted);
  });
}

/** True when an ALTER on the column of a parent brings this one to the value that it is to have. */
export function parentAlters(context: PlanContext, id: string, valueOf: ValueOf): boolean {
  const before = context.from.objects.get(id);
  const after = context.to.objects.get(id);
  if (before === undefined || after === undefined) return false;
  const old = new Set(parentColumns(context.from, before).map((parent) => parent.id));
  return parentColumns(context.to, after).some((parent) => {
    const was = context.from.objects.get(parent.id);
    return was !== undefined && old.has(parent.id) &&
      !sameJson(valueOf(context.from, was), valueOf(context.to, parent)) &&
      sameJson(valueOf(context.to, parent), valueOf(context.to, after)) &&
      !spareHeirs(context, parent, valueOf);
  });
}

/** True when the not-null constraint of a partition's column goes with that of the partitioned table, which lets go of it. */
export function losesNotNull(context: PlanContext, column: SchemaObject): boolean {
  const before = context.from.objects.get(column.id);
  if (before === undefined) return false;
  const parents = context.to.objects.get(before.parent ?? "")?.needs ?? [];
  return parentColumns(context.from, before).some((parent) => {
    const id = parent.parent ?? "";
    if (!parents.includes(id) || !stays(id, context)) return false;
    const after = context.to.objects.get(parent.id);
    const table = context.from.objects.get(id);
    return parent.facts.not_null === true && after !== undefined &&
      after.facts.not_null !== true && table?.facts.partition_by !== undefined;
  });
}

/** The value of a fact, null when it is absent. */
export function factValue(fact: string): ValueOf {
  return (_, column) => column.facts[fact] ?? null;
}

/** The expression of a column's default, null when it has none. */
export const defaultValue: ValueOf = (snapshot, column) =>
  snapshot.objects.get(`default:${column.name}`)?.facts.expression ?? null;

const cache = new WeakMap<Snapshot, ReadonlyMap<string, readonly SchemaObject[]>>();

function childrenOf(snapshot: Snapshot): ReadonlyMap<string, readonly SchemaObject[]> {
  const known = cache.get(snapshot);
  if (known !== undefined) return known;
  const children = new Map<string, SchemaObject[]>();
  for (const object of snapshot.objects.values()) {
    if (object.kind !== "column" || !isInherited(object)) continue;
    for (const id of object.needs) {
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
