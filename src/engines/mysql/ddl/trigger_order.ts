/** The order in which the triggers of a table run. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";

/** True for a trigger that comes to its place by what happens to the others: it stands behind the same one of those that stay. */
export function keepsItsPlace(trigger: SchemaObject, context: PlanContext): boolean {
  const before = context.from.objects.get(trigger.id);
  if (before === undefined) return false;
  const stays = (name: string) => isUntouched(name, context);
  const [old, fresh] = [chainOf(before, context.from), chainOf(trigger, context.to)].map((chain) =>
    chain.slice(0, chain.indexOf(lastName(trigger.name))).filter(stays).join("\n")
  );
  return old === fresh;
}

/** The first trigger behind it that is there when it is created; null for none. */
export function successorOf(trigger: SchemaObject, context: PlanContext): string | null {
  const chain = chainOf(trigger, context.to);
  const behind = chain.slice(chain.indexOf(lastName(trigger.name)) + 1);
  return behind.find((name) => isUntouched(name, context)) ?? null;
}

/** True for one that is neither created nor written anew. */
function isUntouched(name: string, { from, to }: PlanContext): boolean {
  const id = `trigger:${name}`;
  const [before, after] = [from.objects.get(id), to.objects.get(id)];
  if (before === undefined || after === undefined) return false;
  const { follows: _, ...had } = before.facts;
  const { follows: __, ...has } = after.facts;
  return JSON.stringify(had) === JSON.stringify(has);
}

/** Names of the triggers of the same table, timing and event, in the order in which they run. */
function chainOf(trigger: SchemaObject, snapshot: Snapshot): readonly string[] {
  const { table, timing, event } = factsOf(trigger, "trigger");
  const next = new Map<string, string>();
  for (const other of snapshot.objects.values()) {
    if (other.kind !== "trigger") continue;
    const facts = factsOf(other, "trigger");
    if (facts.table !== table || facts.timing !== timing || facts.event !== event) continue;
    next.set(facts.follows ?? "", lastName(other.name));
  }
  const chain: string[] = [];
  for (let name = next.get(""); name !== undefined; name = next.get(name)) {
    if (chain.includes(name)) break;
    chain.push(name);
  }
  return chain;
}
