/** Keys and constraints that are the same but for names that the server generated. */

import { joinName, lastName, splitName } from "../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { NameOptions } from "../engine.ts";
import { fold } from "./catalog/scope.ts";
import { factsOf } from "./facts.ts";

/** The wanted snapshot with such objects under the names that the actual one has; see `Engine.matchNames`. */
export function matchNames(wanted: Snapshot, actual: Snapshot, options: NameOptions): Snapshot {
  const isAnyName = options.constraintNames === "ignore";
  if (options.generatedNames === "follow" && !isAnyName) return wanted;
  const mayDiffer = (object: SchemaObject) =>
    isAnyName && !isPrimary(object) || looksGenerated(object);
  const free = Map.groupBy(
    [...actual.objects.values()].filter((object) => isNamed(object) && !isKnown(object, wanted)),
    contentOf,
  );
  const renames = new Map<string, SchemaObject>();
  for (const object of wanted.objects.values()) {
    if (!isNamed(object) || isKnown(object, actual) || !mayDiffer(object)) continue;
    const candidates = free.get(contentOf(object)) ?? [];
    const at = candidates.findIndex(mayDiffer);
    const [match] = at < 0 ? [] : candidates.splice(at, 1);
    if (match !== undefined) renames.set(object.id, match);
  }
  withoutCollisions(renames, wanted);
  return renames.size === 0 ? wanted : renamed(wanted, renames);
}

/** The one key whose name says what it is. */
function isPrimary({ name }: SchemaObject): boolean {
  return lastName(name) === "PRIMARY";
}

function isNamed({ kind }: SchemaObject): boolean {
  return kind === "index" || kind === "constraint";
}

/** True when the other side has the same under the same name. */
function isKnown(object: SchemaObject, other: Snapshot): boolean {
  const same = other.objects.get(object.id);
  return same !== undefined && contentOf(same) === contentOf(object);
}

function contentOf({ kind, parent, facts }: SchemaObject): string {
  return JSON.stringify([kind, parent, Object.entries(facts).sort(([a], [b]) => a < b ? -1 : 1)]);
}

/** True for a name that the server would give: `users_ibfk_1`, `users_chk_1`, `CONSTRAINT_1`, and the first column of a key. */
function looksGenerated(object: SchemaObject): boolean {
  const name = lastName(object.name);
  const [table = ""] = splitName(object.name);
  if (object.kind === "constraint") {
    return /^CONSTRAINT_\d+$/i.test(name) || /_(?:ibfk|chk)_\d+$/.test(name) ||
      /^\d+$/.test(name) ||
      name.startsWith(`${table}_fk_`);
  }
  const [first] = factsOf(object, "index").columns;
  const usual = fold(first?.column ?? "functional_index");
  return looksNumbered(name, usual);
}

/** True for the name, and for the name with a number: as the server calls what has none. */
export function looksNumbered(name: string, usual: string): boolean {
  return new RegExp(`^${escaped(fold(usual))}(?:_\\d+)?$`).test(fold(name));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Leaves out renames to a name that another object of the snapshot keeps. */
function withoutCollisions(renames: Map<string, SchemaObject>, snapshot: Snapshot): void {
  for (let again = true; again;) {
    again = false;
    for (const [id, match] of renames) {
      if (!snapshot.objects.has(match.id) || renames.has(match.id)) continue;
      renames.delete(id);
      again = true;
    }
  }
}

function renamed(snapshot: Snapshot, renames: ReadonlyMap<string, SchemaObject>): Snapshot {
  const objects = [...snapshot.objects.values()].map((object) => {
    const match = renames.get(object.id);
    if (match === undefined) return object;
    const [table = ""] = splitName(object.name);
    const name = joinName(table, lastName(match.name));
    return { ...object, id: match.id, name };
  });
  return { ...snapshot, objects: new Map(objects.map((object) => [object.id, object])) };
}
