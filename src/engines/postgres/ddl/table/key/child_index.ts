/** Indexes and constraints of partitions that are children of those of the partitioned table. */

import type { PlannedStatement } from "../../../../../core/statement.ts";
import { generatedName } from "../../../generated_name.ts";
import { lastName } from "../../../names.ts";
import {
  type Constraint,
  dependentsOf,
  type Index,
  membersOf,
  objectOf,
  type PostgresContext,
  type PostgresObject,
  type PostgresSnapshot,
  type Table,
  tableOf,
} from "../../../objects.ts";
import { reference } from "../../../quote.ts";
import { isCreated, isDropped } from "../../clauses/action.ts";
import { optionStatements } from "../../clauses/options.ts";
import { idsNamed, relationName, schemaOf } from "../../clauses/relation.ts";
import { hasIndex, keyText, usualParts } from "./constraint_clause.ts";
import { keysOf } from "./index_columns.ts";
import { isKeyOrIndex } from "./index_flags.ts";

/**
 * True when a new child exists as soon as its partition is created or attached, or its parent index is created: the server creates a
 * child for each partition.
 */
export function isCreatedByParent(part: Constraint | Index, context: PostgresContext): boolean {
  if (isCreated(parentIndexId(part), context)) return parentCreates(part, context);
  return isCreated(part.parent ?? "", context) || isBeingAttached(part, context);
}

/** True when an index or key that lacks children gets one in this plan: only then the server checks whether it is complete. */
export function getsChildren(whole: Constraint | Index, context: PostgresContext): boolean {
  return childrenOf(whole, context.to).some((part) => {
    const before = keyOrIndex(context.from, part.id);
    return before === undefined || !isChildIndex(before) || isCreated(part.id, context);
  });
}

/** Ids of indexes and keys of a partitioned table of which the server would create a child that its new partition is not to have. */
export function parentIndexesWithoutChild(
  partition: Table,
  context: PostgresContext,
): readonly string[] {
  const parent = partition.facts.partition_of?.parent;
  if (parent === undefined) return [];
  const whole = `table:${parent}`;
  const parts = context.members(context.to, partition.id).filter(isKeyOrIndex).filter(isChildIndex);
  return context.members(context.to, whole).filter(isKeyOrIndex)
    .filter(isIndexed)
    .filter((member) =>
      !parts.some((part) => parentIndexId(part) === member.id && isLike(part, member))
    )
    .map(({ id }) => id)
    .filter((id) => (context.from.objects.get(id)?.parent ?? whole) === whole);
}

/** True when ATTACH or DETACH PARTITION, or the new parent index, attaches an index or constraint that exists already. */
export function isAttachedAutomatically(
  before: Constraint | Index,
  after: Constraint | Index,
  context: PostgresContext,
): boolean {
  if (!isChildIndex(after)) return isBeingAttached(before, context);
  if (isChildIndex(before)) {
    return isBeingAttached(after, context) && outlivesParent(before, context);
  }
  return parentCreates(after, context) || isBeingAttached(after, context);
}

/** The child as it was, where its table is attached again and its parent index has the same name, so that it can stay. */
export function survivingChild(part: Constraint, context: PostgresContext): Constraint | null;
export function survivingChild(part: Index, context: PostgresContext): Index | null;
export function survivingChild(
  part: Constraint | Index,
  context: PostgresContext,
): Constraint | Index | null {
  const before = keyOrIndex(context.from, part.id);
  const stays = before !== undefined && isChildIndex(before) && isBeingAttached(part, context) &&
    outlivesParent(before, context) && before.facts.definition === part.facts.definition;
  return stays ? before : null;
}

/** True for a child that its table keeps when it is detached: not when the parent index alone is dropped, perhaps before. */
function outlivesParent(part: Constraint | Index, context: PostgresContext): boolean {
  const id = parentIndexId(part);
  return !isDropped(id, context) || isDropped(context.from.objects.get(id)?.parent ?? "", context);
}

/**
 * The names that the server gives to the new children of a table, and those that they are to have: of all that would have the same name
 * but for a number. The server takes the first that no relation has.
 */
export function childNames(
  part: Constraint | Index,
  context: PostgresContext,
): readonly ChildName[] {
  const schema = schemaOf(relationName(part));
  const parts = familiesOf(context).get(familyOf(part)) ?? [];
  const whole = keyOrIndex(context.to, topIndexId(part, context));
  // An index that comes when its partitions are there gets its children by the order of their bounds, else they come with each table.
  const isLate = whole !== undefined && isCreated(whole.id, context) &&
    (whole.kind === "index" || !isCreated(whole.parent ?? "", context));
  const sorted = isLate ? byIndex(parts, context) : byTable(parts, context);
  const used = new Set<string>();
  return sorted.map((one) => {
    const made = freeName(one, { schema, used }, context);
    used.add(made);
    return { id: one.id, made, wanted: lastName(one.name) };
  });
}

