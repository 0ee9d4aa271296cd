/** Indexes and constraints of partitions that are parts of those of the partitioned table. */

import type { SchemaObject } from "../../../schema.ts";
import type { PlanContext } from "../../object_kind.ts";
import { record } from "./relation.ts";
import { text } from "./statement.ts";

/**
 * True when a new part is there as soon as its partition is created or attached, or as the whole is created: the server makes a part
 * for each partition by itself.
 */
export function isMadeByParent(part: SchemaObject, context: PlanContext): boolean {
  return wholeMakes(part, context) || arrives(part.parent ?? "", context) ||
    isBeingAttached(part, context);
}

/** True when ATTACH or DETACH PARTITION, or the new whole, does for an index or constraint that exists already. */
export function attachesByItself(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): boolean {
  if (!isPart(after)) {
    return isBeingAttached(before, context) || !context.to.objects.has(wholeId(before));
  }
  return wholeMakes(after, context) || isBeingAttached(after, context);
}

/** The name that the server gives a part; a number behind it when several parts would have the same. */
export function generatedPartName(
  part: SchemaObject,
  context: PlanContext,
  usualName: (part: SchemaObject) => string,
): string {
  const usual = usualName(part);
  const twins = context.members(context.to, part.parent ?? "").filter((member) =>
    member.kind === part.kind && isPart(member) &&
    ["create", "replace"].includes(context.fate(member.id)) && usualName(member) === usual
  );
  const order = [...context.to.objects.keys()];
  const all = arrives(wholeId(part), context)
    ? twins.sort((a, b) => wholeId(a) < wholeId(b) ? -1 : 1)
    : twins.sort((a, b) => order.indexOf(wholeId(a)) - order.indexOf(wholeId(b)));
  const place = all.findIndex(({ id }) => id === part.id);
  return place <= 0 ? usual : `${usual}${place}`;
}

/** Id of the index or constraint of the partitioned table that this is a part of. */
export function wholeId(part: SchemaObject): string {
  const index = text(part, "attached_index");
  return index === null ? `${part.kind}:${text(part, "attached_to") ?? ""}` : `index:${index}`;
}

/** True when the object is a part of something that the partitioned table has. */
export function isPart(object: SchemaObject): boolean {
  return text(object, "attached_to") !== null || text(object, "attached_index") !== null;
}

/** True when the whole is made in this plan, and its parts with it; one that is to stay incomplete is made alone. */
function wholeMakes(part: SchemaObject, context: PlanContext): boolean {
  const id = wholeId(part);
  return arrives(id, context) && context.to.objects.get(id)?.facts.invalid !== true;
}

/** True when the table of the object gets another parent in this plan. */
function isBeingAttached(part: SchemaObject, context: PlanContext): boolean {
  const id = part.parent ?? "";
  const before = context.from.objects.get(id);
  const after = context.to.objects.get(id);
  if (before === undefined || after === undefined) return false;
  const was = record(before, "partition_of");
  const is = record(after, "partition_of");
  return was?.parent !== is?.parent || was?.bound !== is?.bound;
}

function arrives(id: string, context: PlanContext): boolean {
  return ["create", "replace"].includes(context.fate(id));
}
