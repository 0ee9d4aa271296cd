/** Breaks cycles of dependencies that a server allows and an order does not: tables that refer to each other, views. */

import type { SchemaObject } from "../../core/snapshot.ts";

/**
 * The objects with as few dependencies taken away as make an order of their outermost parents possible. `ordered` are the kinds that
 * something depends on, or a part of which it does; no others close a cycle.
 */
export function withoutCycles(
  objects: readonly SchemaObject[],
  ordered: ReadonlySet<string>,
): readonly SchemaObject[] {
  const byId = new Map(objects.map((object) => [object.id, object]));
  const root = (id: string): string => {
    let at = byId.get(id);
    for (let up = at; up !== undefined; up = up.parent === null ? undefined : byId.get(up.parent)) {
      at = up;
    }
    return at?.id ?? id;
  };
  const edges = new Map<string, Set<string>>();
  for (const object of objects) {
    const own = ordered.has(object.kind) ? root(object.id) : null;
    if (own === null) continue;
    const targets = edges.get(own) ?? new Set();
    for (const need of object.dependsOn) if (root(need) !== own) targets.add(root(need));
    edges.set(own, targets);
  }
  const broken = backEdges(edges);
  if (broken.size === 0) return objects;
  return objects.map((object) => {
    if (!ordered.has(object.kind)) return object;
    const own = root(object.id);
    const dependsOn = object.dependsOn.filter((need) => !broken.has(`${own}\n${root(need)}`));
    return dependsOn.length === object.dependsOn.length ? object : { ...object, dependsOn };
  });
}

/** Edges that lead back to where a walk came from, as `from\nto`. */
function backEdges(edges: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>();
  const state = new Map<string, "open" | "done">();
  for (const start of [...edges.keys()].sort()) {
    if (state.has(start)) continue;
    state.set(start, "open");
    const path = [{ id: start, next: [...edges.get(start) ?? []].sort() }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = top.next.shift();
      if (target === undefined) {
        state.set(top.id, "done");
        path.pop();
      } else if (state.get(target) === "open") found.add(`${top.id}\n${target}`);
      else if (!state.has(target)) {
        state.set(target, "open");
        path.push({ id: target, next: [...edges.get(target) ?? []].sort() });
      }
    }
  }
  return found;
}
