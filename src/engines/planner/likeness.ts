/** How likely it is that two objects are one under two names. */

import { sameJson } from "../../changes.ts";
import { lastName } from "../../names.ts";
import type { SchemaObject, Snapshot } from "../../schema.ts";
import { relationsOf } from "./relations.ts";

/** What a likeness is seen by. */
export interface Sight {
  readonly from: Snapshot;
  readonly to: Snapshot;
  /** See `ObjectKind.isAkin`. */
  isAkin(before: SchemaObject, after: SchemaObject): boolean;
  /** What was seen already. */
  readonly looks: Map<SchemaObject, Look>;
}

/** What an object looks like from outside. */
interface Look {
  /** The last part of its name. */
  readonly name: string;
  /** What it holds that would be there under another name too: a table's columns by their names, what stands in a schema. */
  readonly contents: ReadonlyMap<string, SchemaObject>;
}

function lookAt(object: SchemaObject, snapshot: Snapshot, { looks }: Sight): Look {
  const known = looks.get(object);
  if (known !== undefined) return known;
  const look = { name: lastName(object.name), contents: contents(object, snapshot) };
  looks.set(object, look);
  return look;
}

/** From 0 to 1. */
export function likeness(before: SchemaObject, after: SchemaObject, sight: Sight): number {
  const was = lookAt(before, sight.from, sight);
  const is = lookAt(after, sight.to, sight);
  if (was.contents.size > 0 && is.contents.size > 0) {
    const share = sharedContents(was, is, sight);
    // The same name in another schema is a sign by itself.
    return was.name === is.name ? (1 + share) / 2 : share;
  }
  if (was.contents.size === is.contents.size && alike(before, after)) return 1;
  const name = closeness(was.name, is.name);
  if ("type" in before.facts) {
    const same = nature(before, after, sight);
    if (same > OTHER_TYPE) return 0.6 * same + 0.3 * name;
  }
  return name >= 0.6 ? 0.8 * name : 0;
}

/** How much of what either holds the other one has as well, from 0 to 1. */
function sharedContents({ contents: old }: Look, { contents: fresh }: Look, sight: Sight): number {
  const strangers: SchemaObject[] = [];
  for (const [key, member] of fresh) if (!old.has(key)) strangers.push(member);
  let shared = 0;
  let sum = 0;
  for (const [key, member] of old) {
    const twin = fresh.get(key);
    if (twin !== undefined) sum += nature(member, twin, sight);
    else if (strangers.some((other) => takesPlace(member, other, sight))) sum += SAME_PLACE;
    else continue;
    shared++;
  }
  return sum / (old.size + fresh.size - shared);
}

/** How much two columns, or two objects of one name, are the same by their types, from 0 to 1. */
function nature(before: SchemaObject, after: SchemaObject, { isAkin }: Sight): number {
  if (sameJson(before.facts.type ?? null, after.facts.type ?? null)) return 1;
  return isAkin(before, after) ? 0.9 : OTHER_TYPE;
}

const OTHER_TYPE = 0.5;

/** True for columns that may be one, renamed: in the same place and with types that fit. */
function takesPlace(before: SchemaObject, after: SchemaObject, sight: Sight): boolean {
  return before.position !== undefined && before.position === after.position &&
    nature(before, after, sight) > OTHER_TYPE;
}

const SAME_PLACE = 0.3;

function contents(object: SchemaObject, snapshot: Snapshot): ReadonlyMap<string, SchemaObject> {
  const members = relationsOf(snapshot).members.get(object.id) ?? [];
  const columns = members.filter((member) => member.position !== undefined);
  if (columns.length > 0) return new Map(columns.map((column) => [lastName(column.name), column]));
  if (object.parent !== null || object.position !== undefined) return new Map();
  const prefix = `${object.name}.`;
  const inside = (relationsOf(snapshot).dependents.get(object.id) ?? [])
    .filter(({ name, parent }) => name.startsWith(prefix) && parent === null);
  return new Map(
    inside.map((dependent) => [
      `${dependent.kind}:${dependent.name.slice(prefix.length)}`,
      dependent,
    ]),
  );
}

/** Equal but for the name, which may stand in a definition. */
export function alike(before: SchemaObject, after: SchemaObject): boolean {
  return sameJson(nameless(before), nameless(after));
}

function nameless(object: SchemaObject): string {
  const name = lastName(object.name).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = new RegExp(`(?<![\\p{L}\\p{N}_$])${name}(?![\\p{L}\\p{N}_$])`, "gu");
  return JSON.stringify(Object.entries(object.facts).sort(([a], [b]) => (a < b ? -1 : 1)))
    .replaceAll(word, "\u0000");
}

/** 1 less the edit distance over the longer length. */
function closeness(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return 1 - (row[b.length] ?? 0) / Math.max(a.length, b.length, 1);
}
