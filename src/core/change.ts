/** What differs between two snapshots, whatever the dialect. */

import type { Json, SchemaObject, Snapshot } from "./snapshot.ts";

/** One difference between two snapshots. */
export type Change =
  | {
    readonly op: "create";
    readonly kind: string;
    readonly id: string;
    readonly after: SchemaObject;
  }
  | {
    readonly op: "drop";
    readonly kind: string;
    readonly id: string;
    readonly before: SchemaObject;
  }
  | {
    readonly op: "alter";
    readonly kind: string;
    readonly id: string;
    readonly before: SchemaObject;
    readonly after: SchemaObject;
    /** The keys of `facts` that differ; `position` when only the place does. */
    readonly facts: readonly string[];
  };

/** A difference of an object that both snapshots have. */
export type AlterChange = Extract<Change, { readonly op: "alter" }>;

/**
 * Compares two snapshots; creates and drops first by id, then alterations. The place of columns counts only with `strictOrder`, the
 * line ends of code never.
 */
export function changesBetween(
  before: Snapshot,
  after: Snapshot,
  options: { readonly strictOrder: boolean },
): readonly Change[] {
  const changes: Change[] = [];
  before.objects.forEach((object, id) => {
    const other = after.objects.get(id);
    if (other === undefined) {
      changes.push({ op: "drop", kind: object.kind, id, before: object });
      return;
    }
    const facts = differingFacts(object, other);
    if (options.strictOrder && object.position !== other.position) facts.push("position");
    if (facts.length > 0) {
      changes.push({ op: "alter", kind: object.kind, id, before: object, after: other, facts });
    }
  });
  after.objects.forEach((object, id) => {
    if (!before.objects.has(id)) {
      changes.push({ op: "create", kind: object.kind, id, after: object });
    }
  });
  return changes.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** Names of the objects whose members exist on both sides and stand in another order. */
export function reorderedObjects(before: Snapshot, after: Snapshot): readonly string[] {
  const places = new Map<string, [number, number][]>();
  for (const [id, object] of before.objects) {
    const other = after.objects.get(id);
    if (other === undefined || object.parent === null) continue;
    if (object.position === undefined || other.position === undefined) continue;
    const pairs = places.get(object.parent) ?? [];
    pairs.push([object.position, other.position]);
    places.set(object.parent, pairs);
  }
  const names: string[] = [];
  for (const [parent, pairs] of places) {
    pairs.sort((a, b) => a[0] - b[0]);
    const ordered = pairs.every((pair, at) => at === 0 || (pairs[at - 1]?.[1] ?? 0) < pair[1]);
    if (!ordered) names.push(before.objects.get(parent)?.name ?? parent);
  }
  return names.sort();
}

/**
 * The fact of an object whose members have an order that counts in any case (attributes of a composite type): their names. It
 * differs where the other order does not come about when members go and new ones come at the end.
 */
export const ORDER = "order";

/** True when the second order comes about from the first when members go and new ones come at the end. */
export function comesAbout(before: readonly Json[], after: readonly Json[]): boolean {
  const kept = before.filter((name) => after.includes(name));
  const fresh = after.filter((name) => !before.includes(name));
  return [...kept, ...fresh].every((name, at) => name === after[at]);
}

function names(value: Json): readonly Json[] {
  return isList(value) ? value : [];
}

/** True when two pieces of plain data are equal; the order of keys does not matter. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isList(a) || isList(b)) {
    if (!isList(a) || !isList(b) || a.length !== b.length) return false;
    return a.every((item, at) => sameJson(item, b[at]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && sameJson(a[key], b[key]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Names of the objects whose code has other line ends, CRLF against LF, which is no difference. */
export function lineEndDifferences(before: Snapshot, after: Snapshot): readonly string[] {
  const names: string[] = [];
  for (const [id, object] of before.objects) {
    const other = after.objects.get(id);
    if (other === undefined || !CODE.has(object.kind) || object.facts === other.facts) continue;
    const keys = Object.keys(object.facts);
    const isEqual = keys.every((key) => sameJson(object.facts[key], other.facts[key]));
    if (!isEqual && keys.every((key) => sameCode(object.facts[key], other.facts[key]))) {
      names.push(object.name);
    }
  }
  return names.sort();
}

/** Kinds whose facts hold code as the author wrote it. */
const CODE: ReadonlySet<string> = new Set(
  ["function", "procedure", "view", "materialized view", "trigger", "event trigger", "rule"],
);

function sameCode(a: Json | undefined, b: Json | undefined): boolean {
  return sameJson(plainLines(a), plainLines(b));
}

function plainLines(value: Json | undefined): Json | undefined {
  return value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value).replaceAll("\\r\\n", "\\n"));
}

function differingFacts(
  { facts: a, kind }: SchemaObject,
  { facts: b }: SchemaObject,
): string[] {
  const differing: string[] = [];
  if (a === b) return differing;
  for (const key in a) {
    const [was, is] = [a[key] ?? null, b[key] ?? null];
    const same = key === ORDER
      ? comesAbout(names(was), names(is))
      : sameJson(was, is) || (CODE.has(kind) && sameCode(was, is));
    if (!same) differing.push(key);
  }
  for (const key in b) {
    if (!(key in a) && (b[key] ?? null) !== null) differing.push(key);
  }
  return differing.sort();
}
