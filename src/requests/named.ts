/** Whether a catalog's changes are those that a request names, and no others. */

import type { Change } from "../core/change.ts";
import { lastName } from "../core/name.ts";
import type { SchemaObject, Snapshot } from "../core/snapshot.ts";
import type { Engine } from "../engines/engine.ts";
import type { Named } from "./edit.ts";
import { isCalled, isSame } from "./schema_text.ts";

/** What a change touches besides what was named, and whether that itself came about. */
export interface Compared {
  readonly extra: readonly Change[];
  readonly isDone: boolean;
}

/** Compares the changes between two snapshots with what was named. */
export function comparedWith(
  changes: readonly Change[],
  named: Named,
  { before, after, engine }: {
    readonly before: Snapshot;
    readonly after: Snapshot;
    readonly engine: Engine;
  },
): Compared {
  const home = (change: Change): readonly SchemaObject[] => {
    const snapshot = change.op === "drop" ? before : after;
    const chain: SchemaObject[] = [];
    for (let id: string | null = change.id; id !== null;) {
      const object: SchemaObject | undefined = snapshot.objects.get(id);
      if (object === undefined) break;
      chain.push(object);
      id = object.parent;
    }
    return chain;
  };
  const isObject = ({ kind, name }: SchemaObject) =>
    (named.kind === "view" ? kind.endsWith("view") : !kind.endsWith("view")) &&
    isCalled(name, named.object, engine);
  const isMember = ({ name }: SchemaObject) =>
    named.member !== null && isSame(lastName(name), named.member, engine);
  const isIt = (change: Change) => {
    const [own, parent] = home(change);
    if (own === undefined || change.op !== named.op) return false;
    if (named.kind === "constraint") {
      return own.kind === named.kind && parent !== undefined && isObject(parent);
    }
    if (named.member === null) return isObject(own);
    return isMember(own) && parent !== undefined && isObject(parent);
  };
  const isNamed = (change: Change) => {
    const chain = home(change);
    const [own] = chain;
    if (own === undefined) return false;
    if (named.kind === "constraint") return isIt(change);
    if (named.member === null) return change.op === named.op && chain.some(isObject);
    if (!chain.some(isObject) || isObject(own)) return false;
    // A default is an object of its own where it is one to the server.
    if (chain.some(isMember)) {
      return change.op === named.op || named.op === "alter" && own.kind !== "column";
    }
    // A constraint, index or sequence of the column comes and goes with it.
    return named.kind === "column" && own.kind !== "column" && change.op !== "alter" &&
      mentions(own, named.member);
  };
  return {
    extra: changes.filter((change) => !isNamed(change)),
    isDone: changes.some(isIt) || (named.op === "alter" && changes.some(isNamed)),
  };
}

/** True when the facts of an object hold a name. */
function mentions({ facts, name }: SchemaObject, member: string): boolean {
  return name.includes(member) ||
    JSON.stringify(facts).includes(JSON.stringify(member).slice(1, -1));
}
