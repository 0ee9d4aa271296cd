/** Functions whose body the server cannot check at the time when they are made. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { arrives } from "../clauses/action.ts";
import { text } from "../clauses/statement.ts";

/** The statements, with the check of bodies switched off around them where the body stands in a circle with what it names. */
export function uncheckedWhereCircular(
  object: SchemaObject,
  statements: readonly PlannedStatement[],
  context: PlanContext,
): readonly PlannedStatement[] {
  return namesItself(object, context)
    ? unchecked(statements, `${object.name} and what its body names need each other`)
    : statements;
}

/** The statements, with the check of bodies switched off around them. */
export function unchecked(
  statements: readonly PlannedStatement[],
  why: string,
): readonly PlannedStatement[] {
  const serves = statements[0]?.serves ?? [];
  const setting = (sql: string): PlannedStatement => ({ sql, serves, why, transactional: true });
  return [
    setting("SET check_function_bodies = off"),
    ...statements,
    setting("RESET check_function_bodies"),
  ];
}

/** True for an SQL body that names something new which, over any number of steps, needs or names the function. */
function namesItself(object: SchemaObject, context: PlanContext): boolean {
  if (text(object, "language") !== "sql" || object.facts.atomic === true) return false;
  const seen = new Set<string>();
  const queue = [...namedBy(object, context)].filter((id) => id !== object.id);
  for (const id of queue) {
    if (id === object.id) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    const next = context.to.objects.get(id);
    if (next !== undefined) queue.push(...namedBy(next, context), ...next.needs);
  }
  return false;
}

/** Ids of what the plan makes and the body of a routine names. */
function namedBy(object: SchemaObject, context: PlanContext): readonly string[] {
  const body = text(object, "body");
  if (body === null || object.facts.atomic === true) return [];
  const names = newNames(context);
  return [...new Set(body.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])]
    .flatMap((word) => names.get(word) ?? []);
}

const known = new WeakMap<PlanContext, ReadonlyMap<string, readonly string[]>>();

/** Ids of routines and relations that the plan makes, by the last part of their names in lower case. */
function newNames(context: PlanContext): ReadonlyMap<string, readonly string[]> {
  const cached = known.get(context);
  if (cached !== undefined) return cached;
  const names = new Map<string, string[]>();
  for (const object of context.to.objects.values()) {
    if (!NAMED.has(object.kind) || !arrives(object.id, context)) {
      continue;
    }
    const name = lastName(object.name).toLowerCase();
    names.set(name, [...names.get(name) ?? [], object.id]);
  }
  known.set(context, names);
  return names;
}

const NAMED: ReadonlySet<string> = new Set([
  "aggregate",
  "foreign table",
  "function",
  "materialized view",
  "procedure",
  "table",
  "view",
]);
