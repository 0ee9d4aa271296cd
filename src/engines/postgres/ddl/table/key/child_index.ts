/** Indexes and constraints of partitions that are parts of those of the partitioned table. */

import type { PlannedStatement, SchemaObject, Snapshot } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { relationsOf } from "../../../../planner/relations.ts";
import { lastName } from "../../../names.ts";
import { reference } from "../../../quote.ts";
import { arrives, goes } from "../../clauses/action.ts";
import { optionStatements } from "../../clauses/options.ts";
import { flag, idsNamed, record, relationName, schemaOf } from "../../clauses/relation.ts";
import { text } from "../../clauses/statement.ts";
import { hasIndex, keyText } from "./constraint_clause.ts";

/**
 * True when a new part is there as soon as its partition is created or attached, or as the whole is created: the server makes a part
 * for each partition by itself.
 */
export function isMadeByParent(part: SchemaObject, context: PlanContext): boolean {
  if (arrives(wholeId(part), context)) return wholeMakes(part, context);
  return arrives(part.parent ?? "", context) || isBeingAttached(part, context);
}

/** True when an index or key that lacks parts gets one in this plan: only then the server looks whether it is complete. */
export function getsParts(whole: SchemaObject, context: PlanContext): boolean {
  return partsOf(whole, context.to).some((part) => {
    const before = context.from.objects.get(part.id);
    return before === undefined || !isPart(before) || arrives(part.id, context);
  });
}

/** Ids of indexes and keys of a partitioned table of which the server would make a part that its new partition is not to have. */
export function wholesWithoutPart(
  partition: SchemaObject,
  context: PlanContext,
): readonly string[] {
  const parent = record(partition, "partition_of")?.parent;
  if (parent === undefined) return [];
  const whole = `table:${String(parent)}`;
  const parts = context.members(context.to, partition.id).filter(isPart);
  return context.members(context.to, whole)
    .filter(isIndexed)
    .filter((member) => !parts.some((part) => wholeId(part) === member.id && isLike(part, member)))
    .map(({ id }) => id)
    .filter((id) => (context.from.objects.get(id)?.parent ?? whole) === whole);
}

/** True when ATTACH or DETACH PARTITION, or the new whole, does for an index or constraint that exists already. */
export function attachesByItself(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): boolean {
  if (!isPart(after)) return isBeingAttached(before, context);
  if (isPart(before)) return isBeingAttached(after, context) && outlivesWhole(before, context);
  return wholeMakes(after, context) || isBeingAttached(after, context);
}

/** The part as it was, where its table takes it along to another whole of the same name, which needs no other part. */
export function survivor(part: SchemaObject, context: PlanContext): SchemaObject | null {
  const before = context.from.objects.get(part.id);
  const stays = before !== undefined && isPart(before) && isBeingAttached(part, context) &&
    outlivesWhole(before, context) && before.facts.definition === part.facts.definition;
  return stays ? before : null;
}

/** True for a part that its table keeps when it leaves: not when the whole goes alone, perhaps before. */
function outlivesWhole(part: SchemaObject, context: PlanContext): boolean {
  const id = wholeId(part);
  return !goes(id, context) || goes(context.from.objects.get(id)?.parent ?? "", context);
}

/**
 * The names that the server gives to new parts of a table, and those that they are to have: of all that would have the same name
 * but for a number. The server takes the first that no relation has.
 */
export function partNames(
  part: SchemaObject,
  context: PlanContext,
  usualName: (part: SchemaObject) => string,
): readonly PartName[] {
  const usual = usualName(part);
  const root = (object: SchemaObject) => topId(object, context);
  const order = [...context.to.objects.keys()];
  const wholeFirst = arrives(root(part), context)
    ? (a: SchemaObject, b: SchemaObject) => (root(a) < root(b) ? -1 : 1)
    : (a: SchemaObject, b: SchemaObject) => order.indexOf(root(a)) - order.indexOf(root(b));
  const parts = context.members(context.to, part.parent ?? "")
    .filter((member) =>
      member.kind === part.kind && isPart(member) &&
      arrives(member.id, context) && usualName(member) === usual
    )
    .sort(wholeFirst);
  const free = freeNames(usual, schemaOf(relationName(part)), context);
  return parts.map(({ id, name }) => ({ id, made: free.next().value, wanted: lastName(name) }));
}

/** A name, and the same with numbers, leaving out what a relation goes by that stays. */
function* freeNames(usual: string, schema: string, context: PlanContext): Generator<string, never> {
  const isTaken = (id: string) => {
    const object = context.from.objects.get(id);
    const isRelation = object !== undefined && object.kind !== "column" &&
      (object.kind !== "constraint" || hasIndex(object));
    return isRelation && !goes(id, context);
  };
  for (let number = 0;; number++) {
    const name = number === 0 ? usual : `${usual}${number}`;
    if (!idsNamed(context.from, schema, name).some(isTaken)) yield name;
  }
}

