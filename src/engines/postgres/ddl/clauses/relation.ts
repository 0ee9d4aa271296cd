/** What the kinds that belong to a relation share: how it is named, and what else has the same name. */

import { objectId, type SchemaObject } from "../../../../core/snapshot.ts";
import type { ConstraintType } from "../../catalog/constraint.ts";
import { joinName, lastName, splitName } from "../../names.ts";
import {
  type Constraint,
  objectOf,
  type PostgresContext,
  type PostgresSnapshot,
  type Table,
} from "../../objects.ts";
import { OLDEST_PLANNED, versionNeeded } from "../../features.ts";
import { reference } from "../../quote.ts";

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

/** The relation that a member belongs to, as SQL: `users`, `app."User"`. Columns and their members give their table. */
export function relationOf(member: Pick<SchemaObject, "parent">): string {
  return reference(relationName(member));
}

/** The full name of the relation that a member belongs to. */
export function relationName(member: Pick<SchemaObject, "parent">): string {
  const parent = member.parent ?? "";
  const name = nameOf(parent);
  return kindOf(parent) === "column" ? ownerOf(name) : name;
}

/** True for an index or constraint of a partitioned table: its own index holds nothing, and its parameters cannot be altered. */
export function isPartitioned(
  member: Pick<SchemaObject, "parent">,
  context: PostgresContext,
): boolean {
  const table = objectOf(context.to, member.parent, "table");
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
export function alterRelation(member: Pick<SchemaObject, "parent">, only = false): string {
  const kind = kindOf(member.parent ?? "table:");
  const word = kind === "foreign table" || kind === "view" ? kind.toUpperCase() : "TABLE";
  return `ALTER ${word} ${only ? "ONLY " : ""}${relationOf(member)}`;
}

/** The major version that the statements must run on: the one that is deployed, else the oldest that has all that the schema uses. */
export function majorOf({ hints, from, to }: PostgresContext): number {
  if (hints.deployedVersion !== null) return parseInt(hints.deployedVersion);
  return Math.max(OLDEST_PLANNED, versionNeeded(from), versionNeeded(to));
}

/** The major version of the server that the plan is proven on: what its catalog holds, and how, goes by that. */
export function serverMajor({ to }: PostgresContext): number {
  return parseInt(to.version);
}

/** Names of the tables that a table is a partition or a child of. */
export function parentsOf(table: Table): readonly string[] {
  const partition = table.facts.partition_of;
  return partition === undefined ? table.facts.inherits ?? [] : [partition.parent];
}

/** The partitioned tables above a partition, the nearest first. */
export function partitionedAbove(partition: Table, snapshot: PostgresSnapshot): readonly Table[] {
  const parent = partition.facts.partition_of?.parent;
  const whole = parent === undefined ? undefined : objectOf(snapshot, `table:${parent}`, "table");
  return whole === undefined ? [] : [whole, ...partitionedAbove(whole, snapshot)];
}

/** A name with this ending that nothing in the schema of `name` has on either side: `users_old`, `users_old2`. */
export function freeName(name: string, ending: string, { from, to }: PostgresContext): string {
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
export function nameIsFree(context: PostgresContext, id: string): boolean {
  return isFree(context, id, nameKey(nameOf(id)));
}

/** Ids of what goes by a last name in a schema: relations, constraints, and columns for the names of their not-null constraints. */
export function idsNamed(
  snapshot: PostgresSnapshot,
  schema: string,
  name: string,
): readonly string[] {
  return namesOf(snapshot).get(JSON.stringify([schema, name])) ?? [];
}

function isFree(context: PostgresContext, id: string, key: string): boolean {
  return [context.from, context.to].every((snapshot) =>
    (namesOf(snapshot).get(key) ?? []).every((other) => other === id)
  );
}

const nameCache = new WeakMap<PostgresSnapshot, ReadonlyMap<string, readonly string[]>>();

const NAMED = new Set([
  "constraint",
  "foreign table",
  "index",
  "materialized view",
  "sequence",
  "table",
  "view",
]);

function namesOf(snapshot: PostgresSnapshot): ReadonlyMap<string, readonly string[]> {
  const known = nameCache.get(snapshot);
  if (known !== undefined) return known;
  const names = new Map<string, string[]>();
  const add = (key: string, id: string) => {
    const list = names.get(key);
    if (list === undefined) names.set(key, [id]);
    else list.push(id);
  };
  const schemasBelow = descendantSchemas(snapshot);
  for (const object of snapshot.objects.values()) {
    const { id, kind, name, parent } = object;
    const notNull = object.kind === "column" ? object.facts.not_null_name : undefined;
    if (notNull !== undefined) add(JSON.stringify([schemaOf(name), notNull]), id);
    else if (NAMED.has(kind)) add(nameKey(name), id);
    if (object.kind !== "constraint" || !PASSED_ON.has(object.facts.type)) continue;
    for (const schema of schemasBelow.get(parent ?? "") ?? []) {
      if (schema !== schemaOf(name)) add(JSON.stringify([schema, lastName(name)]), id);
    }
  }
  nameCache.set(snapshot, names);
  return names;
}

/** Types of constraints that children and partitions get by the same name. */
const PASSED_ON: ReadonlySet<ConstraintType> = new Set(["check", "foreign key"]);

/** The schemas of all children and partitions of a table, by its id: they hold its checks and foreign keys by the same names. */
function descendantSchemas(snapshot: PostgresSnapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const schemas = new Map<string, Set<string>>();
  const tell = (object: Table, schema: string) => {
    for (const name of parentsOf(object)) {
      const parent = objectOf(snapshot, `table:${name}`, "table");
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

function nameKey(name: string): string {
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
export function keysTo(table: string, context: PostgresContext): readonly Constraint[] {
  return context.members(context.from, `table:${table}`).flatMap((member) =>
    member.kind === "column" ? context.dependents(member.id) : []
  ).filter((key) => key.kind === "constraint").filter(({ facts }) =>
    facts.type === "foreign key" && facts.references === table
  );
}
