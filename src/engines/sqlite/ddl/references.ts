/** Who references whom by foreign keys, on either side of a plan. */

import { sameJson } from "../../../core/change.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { foreignKeyFacts } from "./member.ts";

/** A foreign key of a table, as an object and by what it points at. */
export interface Reference {
  readonly child: string;
  readonly parent: string;
  readonly columns: readonly string[];
  /**
   * `cascade`, `set null`, `set default`, or null when rows of the child are left alone; `refuse` for SET NULL in a column
   * that must not be NULL.
   */
  readonly action: string | null;
  /** Referenced columns; null for the parent's primary key. */
  readonly references: readonly string[] | null;
}

/** Foreign keys that point at a table, its own among them, in either snapshot. */
export function referencesTo(id: string, context: PlanContext): readonly Reference[] {
  const found = [...indexOf(context.from).get(id) ?? [], ...indexOf(context.to).get(id) ?? []];
  const seen = new Set<string>();
  return found.filter((reference) => {
    const key = JSON.stringify(reference);
    return !seen.has(key) && seen.add(key);
  });
}

/**
 * Tables whose rows are deleted or emptied of a reference when all rows of `id` are deleted while the plan changes that table, or
 * that refuse it, nearest first, each with the foreign keys by which that happens. A foreign key that the plan adds comes after the
 * change of what it points at, and does not count; nor does one that is dropped by then.
 */
export function reachedFrom(
  id: string,
  context: PlanContext,
): ReadonlyMap<string, readonly Reference[]> {
  const reached = new Map<string, Reference[]>();
  const queue = [id];
  const isDropped = ({ child, parent }: Reference) =>
    changesEarlier(child, id, context) &&
    !(indexOf(context.to).get(parent) ?? []).some((reference) => reference.child === child);
  for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
    for (const reference of indexOf(context.from).get(parent) ?? []) {
      if (reference.action === null || reference.child === id || isDropped(reference)) continue;
      const known = reached.get(reference.child);
      if (known === undefined) reached.set(reference.child, [reference]);
      else if (!known.includes(reference)) known.push(reference);
      if (takesRows(reference) && !queue.includes(reference.child)) {
        if (known === undefined || !known.slice(0, -1).some(takesRows)) queue.push(reference.child);
      }
    }
  }
  return reached;
}

/** True for a table that is changed before another one: because that newly refers to it, or as the one that is referenced. */
export function changesEarlier(id: string, other: string, context: PlanContext): boolean {
  if (context.action(id) !== "alter") return false;
  if (newlyRefers(other, id, context)) return true;
  const order = parentsFirst(context.from);
  return !newlyRefers(id, other, context) && (order.get(id) ?? 0) < (order.get(other) ?? 0);
}

function newlyRefers(child: string, parent: string, context: PlanContext): boolean {
  return context.members(context.to, child).some((member) =>
    member.kind === "constraint" && member.dependsOn.includes(parent) &&
    !sameJson(member.facts, context.from.objects.get(member.id)?.facts ?? null)
  );
}

/** True when rows of the child are deleted, by the reference itself or because they would refuse it. */
export function takesRows(reference: Reference): boolean {
  return reference.action === "cascade" || reference.action === "refuse";
}

/** Tables of a snapshot in an order in which those that are referenced come first, as far as cycles allow. */
export function parentsFirst(snapshot: Snapshot): ReadonlyMap<string, number> {
  const known = orders.get(snapshot);
  if (known !== undefined) return known;
  const needs = new Map<string, Set<string>>();
  for (const object of snapshot.objects.values()) {
    if (object.kind === "table" && !needs.has(object.id)) needs.set(object.id, new Set());
    if (object.kind !== "constraint" || object.parent === null) continue;
    const targets = needs.get(object.parent) ?? new Set();
    for (const need of object.dependsOn) {
      if (need !== object.parent && need.startsWith("table:")) targets.add(need);
    }
    needs.set(object.parent, targets);
  }
  const order = new Map<string, number>();
  const ids = [...needs.keys()].sort();
  const waiting = new Map(ids.map((id) => [id, needs.get(id)?.size ?? 0]));
  const children = new Map<string, string[]>();
  for (const [child, parents] of needs) {
    for (const parent of parents) children.set(parent, [...children.get(parent) ?? [], child]);
  }
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    order.set(id, order.size);
    for (const child of children.get(id) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  for (const id of ids) if (!order.has(id)) order.set(id, order.size);
  orders.set(snapshot, order);
  return order;
}

const orders = new WeakMap<Snapshot, ReadonlyMap<string, number>>();
const indexes = new WeakMap<Snapshot, ReadonlyMap<string, readonly Reference[]>>();

function indexOf(snapshot: Snapshot): ReadonlyMap<string, readonly Reference[]> {
  const known = indexes.get(snapshot);
  if (known !== undefined) return known;
  const index = new Map<string, Reference[]>();
  for (const object of snapshot.objects.values()) {
    const reference = referenceOf(object, snapshot);
    if (reference === null) continue;
    const list = index.get(reference.parent);
    if (list === undefined) index.set(reference.parent, [reference]);
    else list.push(reference);
  }
  indexes.set(snapshot, index);
  return index;
}

function referenceOf(object: SchemaObject, snapshot: Snapshot): Reference | null {
  const facts = foreignKeyFacts(object);
  if (facts === null) return null;
  const { columns, on_delete: action = null } = facts;
  const child = object.parent ?? "";
  const refuses = action === "set null" && columns.some((name) => {
    const column = snapshot.objects.get(`column:${child.slice("table:".length)}.${name}`);
    return column !== undefined && factsOf(column, "column").not_null === true;
  });
  return {
    child,
    parent: `table:${facts.table}`,
    columns,
    action: refuses ? "refuse" : action === "restrict" ? null : action,
    references: facts.references ?? null,
  };
}
