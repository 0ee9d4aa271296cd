/** Places that only one object can have at a time, and who gives up one that another takes. */

import type { SchemaObject } from "../../core/snapshot.ts";
import type { GraphInput } from "./graph.ts";

/** Ids of an object that is dropped or leaves its place, and of another that is then to have it or a part of it. */
export type TakenPlace = readonly [giver: string, taker: string];

/** All such pairs of a plan. */
export function takenPlaces(
  { from, to, kinds, decided }: Pick<GraphInput, "from" | "to" | "kinds" | "decided">,
): readonly TakenPlace[] {
  const givers = new Map<string, SchemaObject[]>();
  const takers = new Map<string, SchemaObject[]>();
  for (const [id, action] of decided.actions) {
    const [before, after] = [from.objects.get(id), to.objects.get(id)];
    const leaves = action === "alter"
      ? (decided.alterations.get(id)?.first ?? []).length > 0
      : action === "drop" || action === "replace";
    if (before !== undefined && leaves) add(givers, before);
    if (after !== undefined && action !== "drop") add(takers, after);
  }
  return [...givers].flatMap(([place, leaving]) =>
    leaving.flatMap((before) =>
      (takers.get(place) ?? []).filter((after) =>
        after.id !== before.id && kinds.get(before.kind)?.overlaps?.(before, after) === true
      ).map((after) => [before.id, after.id] as const)
    )
  );

  function add(map: Map<string, SchemaObject[]>, object: SchemaObject): void {
    const place = kinds.get(object.kind)?.placedIn?.(object) ?? null;
    if (place === null) return;
    const list = map.get(place);
    if (list === undefined) map.set(place, [object]);
    else list.push(object);
  }
}
