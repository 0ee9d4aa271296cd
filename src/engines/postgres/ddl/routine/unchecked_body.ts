/** Functions whose body the server cannot check at the time when they are made. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { lastName } from "../../names.ts";
import type { PostgresContext, PostgresObject } from "../../objects.ts";
import { isCreated } from "../clauses/action.ts";
import type { Reason } from "../../../../core/reason.ts";
import { subjectOf } from "../../../common/statement.ts";

/** The statements, with the check of bodies switched off around them where the body and what it names form a cycle. */
export function uncheckedWhereCyclic(
  object: PostgresObject,
  statements: readonly PlannedStatement[],
  context: PostgresContext,
): readonly PlannedStatement[] {
  return namesItself(object, context)
    ? unchecked(statements, {
      action: "skip_body_checks",
      object: subjectOf(object),
      because: { cause: "cycle" },
    })
    : statements;
}

/** The statements, with the check of bodies switched off around them. */
export function unchecked(
  statements: readonly PlannedStatement[],
  reason: Reason,
): readonly PlannedStatement[] {
  const serves = statements[0]?.serves ?? [];
  const setting = (sql: string): PlannedStatement => ({ sql, serves, reason, transactional: true });
  return [
    setting("SET check_function_bodies = off"),
    ...statements,
    setting("RESET check_function_bodies"),
  ];
}

/** True for an SQL body that names something new which, over any number of steps, needs or names the function. */
function namesItself(object: PostgresObject, context: PostgresContext): boolean {
  if (!isRoutine(object) || object.facts.language !== "sql" || object.facts.atomic === true) {
    return false;
  }
  const seen = new Set<string>();
  const queue = [...namedBy(object, context)].filter((id) => id !== object.id);
  for (const id of queue) {
    if (id === object.id) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    const next = context.to.objects.get(id);
    if (next !== undefined) queue.push(...namedBy(next, context), ...next.dependsOn);
  }
  return false;
}

/** Ids of what the plan makes and the body of a routine names. */
function namedBy(object: PostgresObject, context: PostgresContext): readonly string[] {
  if (!isRoutine(object) || object.facts.atomic === true) return [];
  const names = newNames(context);
  return [...new Set(object.facts.body.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])]
    .flatMap((word) => names.get(word) ?? []);
}

function isRoutine(object: PostgresObject) {
  return object.kind === "function" || object.kind === "procedure";
}

const known = new WeakMap<PostgresContext, ReadonlyMap<string, readonly string[]>>();

/** Ids of routines and relations that the plan makes, by the last part of their names in lower case. */
function newNames(context: PostgresContext): ReadonlyMap<string, readonly string[]> {
  const cached = known.get(context);
  if (cached !== undefined) return cached;
  const names = new Map<string, string[]>();
  for (const object of context.to.objects.values()) {
    if (!NAMED.has(object.kind) || !isCreated(object.id, context)) {
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
