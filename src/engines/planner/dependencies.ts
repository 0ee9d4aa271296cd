/** The dependencies between the objects of a snapshot; computed once for each. */

import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";

/** Dependents by what they depend on, and members by parent. */
export interface Dependencies {
  /** Objects that depend on the id, directly. */
  readonly dependents: ReadonlyMap<string, readonly SchemaObject[]>;
  /** Objects whose parent is the id, in position order, then by id. */
  readonly members: ReadonlyMap<string, readonly SchemaObject[]>;
}

const cache = new WeakMap<Snapshot, Dependencies>();

/** The dependencies of a snapshot, from a cache when they were asked for before. */
export function dependenciesOf(snapshot: Snapshot): Dependencies {
  const known = cache.get(snapshot);
  if (known !== undefined) return known;
  const dependents = new Map<string, SchemaObject[]>();
  const members = new Map<string, SchemaObject[]>();
  for (const object of snapshot.objects.values()) {
    for (const need of object.dependsOn) push(dependents, need, object);
    if (object.parent !== null) {
      push(members, object.parent, object);
      if (!object.dependsOn.includes(object.parent)) push(dependents, object.parent, object);
    }
  }
  for (const list of members.values()) list.sort(byPosition);
  const dependencies = { dependents, members };
  cache.set(snapshot, dependencies);
  return dependencies;
}

/** True when the drop of the object called `id` drops `object` as well. */
export function isDroppedWith(object: SchemaObject, id: string): boolean {
  return object.parent === id || object.droppedWith.includes(id);
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

/** By position among siblings, then by id. */
export function byPosition(a: SchemaObject, b: SchemaObject): number {
  const position = (a.position ?? Infinity) - (b.position ?? Infinity);
  return Number.isNaN(position) || position === 0 ? (a.id < b.id ? -1 : 1) : position;
}
