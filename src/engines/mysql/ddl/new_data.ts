/** What may be written into a changed table and its former shape cannot hold, so that the way back fails on it. */

import { sameJson } from "../../../core/change.ts";
import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { TableChange } from "../../common/table_change.ts";
import { factsOf, type IndexPart } from "../facts.ts";
import { mentions } from "./mentioned_names.ts";
import { checkFacts, isGenerated, isUnique } from "./member.ts";

/** In words, for a note. */
export function newDataOf({ after, columns, constraints }: TableChange): readonly string[] {
  const gone = new Set(columns.dropped.map(({ name }) => lastName(name)));
  const leaves = [
    ...constraints.dropped,
    ...constraints.changed.filter((one) => refusesMore(one.before, one.after)).map((one) =>
      one.before
    ),
  ];
  return [
    ...columns.changed.filter(({ before, after: has }) => mayBeNull(before, has))
      .map(({ before }) => `NULLs in ${before.name}`),
    ...columns.changed.flatMap(({ before, after: has }) => {
      const { check } = factsOf(before, "column");
      const stays = check === undefined || check === factsOf(has, "column").check;
      return stays ? [] : [`rows of ${after.name} that CHECK (${check}) refuses`];
    }),
    ...columns.dropped.filter((one) => readsWhatStays(one, columns)).map((one) =>
      `rows of ${after.name} for which ${lastName(one.name)} cannot be computed`
    ),
    ...leaves.flatMap((one) => lost(one, after.name, gone, constraints.to)),
  ];
}

/** True for a generated column that goes while what it reads stays: by then that may hold what its expression or type refuses. */
function readsWhatStays(column: SchemaObject, { to }: TableChange["columns"]): boolean {
  const { generated } = factsOf(column, "column");
  return generated !== undefined && to.some(({ name }) => mentions(generated, lastName(name)));
}

function mayBeNull(before: SchemaObject, after: SchemaObject): boolean {
  if (isGenerated(before) || isGenerated(after)) return false;
  return factsOf(before, "column").not_null === true && factsOf(after, "column").not_null !== true;
}

function refusesMore(before: SchemaObject, after: SchemaObject): boolean {
  if (before.kind === "index") {
    const stays = isUnique(after) &&
      sameJson(columnNames(before), columnNames(after));
    return isUnique(before) && !stays;
  }
  const [had, has] = [checkFacts(before), checkFacts(after)];
  return had?.not_enforced !== true &&
    (has?.not_enforced === true || had?.expression !== has?.expression);
}

function columnNames(index: SchemaObject): readonly string[] {
  return factsOf(index, "index").columns.map(partName).sort();
}

function partName({ column, expression, length }: IndexPart): string {
  return `${column ?? `(${expression})`} ${length ?? ""}`;
}

function lost(
  object: SchemaObject,
  table: string,
  gone: ReadonlySet<string>,
  members: readonly SchemaObject[],
): readonly string[] {
  if (object.kind !== "index") {
    const facts = checkFacts(object);
    if (facts === null || facts.not_enforced === true) return [];
    return [`rows of ${table} that CHECK (${facts.expression}) refuses`];
  }
  if (!isUnique(object)) return [];
  const names = columnNames(object);
  const columns = factsOf(object, "index").columns.map(({ column, expression }) =>
    column ?? expression ?? ""
  );
  if (columns.some((column) => gone.has(column))) return [];
  if (members.some((one) => isUnique(one) && sameJson(columnNames(one), names))) return [];
  return [`rows of ${table} that are equal in ${columns.join(", ")}`];
}
