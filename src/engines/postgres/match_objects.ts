/** Constraints, indexes and owned sequences of a table that are the same but for names that the server generated. */

import { objectId } from "../../core/snapshot.ts";
import { hasIndex, usualParts } from "./ddl/table/key/constraint_clause.ts";
import { keysOf } from "./ddl/table/key/index_columns.ts";
import { generatedName } from "./generated_name.ts";
import { lastName, splitName } from "./names.ts";
import {
  dependentsOf,
  type ObjectOf,
  type PostgresObject,
  type PostgresSnapshot,
} from "./objects.ts";
import { reference } from "./quote.ts";

/** A kind whose objects may have generated names. */
type Named = ObjectOf<"constraint" | "domain constraint" | "index" | "sequence">;

/** The wanted snapshot with such objects under the names that the actual one has; with `isAnyName` whoever gave them. */
export function matchObjects(
  wanted: PostgresSnapshot,
  actual: PostgresSnapshot,
  isAnyName = false,
): PostgresSnapshot {
  const renames = matches(wanted, actual, isAnyName);
  return renames.size === 0 ? wanted : renamed(wanted, renames);
}

/** A new name for an object: by its id, the full name. */
type Renames = Map<string, string>;

function matches(
  wanted: PostgresSnapshot,
  actual: PostgresSnapshot,
  isAnyName: boolean,
): Renames {
  const open = [...wanted.objects.values()].filter(isNamed)
    .filter((object) => !isKnown(object, actual));
  const renames: Renames = new Map();
  if (open.length === 0) return renames;
  const free = Map.groupBy(
    [...actual.objects.values()].filter(isNamed).filter((object) => !isKnown(object, wanted)),
    (object) => contentOf(object),
  );
  if (free.size === 0) return renames;
  // Of both sides, so that the way back is judged as the way there.
  const code = [...codeOf(wanted), ...codeOf(actual)];
  const isUsed = ({ name }: Named) => code.some((text) => text.includes(lastName(name)));
  // A parent's name stands in the content of its children, so it comes first.
  for (const object of open.toSorted((a, b) => depthOf(a, wanted) - depthOf(b, wanted))) {
    if (!isPlain(object, wanted) || isUsed(object)) continue;
    const candidates = free.get(contentOf(object, withParents(object, renames))) ?? [];
    const at = candidates.findIndex((other) =>
      (isAnyName && areInOneSchema(object, other) || areGenerated(object, other)) &&
      !isUsed(other)
    );
    const [match] = at < 0 ? [] : candidates.splice(at, 1);
    if (match !== undefined && match.name !== object.name) renames.set(object.id, match.name);
  }
  withoutCollisions(renames, wanted);
  return renames;
}

function isNamed(object: PostgresObject): object is Named {
  return object.kind === "constraint" || object.kind === "index" ||
    object.kind === "domain constraint" ||
    (object.kind === "sequence" && object.facts.owned_by !== undefined);
}

/** True when the other side has the same under the same name. */
function isKnown(object: Named, other: PostgresSnapshot): boolean {
  const same = other.objects.get(object.id);
  return same !== undefined && isNamed(same) &&
    contentOf(same) === contentOf(object);
}

/** What an object is besides its name; what can be changed in place is left to the comparison. */
function contentOf(object: Named, parents: Facts = withParents(object)): string {
  const content = object.kind === "constraint"
    ? [object.facts.type, object.facts.definition, parents.attached_to, parents.attached_index]
    : object.kind === "index"
    ? [object.facts.definition, object.facts.unique === true, parents.attached_to]
    : object.kind === "domain constraint"
    ? [object.facts.definition]
    : [object.facts.type];
  return JSON.stringify([object.kind, object.parent, ...content]);
}

/** The facts of an object with the names that its parents will have. */
function withParents(object: Named, renames: Renames = new Map()): Facts {
  if (object.kind !== "constraint" && object.kind !== "index") return {};
  const { attached_to: above } = object.facts;
  const { attached_index: index } = object.kind === "constraint"
    ? object.facts
    : { attached_index: undefined };
  const named = (kind: string, name: string) => renames.get(objectId(kind, name)) ?? name;
  return {
    ...above === undefined ? {} : { attached_to: named(object.kind, above) },
    ...index === undefined ? {} : { attached_index: named("index", index) },
  };
}

interface Facts {
  readonly attached_to?: string;
  readonly attached_index?: string;
}

function depthOf(object: Named, snapshot: PostgresSnapshot): number {
  const facts = withParents(object);
  const id = facts.attached_index !== undefined
    ? objectId("index", facts.attached_index)
    : facts.attached_to !== undefined
    ? objectId(object.kind, facts.attached_to)
    : null;
  const above = id === null ? undefined : snapshot.objects.get(id);
  return above === undefined || !isNamed(above) ? 0 : 1 + depthOf(above, snapshot);
}

