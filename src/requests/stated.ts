/** Whether a catalog's changes are those that an answer states, and no others. */

import type { Change } from "../core/change.ts";
import { lastName, splitName } from "../core/name.ts";
import type { SchemaObject, Snapshot } from "../core/snapshot.ts";
import type { Engine } from "../engines/engine.ts";
import { foldedParts, goesByParts, isSame } from "./schema_text.ts";

/** A change that is stated. */
export interface StatedChange {
  readonly op: "add" | "change" | "drop" | "rename";
  /** `table`, `column`, `index`, `constraint`, `view`, ...; `other` for any. */
  readonly kind: string;
  /** `users.email`; of a rename the old name. */
  readonly name: string;
  /** The new name of a rename; else empty. */
  readonly to: string;
}

/** What a change does besides, and what was stated and did not come about. */
export interface StatedComparison {
  readonly extra: readonly Change[];
  readonly missing: readonly StatedChange[];
}

interface States {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly engine: Engine;
}

const OPS = { create: "add", alter: "change", drop: "drop" } as const;

/** Compares the changes between two snapshots, renames left out, with what is stated. */
export function comparedWithStated(
  changes: readonly Change[],
  stated: readonly StatedChange[],
  states: States,
): StatedComparison {
  const used = new Set<StatedChange>();
  const extra = changes.filter((change) => {
    const chain = chainOf(change, states);
    const covering = stated.filter((one) => covers(one, change, chain, states.engine));
    for (const one of covering) used.add(one);
    return covering.length === 0;
  });
  const missing = stated.filter((one) => one.op !== "rename" && !used.has(one));
  return { extra, missing };
}

/** An object and what it is in, from the inside out. */
function chainOf(change: Change, { before, after }: States): readonly SchemaObject[] {
  const snapshot = change.op === "drop" ? before : after;
  const chain: SchemaObject[] = [];
  for (let id: string | null = change.id; id !== null;) {
    const object: SchemaObject | undefined = snapshot.objects.get(id);
    if (object === undefined) break;
    chain.push(object);
    id = object.parent;
  }
  return chain;
}

function covers(
  stated: StatedChange,
  change: Change,
  chain: readonly SchemaObject[],
  engine: Engine,
): boolean {
  const [own, ...homes] = chain;
  if (own === undefined || stated.op === "rename") return false;
  const op = OPS[change.op];
  if (isIt(own, stated, engine)) return op === stated.op;
  // What is in a thing comes and goes with it.
  if (homes.some((home) => isIt(home, stated, engine)) && isWhole(stated)) return op === stated.op;
  if (stated.kind === "constraint" || stated.kind === "index") {
    return own.kind === stated.kind && op === stated.op &&
      homes.some((home) => goes(home, stated.name, engine));
  }
  if (stated.kind !== "column" || own.kind === "column") return false;
  const parts = foldedParts(stated.name, engine);
  const [column, ...table] = [...parts].reverse();
  if (column === undefined) return false;
  const isHome = homes.some((home) => {
    const names = splitName(home.name);
    return home.kind === "column"
      ? goesByParts(names, parts, engine)
      : table.length === 0 || goesByParts(names, [...table].reverse(), engine);
  });
  if (!isHome) return false;
  if (isSame(lastName(own.name), column, engine)) return true;
  return change.op !== "alter" && own.kind !== "trigger" && mentions(own, column);
}

/** True for a change of a thing with all that is in it. */
function isWhole({ op }: StatedChange): boolean {
  return op === "add" || op === "drop";
}

function isIt(object: SchemaObject, { kind, name }: StatedChange, engine: Engine): boolean {
  return isKind(object.kind, kind) && goes(object, name, engine);
}

function isKind(kind: string, stated: string): boolean {
  if (stated === "other") return kind !== "column" && kind !== "table";
  return kind === stated || kind.endsWith(` ${stated}`) || stated === "type" && TYPES.test(kind);
}

const TYPES = /^(?:enum|domain|.* type|type)$/;

function goes({ name }: SchemaObject, stated: string, engine: Engine): boolean {
  try {
    return goesByParts(splitName(name), foldedParts(stated.replace(/\(.*$/s, ""), engine), engine);
  } catch {
    return false;
  }
}

/** True when the facts of an object hold a name. */
function mentions({ facts, name }: SchemaObject, member: string): boolean {
  return name.includes(member) ||
    JSON.stringify(facts).includes(JSON.stringify(member).slice(1, -1));
}

/** Kinds whose drop takes what somebody may want to keep. */
const KEPT = new Set(["table", "column", "view", "materialized view", "function", "procedure"]);

/** What goes although no word of the request speaks of it; what goes with it is left out. */
export function unnamedDrops(request: string, changes: readonly Change[]): readonly SchemaObject[] {
  const dropped = new Set(changes.filter(({ op }) => op === "drop").map(({ id }) => id));
  const words = wordsOf(request);
  return changes.flatMap((change) => {
    if (change.op !== "drop" || !KEPT.has(change.kind)) return [];
    if (dropped.has(change.before.parent ?? "")) return [];
    return isSpokenOf(change.before.name, words) ? [] : [change.before];
  });
}

/** The words of a text or of a name, in lower case: those of `user_id` are two. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

/** True when all words of a name's last part are among those of a request, by their beginnings. */
export function isSpokenOf(name: string, words: readonly string[]): boolean {
  return wordsOf(lastName(name)).every((part) =>
    words.some((word) => word === part || isStem(word, part))
  );
}

/** `address` and `addresses`, `tag` and `tags`. */
function isStem(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 3 && long.startsWith(short.replace(/y$/, "")) &&
    long.length - short.length <= 3;
}