/** One of `partNames`. */
export interface PartName {
  readonly id: string;
  readonly made: string;
  readonly wanted: string;
}

/**
 * Renames, from and to, that a part's own step does. Names that go round in a circle step aside first, all in the step of the part
 * that comes last.
 */
export function partRenames(
  id: string,
  names: readonly PartName[],
): readonly (readonly [string, string])[] {
  const wrong = names.filter(({ made, wanted }) => made !== wanted);
  const crossed = wrong.filter(({ wanted }) => wrong.some(({ made }) => made === wanted));
  if (crossed.length === 0) {
    return wrong.filter((name) => name.id === id).map(({ made, wanted }) => [made, wanted]);
  }
  const last = names.map((name) => name.id).sort().at(-1);
  if (last !== id) return [];
  return [
    ...wrong.map(({ made }): [string, string] => [made, `${made.slice(0, 58)}_old`]),
    ...wrong.map(({ made, wanted }): [string, string] => [`${made.slice(0, 58)}_old`, wanted]),
  ];
}

/** Options of a part that the server made with those of the whole. */
export function partOptions(
  part: SchemaObject,
  context: PlanContext,
  index: string,
): readonly PlannedStatement[] {
  const whole = context.to.objects.get(wholeId(part)) ?? null;
  return optionStatements(whole, part, "options", `ALTER INDEX ${reference(index)}`);
}

/** Id of the index or constraint of the partitioned table that this is a part of. */
export function wholeId(part: SchemaObject): string {
  const index = text(part, "attached_index");
  return index === null ? `${part.kind}:${text(part, "attached_to") ?? ""}` : `index:${index}`;
}

/** Id of the whole of which the whole of a part is a part, and so on up to the top. */
function topId(part: SchemaObject, context: PlanContext): string {
  const id = wholeId(part);
  const whole = context.to.objects.get(id);
  return whole !== undefined && isPart(whole) ? topId(whole, context) : id;
}

/** True when the object is a part of something that the partitioned table has. */
export function isPart(object: SchemaObject): boolean {
  return text(object, "attached_to") !== null || text(object, "attached_index") !== null;
}

/** True for parts of one whole: a partition has but one. */
export function areOnePart(before: SchemaObject, after: SchemaObject): boolean {
  return isPart(before) && isPart(after) && wholeId(before) === wholeId(after);
}

/** True when the whole is made in this plan, and its parts with it. */
function wholeMakes(part: SchemaObject, context: PlanContext): boolean {
  const whole = context.to.objects.get(wholeId(part));
  return whole !== undefined && arrives(whole.id, context) && !isMadeAlone(whole, context.to);
}

/**
 * True for an index or key of a partitioned table that is made without parts: it is to stay incomplete, or a part is to be
 * another than the server would make or take.
 */
export function isMadeAlone(whole: SchemaObject, to: Snapshot): boolean {
  if (flag(whole, "invalid")) return true;
  const { members } = relationsOf(to);
  return partsOf(whole, to).some((part) => {
    if (!isLike(part, whole)) return true;
    return (members.get(part.parent ?? "") ?? []).some((other) =>
      other !== part && !isPart(other) && isIndexed(other) && indexText(other) === indexText(part)
    );
  });
}

/** True for an index with keys among its parts, over all generations: they neither go without it nor does it without them. */
export function holdsKeys(index: SchemaObject, snapshot: Snapshot): boolean {
  return partsOf(index, snapshot).some((part) =>
    part.kind === "constraint" || holdsKeys(part, snapshot)
  );
}

/** The parts that partitions have of an index or key. */
function partsOf(whole: SchemaObject, snapshot: Snapshot): readonly SchemaObject[] {
  return (relationsOf(snapshot).dependents.get(whole.id) ?? [])
    .filter((object) => isPart(object) && wholeId(object) === whole.id);
}

function isIndexed(object: SchemaObject): boolean {
  return object.kind === "index" || (object.kind === "constraint" && hasIndex(object));
}

/** What the index of an index or key is over, and whether it is unique. */
function indexText(object: SchemaObject): string {
  const unique = object.kind === "constraint" || flag(object, "unique");
  return `${unique} ${keyText(object)}`;
}

/** True when the part is such a key as the server makes for this whole. */
function isLike(part: SchemaObject, whole: SchemaObject): boolean {
  return part.kind !== "constraint" || whole.kind !== "constraint" ||
    ["type", "deferrable", "deferred"].every((fact) => part.facts[fact] === whole.facts[fact]);
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
