/** Who needs whom in a snapshot; computed once for each. */

import type { SchemaObject, Snapshot } from "../../schema.ts";

/** Both directions of `needs`, and parents to members. */
export interface Relations {
  /** Objects that need the id, directly. */
  readonly dependents: ReadonlyMap<string, readonly SchemaObject[]>;
  /** Objects whose parent is the id, in position order, then by id. */
  readonly members: ReadonlyMap<string, readonly SchemaObject[]>;
}

const cache = new WeakMap<Snapshot, Relations>();

/** The relations of a snapshot, from a cache when they were asked for before. */
export function relationsOf(snapshot: Snapshot): Relations {
  const known = cache.get(snapshot);
  if (known !== undefined) return known;
  const dependents = new Map<string, SchemaObject[]>();
  const members = new Map<string, SchemaObject[]>();
  for (const object of snapshot.objects.values()) {
    for (const need of object.needs) push(dependents, need, object);
    if (object.parent !== null) {
      push(members, object.parent, object);
      if (!object.needs.includes(object.parent)) push(dependents, object.parent, object);
    }
  }
  for (const list of members.values()) list.sort(byPlace);
  const relations = { dependents, members };
  cache.set(snapshot, relations);
  return relations;
}

/** True when `object` disappears as soon as the object called `id` does. */
export function vanishesWith(object: SchemaObject, id: string): boolean {
  return object.parent === id || object.goesWith.includes(id);
}

/** The outermost object that `object` is a part of. */
export function rootOf(snapshot: Snapshot, object: SchemaObject): SchemaObject {
  let root = object;
  while (root.parent !== null) {
    const parent = snapshot.objects.get(root.parent);
    if (parent === undefined) break;
    root = parent;
  }
  return root;
}

function push(map: Map<string, SchemaObject[]>, key: string, object: SchemaObject): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [object]);
  else list.push(object);
}

function byPlace(a: SchemaObject, b: SchemaObject): number {
  const place = (a.position ?? Infinity) - (b.position ?? Infinity);
  return Number.isNaN(place) || place === 0 ? (a.id < b.id ? -1 : 1) : place;
}