/** New children whose names the server would make alike but for a number, by `familyOf`: those of one table, or of tables whose names are cut. */
function familiesOf(
  context: PostgresContext,
): ReadonlyMap<string, readonly (Constraint | Index)[]> {
  const known = FAMILIES.get(context);
  if (known !== undefined) return known;
  const children = [...context.to.objects.values()].filter(isKeyOrIndex)
    .filter((one) => isChildIndex(one) && isCreated(one.id, context));
  const families = Map.groupBy(children, familyOf);
  FAMILIES.set(context, families);
  return families;
}

const FAMILIES = new WeakMap<
  PostgresContext,
  ReadonlyMap<string, readonly (Constraint | Index)[]>
>();

function familyOf(part: Constraint | Index): string {
  return JSON.stringify([part.kind, schemaOf(relationName(part)), childName(part)]);
}

/** One index after the other, and of each the partitions in the order of their bounds. */
function byIndex(
  parts: readonly (Constraint | Index)[],
  context: PostgresContext,
): readonly (Constraint | Index)[] {
  const boundOf = ({ parent }: Constraint | Index) =>
    tableOf(context.to, parent ?? "")?.facts.partition_of?.bound ?? "";
  return parts.map((part) => ({ part, root: topIndexId(part, context), bound: boundOf(part) }))
    .sort((a, b) => a.root === b.root ? BOUNDS.compare(a.bound, b.bound) : a.root < b.root ? -1 : 1)
    .map(({ part }) => part);
}

const BOUNDS = new Intl.Collator("en", { numeric: true });

/** One table after the other, and of each the indexes in the order in which they are read. */
function byTable(
  parts: readonly (Constraint | Index)[],
  context: PostgresContext,
): readonly (Constraint | Index)[] {
  const order = parts.length < 2 ? [] : [...context.to.objects.keys()];
  return parts.map((part) => ({ part, place: order.indexOf(topIndexId(part, context)) }))
    .sort((a, b) => {
      const [one = "", other = ""] = [a.part.parent ?? "", b.part.parent ?? ""];
      return one === other ? a.place - b.place : one < other ? -1 : 1;
    }).map(({ part }) => part);
}

/** The name that the server gives the child of an index or a key, or of the index that stands in for a key, with a number where that is taken. */
export function childName(child: Constraint | Index, number = 0): string {
  const table = lastName(relationName(child));
  const numbered = (label: string) => number === 0 ? label : `${label}${number}`;
  if (child.kind === "index") return generatedName(table, keysOf(child).join("_"), numbered("idx"));
  if (child.facts.attached_index !== undefined) {
    return generatedName(table, (child.facts.columns ?? []).join("_"), numbered("idx"));
  }
  const { column, label } = usualParts(child);
  return generatedName(table, column, numbered(label));
}

/** The first name that no relation has that stays, and none that was made before. */
function freeName(
  part: Constraint | Index,
  { schema, used }: { readonly schema: string; readonly used: ReadonlySet<string> },
  context: PostgresContext,
): string {
  const isRelation = (object: PostgresObject | undefined): object is PostgresObject =>
    object !== undefined && object.kind !== "column" &&
    (object.kind !== "constraint" || hasIndex(object));
  const stays = (id: string) => isRelation(context.from.objects.get(id)) && !isDropped(id, context);
  // A child has its name from the server: whatever else is new has been given its own by then.
  const comes = (id: string) => {
    const object = context.to.objects.get(id);
    return isRelation(object) && isCreated(id, context) &&
      !(isKeyOrIndex(object) && isChildIndex(object));
  };
  const isTaken = (name: string) =>
    idsNamed(context.from, schema, name).some(stays) ||
    idsNamed(context.to, schema, name).some(comes);
  for (let number = 0;; number++) {
    const name = childName(part, number);
    if (!used.has(name) && !isTaken(name)) return name;
  }
}

/** One of `childNames`. */
export interface ChildName {
  readonly id: string;
  readonly made: string;
  readonly wanted: string;
}

/**
 * Renames, from and to, that a child's own step does. Names that form a cycle get temporary names first, all in the step of the child
 * that comes last.
 */
export function childRenames(
  id: string,
  names: readonly ChildName[],
): readonly (readonly [string, string])[] {
  const wrong = names.filter(({ made, wanted }) => made !== wanted);
  const crossed = wrong.filter(({ wanted }) => wrong.some(({ made }) => made === wanted));
  if (crossed.length === 0) {
    return wrong.filter((name) => name.id === id).map(({ made, wanted }) => [made, wanted]);
  }
  const last = names.map((name) => name.id).sort().at(-1);
  if (last !== id) return [];
  return [
    ...wrong.map(({ made }, at): [string, string] => [made, between(made, at)]),
    ...wrong.map(({ made, wanted }, at): [string, string] => [between(made, at), wanted]),
  ];
}

