/** Views, routines, triggers and policies of the database itself that name what a change takes away. */

import type { Json, SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { isContract, type Target } from "../../usage/target.ts";
import type { Use } from "../../usage/use.ts";
import { wordsOfSql } from "../../usage/queries.ts";

const KINDS: ReadonlySet<string> = new Set([
  "view",
  "materialized view",
  "function",
  "procedure",
  "trigger",
  "policy",
  "rule",
  "event",
  "package body",
]);

/** Objects of the state after a change whose text still names what went. */
export function catalogUses({ objects }: Snapshot, targets: readonly Target[]): readonly Use[] {
  const gone = targets.filter(isContract);
  if (gone.length === 0) return [];
  return [...objects.values()].filter(({ kind }) => KINDS.has(kind)).flatMap((object) => {
    const words = wordsOfSql(textsIn(object.facts).join(" "));
    return gone.filter((target) => names(words, target, object)).map((target) =>
      catalogUse(object, target, `its text names ${target.column ?? target.table}`)
    );
  });
}

function names(words: ReadonlySet<string>, target: Target, object: SchemaObject): boolean {
  const { table, column } = target;
  const hasTable = words.has(table.toLowerCase()) ||
    object.parent?.endsWith(`.${table}`) === true ||
    object.parent?.endsWith(`:${table}`) === true;
  return hasTable && (column === null || words.has(column.toLowerCase()));
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A use by an object of the database. */
export function catalogUse(
  { kind, name }: Pick<SchemaObject, "kind" | "name">,
  target: Target,
  why: string,
  certainty: Use["certainty"] = "likely",
): Use {
  return {
    target,
    certainty,
    file: "",
    line: 0,
    column: 0,
    via: "catalog",
    why,
    text: `${kind} ${name}`,
  };
}
