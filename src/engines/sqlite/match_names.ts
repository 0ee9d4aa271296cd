/** Keys, checks, foreign keys and indexes that are the same but for their names. */

import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { NameOptions } from "../engine.ts";

/**
 * The wanted snapshot with such objects as the actual one has them, where names of constraints and indexes do not count; else the
 * same snapshot: SQLite generates no names that stand in a schema.
 */
export function matchNames(wanted: Snapshot, actual: Snapshot, options: NameOptions): Snapshot {
  if (options.constraintNames !== "ignore") return wanted;
  const free = Map.groupBy(
    [...actual.objects.values()].filter((object) => isNamed(object) && !isKnown(object, wanted)),
    contentOf,
  );
  if (free.size === 0) return wanted;
  const objects = new Map<string, SchemaObject>();
  const taken = new Set(wanted.objects.keys());
  for (const object of wanted.objects.values()) {
    const open = isNamed(object) && !isKnown(object, actual)
      ? free.get(contentOf(object)) ?? []
      : [];
    const at = open.findIndex(({ id }) => id === object.id || !taken.has(id));
    const [match] = at < 0 ? [] : open.splice(at, 1);
    const named = match ?? object;
    taken.add(named.id);
    objects.set(named.id, named);
  }
  return { ...wanted, objects };
}

function isNamed({ kind }: SchemaObject): boolean {
  return kind === "index" || kind === "constraint";
}

function isKnown(object: SchemaObject, other: Snapshot): boolean {
  const same = other.objects.get(object.id);
  return same !== undefined && contentOf(same) === contentOf(object) &&
    same.facts.name === object.facts.name;
}

function contentOf({ kind, parent, facts }: SchemaObject): string {
  const { name: _, ...rest } = facts;
  return JSON.stringify([kind, parent, Object.entries(rest).sort(([a], [b]) => a < b ? -1 : 1)]);
}
