/** Views and triggers that look at a table, and those that are broken anyway. */

import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import type { PlanContext } from "../../object_kind.ts";
import { fold, isMark, isWord, tokenize } from "../tokens.ts";
import { factsOf } from "../facts.ts";
import { checkFacts, partsOf } from "./member.ts";

/** Views and triggers of `from` that depend on a relation, directly or through views; triggers on the relation itself left out. */
export function readersOf(id: string, context: PlanContext): readonly SchemaObject[] {
  const found = new Map<string, SchemaObject>();
  const queue = [id];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const dependent of context.dependents(at)) {
      if (dependent.kind !== "view" && dependent.kind !== "trigger") continue;
      if (dependent.parent === id || found.has(dependent.id)) continue;
      found.set(dependent.id, dependent);
      queue.push(dependent.id);
    }
  }
  return [...found.values()];
}

/** Views and triggers that name one of these columns (folded names) of a table, its own triggers too, and what reads those in its turn. */
export function readersOfColumns(
  id: string,
  names: ReadonlySet<string>,
  context: PlanContext,
): readonly SchemaObject[] {
  const own = context.members(context.from, id).filter(({ kind }) => kind === "trigger");
  const named = [...readersOf(id, context), ...own].filter((one) =>
    [...names].some((name) => mentions(one, name))
  );
  return [...new Set([...named, ...named.flatMap((one) => readersOf(one.id, context))])];
}

/** True when the object's text holds this word as a name. */
export function mentions(object: SchemaObject, name: string): boolean {
  return textsOf(object).some((text) =>
    tokenize(text).some((token) =>
      (token.kind === "name" || token.kind === "quoted") && fold(token.value) === name
    )
  );
}

/** Views that name a table that does not exist, with the views on them: SQLite refuses most of ALTER TABLE while there are such. */
export function brokenViews(snapshot: Snapshot): readonly SchemaObject[] {
  const known = cache.get(snapshot);
  if (known !== undefined) return known;
  const broken = new Map<string, SchemaObject>();
  const views = [...snapshot.objects.values()].filter((object) => object.kind === "view");
  for (let size = -1; size !== broken.size;) {
    size = broken.size;
    for (const view of views) {
      if (broken.has(view.id)) continue;
      if (view.dependsOn.some((need) => broken.has(need)) || namesMissing(view, snapshot)) {
        broken.set(view.id, view);
      }
    }
  }
  const list = [...broken.values()];
  cache.set(snapshot, list);
  return list;
}

const cache = new WeakMap<Snapshot, readonly SchemaObject[]>();

function namesMissing(view: SchemaObject, snapshot: Snapshot): boolean {
  const tokens = tokenize(factsOf(view, "view").query);
  const own = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (isWord(tokens[at + 1], "as") && isMark(tokens[at + 2], "(")) own.add(fold(token.value));
    if (isWord(tokens[at + 1], "as") && isWord(tokens[at + 2], "materialized")) {
      own.add(fold(token.value));
    }
    if (isWord(tokens[at + 1], "as") && isWord(tokens[at + 2], "not")) own.add(fold(token.value));
    if (isMark(tokens[at + 1], "(")) own.add(fold(token.value));
  }
  return tokens.some((token, at) => {
    const before = tokens[at - 1];
    if (!isWord(before, "from") && !isWord(before, "join")) return false;
    if (isDistinctFrom(tokens.slice(Math.max(0, at - 3), at - 1))) return false;
    if (token.kind !== "name" && token.kind !== "quoted") return false;
    const named = isMark(tokens[at + 1], ".") ? tokens[at + 2] : token;
    const name = fold(named?.value ?? "");
    if (own.has(name) || name.startsWith("sqlite_") || name.startsWith("pragma_")) return false;
    return !["table", "view", "virtual table"].some((kind) =>
      snapshot.objects.has(`${kind}:${name}`)
    );
  });
}

/** `IS [NOT] DISTINCT FROM` is no FROM. */
function isDistinctFrom(before: readonly { readonly text: string }[]): boolean {
  return fold(before.at(-1)?.text ?? "") === "distinct" &&
    ["is", "not"].includes(fold(before.at(-2)?.text ?? ""));
}

/** The expressions, queries and lists of names of an object. */
function textsOf(object: SchemaObject): readonly string[] {
  switch (object.kind) {
    case "view": {
      const { query, columns = [] } = factsOf(object, "view");
      return [query, ...columns];
    }
    case "trigger": {
      const { when = "", body, columns = [] } = factsOf(object, "trigger");
      return [when, ...body, ...columns];
    }
    case "index": {
      const { where = "", columns } = factsOf(object, "index");
      return [where, ...columns];
    }
    case "column":
      return [factsOf(object, "column").generated ?? ""];
    case "constraint":
      return [checkFacts(object)?.expression ?? "", ...partsOf(object)];
    default:
      return [];
  }
}
