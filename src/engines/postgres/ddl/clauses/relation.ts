/** What the kinds that belong to a relation share: how it is named, and what else stands on the same name. */

import {
  type Facts,
  type Json,
  objectId,
  type SchemaObject,
  type Snapshot,
} from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { joinName, lastName, splitName } from "../../names.ts";
import { reference } from "../../quote.ts";
import { texts } from "./statement.ts";

/** The kind in an id. */
export function kindOf(id: string): string {
  return id.slice(0, id.indexOf(":"));
}

/** The name in an id. */
export function nameOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** The id of a column of the relation with this full name. */
export function columnIn(relation: string, column: string): string {
  return objectId("column", joinName(...splitName(relation), column));
}

/** The relation that a member belongs to, as SQL: `users`, `app."User"`. Columns and what hangs on them give their table. */
export function relationOf(member: SchemaObject): string {
  return reference(relationName(member));
}

/** The full name of the relation that a member belongs to. */
export function relationName(member: SchemaObject): string {
  const parent = member.parent ?? "";
  const name = nameOf(parent);
  return kindOf(parent) === "column" ? ownerOf(name) : name;
}

/** True for an index or constraint of a partitioned table: its own index holds nothing, and its parameters cannot be altered. */
export function isPartitioned(member: SchemaObject, context: PlanContext): boolean {
  const table = context.to.objects.get(member.parent ?? "");
  return table?.facts.partition_by !== undefined;
}

/** A name without its last part. */
export function ownerOf(name: string): string {
  const last = splitName(name).at(-1) ?? "";
  const tail = name.endsWith(`.${last}`) ? last.length + 1 : name.length - lastDot(name);
  return name.slice(0, name.length - tail);
}

/** The schema of a name. */
export function schemaOf(name: string): string {
  return splitName(name)[0] ?? "public";
}

/** `ALTER TABLE users`, `ALTER FOREIGN TABLE f`, `ALTER VIEW v`; with `ONLY` where asked. */
export function alterRelation(member: SchemaObject, only = false): string {
  const kind = kindOf(member.parent ?? "table:");
  const word = kind === "foreign table" || kind === "view" ? kind.toUpperCase() : "TABLE";
  return `ALTER ${word} ${only ? "ONLY " : ""}${relationOf(member)}`;
}

/** The major version that the statements must run on. */
export function majorOf(context: PlanContext): number {
  return parseInt(context.hints.deployedVersion ?? context.to.version);
}

/** True when a fact says yes. */
export function flag(object: SchemaObject, fact: string): boolean {
  return object.facts[fact] === true;
}

/** A fact that is a record, or null. */
export function record(object: SchemaObject, fact: string): Facts | null {
  const value: Json | undefined = object.facts[fact];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Facts
    : null;
}

/** Names of the tables that a table is a partition or a child of. */
export function parentsOf(table: SchemaObject): readonly string[] {
  const partition = record(table, "partition_of");
  return partition === null ? texts(table, "inherits") : [String(partition.parent)];
}

/** The partitioned tables above a partition, the nearest first. */
export function wholesOf(partition: SchemaObject, snapshot: Snapshot): readonly SchemaObject[] {
  const parent = record(partition, "partition_of")?.parent;
  const whole = parent === undefined ? undefined : snapshot.objects.get(`table:${String(parent)}`);
  return whole === undefined ? [] : [whole, ...wholesOf(whole, snapshot)];
}

/** A name with this ending that nothing in the schema of `name` has on either side: `users_old`, `users_old2`. */
export function spareName(name: string, ending: string, { from, to }: PlanContext): string {
  const schema = schemaOf(name);
  const taken = new Set<string>();
  for (const snapshot of [from, to]) {
    for (const other of snapshot.objects.values()) taken.add(other.name);
  }
  for (let count = 1;; count++) {
    const spare = `${lastName(name).slice(0, 59 - ending.length)}${ending}${
      count === 1 ? "" : count
    }`;
    const isNamed = [from, to].some((snapshot) => idsNamed(snapshot, schema, spare).length > 0);
    if (!isNamed && !taken.has(joinName(schema, spare))) return spare;
  }
}