/** What an index is called between two names; `at` tells apart those whose names are cut. */
function between(made: string, at: number): string {
  return `${made.slice(0, 54)}_old${at === 0 ? "" : at}`;
}

/** Options of a child that the server created with those of its parent. */
export function childOptions(
  part: Constraint | Index,
  context: PostgresContext,
  index: string,
): readonly PlannedStatement[] {
  const whole = keyOrIndex(context.to, parentIndexId(part)) ?? null;
  return optionStatements(whole, part, "options", `ALTER INDEX ${reference(index)}`);
}

/** Id of the index or constraint of the partitioned table whose child this is. */
function parentIndexId(part: Constraint | Index): string {
  const index = indexAbove(part);
  return index === undefined ? `${part.kind}:${part.facts.attached_to ?? ""}` : `index:${index}`;
}

/** Id of the topmost index or constraint above a child. */
function topIndexId(part: Constraint | Index, context: PostgresContext): string {
  const id = parentIndexId(part);
  const whole = keyOrIndex(context.to, id);
  return whole !== undefined && isChildIndex(whole) ? topIndexId(whole, context) : id;
}

/** True when the object is the child of an index or constraint of the partitioned table. */
export function isChildIndex(object: Constraint | Index): boolean {
  return object.facts.attached_to !== undefined || indexAbove(object) !== undefined;
}

/** True for children of the same parent: a partition has only one. */
export function areSameChild(before: Constraint | Index, after: Constraint | Index): boolean {
  return isChildIndex(before) && isChildIndex(after) &&
    parentIndexId(before) === parentIndexId(after);
}

/** True when the parent is created in this plan, and its children with it. */
function parentCreates(part: Constraint | Index, context: PostgresContext): boolean {
  const whole = keyOrIndex(context.to, parentIndexId(part));
  return whole !== undefined && isCreated(whole.id, context) && !isCreatedAlone(whole, context.to);
}

/**
 * True for an index or key of a partitioned table that is created without children (ON ONLY): it is to stay incomplete, or a child
 * is to differ from what the server would create or attach.
 */
export function isCreatedAlone(whole: Constraint | Index, to: PostgresSnapshot): boolean {
  if (whole.facts.invalid === true) return true;
  return childrenOf(whole, to).some((part) => {
    if (!isLike(part, whole)) return true;
    return membersOf(to, part.parent ?? "").filter(isKeyOrIndex).some((other) =>
      other !== part && !isChildIndex(other) && isIndexed(other) &&
      indexText(other) === indexText(part)
    );
  });
}

/** True for an index with keys among its descendants: none of them can be dropped without the other. */
export function hasKeyChildren(index: Index, snapshot: PostgresSnapshot): boolean {
  return childrenOf(index, snapshot).some((part) =>
    part.kind === "constraint" || hasKeyChildren(part, snapshot)
  );
}

/** The children that partitions have of an index or key. */
function childrenOf(
  whole: Constraint | Index,
  snapshot: PostgresSnapshot,
): readonly (Constraint | Index)[] {
  return dependentsOf(snapshot, whole.id).filter(isKeyOrIndex)
    .filter((object) => isChildIndex(object) && parentIndexId(object) === whole.id);
}

function isIndexed(object: Constraint | Index): boolean {
  return object.kind === "index" || (object.kind === "constraint" && hasIndex(object));
}

/** What the index of an index or key is over, and whether it is unique. */
function indexText(object: Constraint | Index): string {
  const unique = object.kind === "constraint" || object.facts.unique === true;
  return `${unique} ${keyText(object)}`;
}

/** True when the child is such a key as the server creates for this parent. */
function isLike(part: Constraint | Index, whole: Constraint | Index): boolean {
  return part.kind !== "constraint" || whole.kind !== "constraint" ||
    (["type", "deferrable", "deferred"] as const).every((fact) =>
      part.facts[fact] === whole.facts[fact]
    );
}

/** True when the table of the object gets another parent in this plan. */
function isBeingAttached(part: Constraint | Index, context: PostgresContext): boolean {
  const id = part.parent ?? "";
  const before = tableOf(context.from, id);
  const after = tableOf(context.to, id);
  if (before === undefined || after === undefined) return false;
  const was = before.facts.partition_of;
  const is = after.facts.partition_of;
  return was?.parent !== is?.parent || was?.bound !== is?.bound;
}

/** The index of the partitioned table whose child the index of a key is. */
function indexAbove(object: Constraint | Index): string | undefined {
  return object.kind === "constraint" ? object.facts.attached_index : undefined;
}

function keyOrIndex(snapshot: PostgresSnapshot, id: string): Constraint | Index | undefined {
  return objectOf(snapshot, id, "constraint", "index");
}
