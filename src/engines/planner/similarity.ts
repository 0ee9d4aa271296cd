/** How similar two objects are, to find out which one was renamed. */

import { sameJson } from "../../core/change.ts";
import { lastName } from "../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { dependenciesOf } from "./dependencies.ts";

/** What two objects are compared by. */
export interface Comparison {
  readonly from: Snapshot;
  readonly to: Snapshot;
  /** See `ObjectKind.isCompatible`. */
  isCompatible(before: SchemaObject, after: SchemaObject): boolean;
  /** Outlines that were made already. */
  readonly outlines: Map<SchemaObject, Outline>;
}

/** What an object is recognised by under another name. */
interface Outline {
  /** The last part of its name. */
  readonly name: string;
  /** What it holds that would be there under another name too: a table's columns by their names, what stands in a schema. */
  readonly contents: ReadonlyMap<string, SchemaObject>;
}

function outlineOf(
  object: SchemaObject,
  snapshot: Snapshot,
  { outlines }: Comparison,
): Outline {
  const known = outlines.get(object);
  if (known !== undefined) return known;
  const outline = { name: lastName(object.name), contents: contents(object, snapshot) };
  outlines.set(object, outline);
  return outline;
}

/** How similar two objects are, from 0 to 1. */
export function similarity(
  before: SchemaObject,
  after: SchemaObject,
  comparison: Comparison,
): number {
  const was = outlineOf(before, comparison.from, comparison);
  const is = outlineOf(after, comparison.to, comparison);
  if (was.contents.size > 0 && is.contents.size > 0) {
    const share = sharedContents(was, is, comparison);
    // The same name in another schema is evidence by itself.
    return was.name === is.name ? (1 + share) / 2 : share;
  }
  if (was.contents.size === is.contents.size && equalButForName(before, after)) return 1;
  const name = nameSimilarity(was.name, is.name);
  if ("type" in before.facts) {
    const same = typeSimilarity(before, after, comparison);
    if (same > OTHER_TYPE) return 0.6 * same + 0.3 * name;
  }
  return name >= 0.6 ? 0.8 * name : 0;
}

/** How much of what either holds the other one has as well, from 0 to 1. */
function sharedContents(
  { contents: old }: Outline,
  { contents: fresh }: Outline,
  comparison: Comparison,
): number {
  const added: SchemaObject[] = [];
  for (const [key, member] of fresh) if (!old.has(key)) added.push(member);
  let shared = 0;
  let sum = 0;
  for (const [key, member] of old) {
    const twin = fresh.get(key);
    if (twin !== undefined) sum += typeSimilarity(member, twin, comparison);
    else if (added.some((other) => mayBeRenamed(member, other, comparison))) sum += SAME_POSITION;
    else continue;
    shared++;
  }
  return sum / (old.size + fresh.size - shared);
}

/** How much two columns, or two objects of one name, are the same by their types, from 0 to 1. */
function typeSimilarity(
  before: SchemaObject,
  after: SchemaObject,
  { isCompatible }: Comparison,
): number {
  if (sameJson(before.facts.type ?? null, after.facts.type ?? null)) return 1;
  return isCompatible(before, after) ? 0.9 : OTHER_TYPE;
}

const OTHER_TYPE = 0.5;

/** True for columns of which one may be the other, renamed: in the same position and with compatible types. */
function mayBeRenamed(before: SchemaObject, after: SchemaObject, comparison: Comparison): boolean {
  return before.position !== undefined && before.position === after.position &&
    typeSimilarity(before, after, comparison) > OTHER_TYPE;
}

const SAME_POSITION = 0.3;

function contents(object: SchemaObject, snapshot: Snapshot): ReadonlyMap<string, SchemaObject> {
  const members = dependenciesOf(snapshot).members.get(object.id) ?? [];
  const columns = members.filter((member) => member.position !== undefined);
  if (columns.length > 0) return new Map(columns.map((column) => [lastName(column.name), column]));
  if (object.parent !== null || object.position !== undefined) return new Map();
  const prefix = `${object.name}.`;
  const inside = (dependenciesOf(snapshot).dependents.get(object.id) ?? [])
    .filter(({ name, parent }) => name.startsWith(prefix) && parent === null);
  return new Map(
    inside.map((dependent) => [
      `${dependent.kind}:${dependent.name.slice(prefix.length)}`,
      dependent,
    ]),
  );
}

/** Equal but for the name, which may stand in a definition. */
export function equalButForName(before: SchemaObject, after: SchemaObject): boolean {
  return sameJson(nameless(before), nameless(after));
}

function nameless(object: SchemaObject): string {
  const name = lastName(object.name).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = new RegExp(`(?<![\\p{L}\\p{N}_$])${name}(?![\\p{L}\\p{N}_$])`, "gu");
  return JSON.stringify(Object.entries(object.facts).sort(([a], [b]) => (a < b ? -1 : 1)))
    .replaceAll(word, "\u0000");
}

/** 1 less the edit distance over the longer length. */
function nameSimilarity(a: string, b: string): number {
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
