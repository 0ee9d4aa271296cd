/** The part of a schema that a change is about: what differs, what it hangs together with, and the names of the rest. */

import { estimateTokens } from "../../models/model.ts";
import { type Brief, type BriefObject, numberChanges } from "../../models/prompts/brief.ts";
import type { Change } from "../../core/change.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";

/** What is sliced. */
export interface SchemaContextInput {
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly changes: readonly Change[];
  /** Canonical DDL of every top-level object, by id, of both sides. */
  readonly describe: (snapshot: Snapshot) => ReadonlyMap<string, string>;
}

/** How much is shown. */
export interface SchemaContextLimits {
  /** Tokens that the DDL of neighbours may take; what differs is shown whatever it takes. */
  readonly near: number;
  /** Tokens that the names of the rest may take. */
  readonly names: number;
  /** Show everything that fits. */
  readonly all: boolean;
}

/** A schema context, for a brief, and what the changes touch. */
export interface SchemaContext extends Pick<Brief, "objects" | "others" | "unnamed" | "changes"> {
  /** Names of the tables that the changes touch, on either side. */
  readonly tables: ReadonlySet<string>;
}

/** How much of a schema is shown at first: the neighbourhood of a change and an index. */
export const FIRST_LIMITS: SchemaContextLimits = { near: 1000, names: 700, all: false };

/** Kinds that nearly everything needs: being next to one says nothing. */
const HUBS = new Set(["schema", "extension", "language", "access method"]);
/** Kinds whose DDL helps to write for a table that they hang on. */
const CODE = /view|function|procedure|trigger|policy|rule/;

/** Cuts the schema context. The same input gives the same schema context. */
export function schemaContextOf(
  input: SchemaContextInput,
  limits: SchemaContextLimits,
): SchemaContext {
  const { before, target, changes, describe } = input;
  const [old, now] = [describe(before), describe(target)];
  const web = webOf([before, target]);
  const changed = new Set(changes.map((change) => rootId(objectOf(change), web)));
  const deep = changes.some((change) => change.op === "drop" && change.before.parent === null);
  const near = neighbours(changed, web, deep ? 2 : 1);
  const shown: BriefObject[] = [];
  const named: string[] = [];
  let left = limits.near;
  for (const id of [...changed].sort(byKindAndName)) push(shown, id);
  for (const id of near) {
    const object = briefObject(id);
    if (object === null) continue;
    const tokens = estimateTokens(object.after ?? object.before ?? "");
    if (tokens > left) named.push(object.name);
    else {
      left -= tokens;
      shown.push(object);
    }
  }
  const done = new Set([...changed, ...near]);
  const rest = [...new Set([...old.keys(), ...now.keys()])]
    .filter((id) => !done.has(id) && !HUBS.has(kindOf(id)))
    .sort(byKindAndName);
  for (const id of rest) {
    const object = briefObject(id);
    if (object === null) continue;
    const tokens = estimateTokens(object.after ?? object.before ?? "");
    if (limits.all && tokens <= left) {
      left -= tokens;
      shown.push(object);
    } else named.push(object.name);
  }
  const { kept, dropped } = capped(named, limits.names);
  return {
    objects: shown,
    others: kept,
    unnamed: dropped,
    changes: numberChanges(changes),
    tables: touched(input, web),
  };

  function briefObject(id: string): BriefObject | null {
    const [from, to] = [old.get(id) ?? null, now.get(id) ?? null];
    if (from === null && to === null) return null;
    const object = target.objects.get(id) ?? before.objects.get(id);
    if (object === undefined) return null;
    return { name: object.name, kind: object.kind, before: from, after: to };
  }

  function push(list: BriefObject[], id: string): void {
    const object = briefObject(id);
    if (object !== null) list.push(object);
  }
}

/** What hangs together on either side, by ids of top-level objects. */
interface Web {
  readonly objects: ReadonlyMap<string, SchemaObject>;
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
  readonly neededBy: ReadonlyMap<string, ReadonlySet<string>>;
}

function webOf(snapshots: readonly Snapshot[]): Web {
  const objects = new Map(snapshots.flatMap(({ objects }) => [...objects]));
  const needs = new Map<string, Set<string>>();
  const neededBy = new Map<string, Set<string>>();
  const link = (from: string, to: string) => {
    if (from === to) return;
    put(needs, from, to);
    put(neededBy, to, from);
  };
  for (const { objects: side } of snapshots) {
    for (const object of side.values()) {
      const from = rootId(object, { objects });
      for (const id of object.dependsOn) {
        const needed = side.get(id);
        if (needed !== undefined) link(from, rootId(needed, { objects }));
      }
    }
  }
  return { objects, needs, neededBy };
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

/** What the changed objects need and what needs them, nearest first: needed things, then code, then tables, each by name. */
function neighbours(
  changed: ReadonlySet<string>,
  { needs, neededBy }: Web,
  depth: number,
): readonly string[] {
  const found = new Set<string>();
  let ring = [...changed].filter((id) => !HUBS.has(kindOf(id)));
  for (let step = 0; step < depth; step++) {
    const next = (links: Web["needs"]) =>
      [...new Set(ring.flatMap((id) => [...links.get(id) ?? []]))]
        .filter((id) => !changed.has(id) && !found.has(id) && !HUBS.has(kindOf(id)))
        .sort(byKindAndName);
    const needed = next(needs);
    const dependents = next(neededBy);
    const code = dependents.filter((id) => CODE.test(kindOf(id)));
    for (const id of [...needed, ...code, ...dependents]) found.add(id);
    ring = [...new Set([...needed, ...dependents])];
  }
  return [...found];
}

/** Tables that change, that hang on what changes, or that what changes hangs on. */
function touched({ changes }: SchemaContextInput, web: Web): ReadonlySet<string> {
  const roots = new Set(changes.map((change) => rootId(objectOf(change), web)));
  const near = neighbours(roots, web, 1);
  const tables = [...roots, ...near].filter((id) => /table|materialized view/.test(kindOf(id)));
  return new Set(tables.map((id) => web.objects.get(id)?.name ?? id));
}

function capped(
  names: readonly string[],
  tokens: number,
): { readonly kept: readonly string[]; readonly dropped: number } {
  const kept: string[] = [];
  let left = tokens;
  for (const name of names) {
    left -= estimateTokens(`${name}, `);
    if (left < 0) break;
    kept.push(name);
  }
  return { kept, dropped: names.length - kept.length };
}

function objectOf(change: Change): SchemaObject {
  return change.op === "drop" ? change.before : change.after;
}

function rootId(object: SchemaObject, { objects }: Pick<Web, "objects">): string {
  let at = object;
  for (let up = at.parent; up !== null;) {
    const parent = objects.get(up);
    if (parent === undefined || HUBS.has(parent.kind)) break;
    at = parent;
    up = at.parent;
  }
  return at.id;
}

function kindOf(id: string): string {
  return id.slice(0, id.indexOf(":"));
}

function byKindAndName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