/** True when nothing but `id` goes by its last name in its schema on either side, so that the server would choose that name itself. */
export function nameIsFree(context: PlanContext, id: string): boolean {
  return isFree(context, id, placeKey(nameOf(id)));
}

/** The same for the name that the not-null constraint of a column would get. */
export function notNullNameIsFree(
  context: PlanContext,
  column: SchemaObject,
  name: string,
): boolean {
  return isFree(context, column.id, JSON.stringify([schemaOf(column.name), name]));
}

/** Ids of what goes by a last name in a schema: relations, constraints, and columns for the names of their not-null constraints. */
export function idsNamed(snapshot: Snapshot, schema: string, name: string): readonly string[] {
  return namesOf(snapshot).get(JSON.stringify([schema, name])) ?? [];
}

function isFree(context: PlanContext, id: string, key: string): boolean {
  return [context.from, context.to].every((snapshot) =>
    (namesOf(snapshot).get(key) ?? []).every((other) => other === id)
  );
}

const nameCache = new WeakMap<Snapshot, ReadonlyMap<string, readonly string[]>>();

const NAMED = new Set([
  "constraint",
  "foreign table",
  "index",
  "materialized view",
  "sequence",
  "table",
  "view",
]);

function namesOf(snapshot: Snapshot): ReadonlyMap<string, readonly string[]> {
  const known = nameCache.get(snapshot);
  if (known !== undefined) return known;
  const names = new Map<string, string[]>();
  const add = (key: string, id: string) => {
    const list = names.get(key);
    if (list === undefined) names.set(key, [id]);
    else list.push(id);
  };
  const schemasBelow = heirSchemas(snapshot);
  for (const { id, kind, name, parent, facts } of snapshot.objects.values()) {
    const notNull = kind === "column" ? facts.not_null_name : undefined;
    if (typeof notNull === "string") add(JSON.stringify([schemaOf(name), notNull]), id);
    else if (NAMED.has(kind)) add(placeKey(name), id);
    if (kind !== "constraint" || !PASSED_ON.has(String(facts.type))) continue;
    for (const schema of schemasBelow.get(parent ?? "") ?? []) {
      if (schema !== schemaOf(name)) add(JSON.stringify([schema, lastName(name)]), id);
    }
  }
  nameCache.set(snapshot, names);
  return names;
}

/** Types of constraints that children and partitions get by the same name. */
const PASSED_ON: ReadonlySet<string> = new Set(["check", "foreign key"]);

/** The schemas of all children and partitions of a table, by its id: they hold its checks and foreign keys by the same names. */
function heirSchemas(snapshot: Snapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const schemas = new Map<string, Set<string>>();
  const tell = (object: SchemaObject, schema: string) => {
    for (const name of parentsOf(object)) {
      const parent = snapshot.objects.get(`table:${name}`);
      if (parent === undefined) continue;
      schemas.set(parent.id, (schemas.get(parent.id) ?? new Set()).add(schema));
      tell(parent, schema);
    }
  };
  for (const object of snapshot.objects.values()) {
    if (object.kind === "table") tell(object, schemaOf(object.name));
  }
  return schemas;
}

function placeKey(name: string): string {
  return JSON.stringify([schemaOf(name), lastName(name)]);
}

function lastDot(name: string): number {
  let quoted = false;
  let last = -1;
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '"') quoted = !quoted;
    else if (name[at] === "." && !quoted) last = at;
  }
  return last;
}

/** Foreign keys that refer to a table. */
export function keysTo(table: string, context: PlanContext): readonly SchemaObject[] {
  return context.members(context.from, `table:${table}`).flatMap((member) =>
    member.kind === "column" ? context.dependents(member.id) : []
  ).filter(({ facts }) => facts.type === "foreign key" && facts.references === table);
}