/** True when nothing but the catalog's own references and defaults name it. */
function isPlain(object: Named, snapshot: PostgresSnapshot): boolean {
  return object.kind !== "sequence" ||
    dependentsOf(snapshot, object.id).every(({ kind }) => kind === "default" || kind === "column");
}

/** The code of a schema: names in it are not references that the catalog knows. */
function codeOf(snapshot: PostgresSnapshot): readonly string[] {
  return [...snapshot.objects.values()].flatMap((object) =>
    object.kind === "function" || object.kind === "procedure"
      ? [object.facts.body]
      : object.kind === "rule"
      ? [object.facts.definition]
      : []
  );
}

const LOOKS = {
  "constraint": /_(?:pkey|key|fkey|check|excl|idx)\d*$/,
  "domain constraint": /_check\d*$/,
  "index": /_idx\d*$/,
  "sequence": /_seq\d*$/,
} as const;

/** True for two names of one object of which the server gives one today, and the other one seems to be from an earlier name of its table or column. */
function areGenerated(a: Named, b: Named): boolean {
  return areInOneSchema(a, b) &&
    [a, b].every(({ kind, name }) => LOOKS[kind].test(lastName(name))) &&
    [a, b].some(hasUsualName);
}

function areInOneSchema(a: Named, b: Named): boolean {
  return schemaOf(a) === schemaOf(b);
}

function schemaOf({ name }: Named): string {
  return splitName(name)[0] ?? "";
}

function hasUsualName(object: Named): boolean {
  const name = lastName(object.name);
  const number = /\d*$/.exec(name)?.[0] ?? "";
  const { table, column, label } = usualOf(object);
  return name === generatedName(table, column, `${label}${number}`) ||
    (number !== "" && name === generatedName(table, column, label));
}

function usualOf(
  object: Named,
): { readonly table: string; readonly column: string | null; readonly label: string } {
  const parent = splitName(object.parent?.slice(object.parent.indexOf(":") + 1) ?? "");
  const [, table = "", column = null] = parent;
  switch (object.kind) {
    case "index":
      return { table, column: keysOf(object).join("_"), label: "idx" };
    case "sequence":
      return { table, column, label: "seq" };
    case "domain constraint":
      return { table, column: null, label: "check" };
    case "constraint":
      return object.facts.attached_index !== undefined && hasIndex(object)
        ? { table, column: (object.facts.columns ?? []).join("_"), label: "idx" }
        : { table, ...usualParts(object) };
  }
}

/** Leaves out renames to a name that another object of the snapshot keeps. */
function withoutCollisions(renames: Renames, snapshot: PostgresSnapshot): void {
  const kindOf = (id: string) => id.slice(0, id.indexOf(":"));
  for (let again = true; again;) {
    again = false;
    for (const [id, name] of renames) {
      const taken = objectId(kindOf(id), name);
      if (!snapshot.objects.has(taken) || renames.has(taken)) continue;
      renames.delete(id);
      again = true;
    }
  }
}

/** The snapshot with other names of some objects, in all that names them. */
function renamed(snapshot: PostgresSnapshot, renames: Renames): PostgresSnapshot {
  const ids = new Map(
    [...renames].map(([id, name]) => [id, objectId(id.slice(0, id.indexOf(":")), name)]),
  );
  const idOf = (id: string) => ids.get(id) ?? id;
  const nameOf = (kind: string, name: string) => renames.get(objectId(kind, name)) ?? name;
  const objects = new Map<string, PostgresObject>();
  for (const object of snapshot.objects.values()) {
    const touched = ids.has(object.id) || object.dependsOn.some((id) => ids.has(id)) ||
      (object.parent !== null && ids.has(object.parent));
    if (!touched) {
      objects.set(object.id, object);
      continue;
    }
    const next = withNames(object, renames);
    const id = idOf(object.id);
    objects.set(id, {
      ...next,
      id,
      name: nameOf(object.kind, object.name),
      parent: object.parent === null ? null : idOf(object.parent),
      dependsOn: object.dependsOn.map(idOf),
      droppedWith: object.droppedWith.map(idOf),
    });
  }
  return { ...snapshot, objects };
}

/** An object whose facts name what is renamed by its new name. */
function withNames(object: PostgresObject, renames: Renames): PostgresObject {
  if (object.kind === "default") {
    const expression = object.dependsOn.reduce((text, id) => {
      const name = renames.get(id);
      const [was, is] = [id.slice(id.indexOf(":") + 1), name ?? ""].map(regclass);
      return name === undefined ? text : text.split(was ?? "").join(is);
    }, object.facts.expression);
    return { ...object, facts: { ...object.facts, expression } };
  }
  if (object.kind !== "constraint" && object.kind !== "index") return object;
  const facts = { ...object.facts, ...withParents(object, renames) };
  return { ...object, facts } as PostgresObject;
}

/** A sequence as a default names it. */
function regclass(name: string): string {
  return `nextval('${reference(name).replaceAll("'", "''")}'::regclass)`;
}
