/** A table that joins or leaves parents: what the server demands of it before, and leaves behind after. */

import { sameJson } from "../../../../changes.ts";
import type { Change, PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident, reference } from "../../quote.ts";
import { goes } from "../clauses/action.ts";
import { flag, majorOf, parentsOf, record } from "../clauses/relation.ts";
import { planned, text, texts } from "../clauses/statement.ts";
import { notNullName, parentRenames } from "./column/not_null_name.ts";
import { isInherited, losesNotNull, parentColumns } from "./inheritance.ts";
import { isPart } from "./key/child_index.ts";
import { addConstraint } from "./key/constraint_clause.ts";

/**
 * True when a table that stays leaves a parent or a type, joins one, or must do both to get another name for an inherited
 * constraint.
 */
export function isMoving(context: PlanContext, id: string): boolean {
  const before = context.from.objects.get(id);
  const after = context.to.objects.get(id);
  if (before === undefined || after === undefined || before.kind !== "table") return false;
  if (before.facts.partition_by !== after.facts.partition_by) return false;
  const moves = changesParents(before, after, context) || before.facts.of !== after.facts.of;
  return moves && !mustRebuild(before, after, context);
}

/**
 * True when a plain child must be made anew to join a parent: by INHERIT its columns and checks stay its own as well, and only
 * CREATE TABLE makes them the parent's alone.
 */
export function mustRebuild(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): boolean {
  if (record(after, "partition_of") !== null || !changesParents(before, after, context)) {
    return false;
  }
  const own = context.members(context.to, after.id);
  return wonParents(before, after, context).some((parent) =>
    context.members(context.to, `table:${parent}`).some((above) => {
      const name = lastName(above.name);
      const member = own.find(({ kind, name: full }) =>
        kind === above.kind && lastName(full) === name
      );
      if (above.kind === "column") return member !== undefined && !flag(member, "local");
      return above.kind === "constraint" && isCheck(above) && member === undefined;
    })
  );
}

function changesParents(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): boolean {
  return !sameJson(record(before, "partition_of"), record(after, "partition_of")) ||
    !sameJson([...texts(before, "inherits")], [...texts(after, "inherits")]) ||
    mustRename(before, context);
}

/** True when a column, constraint or index of a moving table is changed by the table's own step, between leaving and joining. */
export function movesAlong(change: Change, context: PlanContext): boolean {
  const object = change.op === "drop" ? change.before : change.after;
  const table = object.parent ?? "";
  if (!isMoving(context, table)) return false;
  if (change.op === "alter") {
    return object.kind === "column" &&
      change.facts.some((fact) => fact !== "inherited" && fact !== "local");
  }
  if (object.kind === "column") return true;
  if (change.op === "drop") {
    return (isPart(object) && leavesAny(table, context)) ||
      joinedChecks(table, context).has(lastName(object.name));
  }
  if (object.kind !== "constraint" || isPart(object) || flag(object, "inherited")) return false;
  return leftConstraints(table, context).some((left) => isSame(left, object)) ||
    (object.facts.type === "check" && joinsAny(table, context));
}

/** Statements before a moving table's columns change: it leaves its parents, and loses what it has only from them. */
export function leave(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const was = record(before, "partition_of");
  const statements = lostParents(before, after, context).map((parent) =>
    planned(
      after,
      was === null
        ? `ALTER TABLE ${reference(after.name)} NO INHERIT ${reference(parent)}`
        : `ALTER TABLE ${reference(parent)} DETACH PARTITION ${reference(after.name)}`,
      was === null
        ? `Table ${after.name} is no longer a child of ${parent}`
        : record(after, "partition_of") === null
        ? `Table ${after.name} is no longer a partition`
        : `Partition ${after.name} leaves its place`,
    )
  );
  const wanted = constraintsOf(context, after.id, "to");
  const dropped = leftConstraints(after.id, context).filter((left) =>
    !wanted.some((constraint) => stays(left, constraint, context)) &&
    !context.from.objects.has(`constraint:${after.name}.${lastName(left.name)}`)
  );
  const parts = !leavesAny(after.id, context)
    ? []
    : context.members(context.from, after.id).filter((member) =>
      isPart(member) && !context.to.objects.has(member.id)
    );
  return [
    ...statements,
    ...dropped.map((left) => dropConstraint(after, lastName(left.name), !isKept(left, context))),
    ...parts.map((part) =>
      part.kind === "constraint"
        ? dropConstraint(after, lastName(part.name))
        : planned(after, `DROP INDEX ${reference(part.name)}`, `Index ${part.name} is gone`)
    ),
  ];
}

/** Statements after a moving table's columns changed: it gets the checks that its parents demand, and joins them. */
export function join(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const is = record(after, "partition_of");
  const has = new Set([
    ...constraintsOf(context, after.id, "from").map(({ name }) => lastName(name)),
    ...leftConstraints(after.id, context).filter((left) => isKept(left, context))
      .map(({ name }) => lastName(name)),
  ]);
  const checks = new Map<string, SchemaObject>();
  if (joinsAny(after.id, context)) {
    for (const check of [...joinedChecks(after.id, context).values()]) {
      checks.set(lastName(check.name), check);
    }
    for (const check of constraintsOf(context, after.id, "to")) {
      const own = check.facts.type === "check" && !flag(check, "inherited");
      if (own && !context.from.objects.has(check.id)) {
        checks.set(lastName(check.name), check);
      }
    }
  }
  const left = leftConstraints(after.id, context).filter((one) => !isKept(one, context));
  for (const constraint of constraintsOf(context, after.id, "to")) {
    if (left.some((one) => isSame(one, constraint))) {
      checks.set(lastName(constraint.name), constraint);
    }
  }
  return [
    ...[...checks].filter(([name]) => !has.has(name)).map(([, check]) => ({
      ...addConstraint({ ...check, parent: after.id }),
      serves: [after.id],
    })),
    ...wonParents(before, after, context).map((parent) =>
      planned(
        after,
        is === null
          ? `ALTER TABLE ${reference(after.name)} INHERIT ${reference(parent)}`
          : `ALTER TABLE ${reference(parent)} ATTACH PARTITION ${
            reference(after.name)
          } ${is.bound}`,
        is === null
          ? `Table ${after.name} is a child of ${parent}`
          : `Table ${after.name} is a partition of ${parent}`,
      )
    ),
  ];
}

function dropConstraint(table: SchemaObject, name: string, unsure = false): PlannedStatement {
  return planned(
    table,
    `ALTER TABLE ${reference(table.name)} DROP CONSTRAINT ${unsure ? "IF EXISTS " : ""}${
      ident(name)
    }`,
    `Constraint ${name} came from a parent that ${table.name} has no longer`,
  );
}

/** Parents that the table leaves; also those that it joins again, when the order of the parents or the place among them changes. */
function lostParents(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly string[] {
  const was = parentsOf(before);
  const kept = keptParents(before, after, context);
  return was.filter((parent) => !kept.includes(parent));
}

function wonParents(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly string[] {
  const kept = keptParents(before, after, context);
  return parentsOf(after).filter((parent) => !kept.includes(parent));
}

/** Parents that can stay where they are: the longest common beginning of the two lists, once the lost ones are gone. */
function keptParents(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly string[] {
  if (mustRename(before, context)) return [];
  const was = record(before, "partition_of");
  const is = record(after, "partition_of");
  if (was !== null || is !== null) return sameJson(was, is) ? parentsOf(after) : [];
  const wanted = parentsOf(after);
  const staying = parentsOf(before).filter((parent) => wanted.includes(parent));
  let shared = 0;
  while (shared < staying.length && staying[shared] === wanted[shared]) shared++;
  return staying.slice(0, shared);
}

/** An inherited not-null constraint cannot be renamed; its table must leave its parent for it, or for a new column that has one. */
function mustRename(table: SchemaObject, context: PlanContext): boolean {
  if (majorOf(context) < 18 || parentsOf(table).length === 0) return false;
  if (ownNames(table, context).length > 0) return true;
  return context.members(context.from, table.id).some((column) => {
    const after = context.to.objects.get(column.id);
    return column.kind === "column" && after !== undefined &&
      isInherited(column) && isInherited(after) &&
      flag(column, "not_null") && flag(after, "not_null") && !losesNotNull(context, column) &&
      column.facts.not_null_name !== after.facts.not_null_name &&
      !parentRenames(column, after, context);
  });
}

/** New columns that a table gets from a parent with a not-null constraint, which is to have another name here; and those of the parent. */
function ownNames(table: SchemaObject, context: PlanContext) {
  if (majorOf(context) < 18) return [];
  return context.members(context.to, table.id).flatMap((column) => {
    if (context.from.objects.has(column.id) || !flag(column, "not_null")) return [];
    const above = parentColumns(context.to, column).find((parent) =>
      flag(parent, "not_null") && !context.from.objects.has(parent.id)
    );
    return above === undefined || notNullName(above) === notNullName(column)
      ? []
      : [{ column, above }];
  });
}

/** Renames the not-null constraints of columns that came from a parent, once the table has left it. */
export function renameOwn(
  table: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  return ownNames(table, context).map(({ column, above }) =>
    planned(
      table,
      `ALTER TABLE ${reference(table.name)} RENAME CONSTRAINT ${ident(notNullName(above))} TO ${
        ident(notNullName(column))
      }`,
      `The not-null constraint of ${column.name} has another name than that of the parent`,
    )
  );
}

function joinsAny(id: string, context: PlanContext): boolean {
  const before = context.from.objects.get(id);
  const after = context.to.objects.get(id);
  return before !== undefined && after !== undefined &&
    wonParents(before, after, context).length > 0;
}

function leavesAny(id: string, context: PlanContext): boolean {
  const before = context.from.objects.get(id);
  const after = context.to.objects.get(id);
  return before !== undefined && after !== undefined &&
    parentsOf(before).some((parent) => !parentsOf(after).includes(parent));
}

/** True when what a parent leaves behind is what the table is to have. */
function stays(left: SchemaObject, wanted: SchemaObject, context: PlanContext): boolean {
  return isSame(left, wanted) && isKept(left, context);
}

/** False for a constraint of the parent that goes itself, perhaps before the table leaves. */
function isKept(left: SchemaObject, context: PlanContext): boolean {
  const after = context.to.objects.get(left.id);
  return after !== undefined && sameJson(left.facts, after.facts) &&
    !goes(left.id, context);
}

/** Constraints of parents that are left for good, which stay behind on the table. */
function leftConstraints(id: string, context: PlanContext): readonly SchemaObject[] {
  const before = context.from.objects.get(id);
  const after = context.to.objects.get(id);
  if (before === undefined || after === undefined) return [];
  const partition = record(before, "partition_of") !== null;
  return lostParents(before, after, context)
    .filter((parent) => !parentsOf(after).includes(parent))
    .flatMap((parent) => lineage(parent, context))
    .flatMap((parent) => constraintsOf(context, `table:${parent}`, "from"))
    .filter((constraint) => isCheck(constraint) || (partition && isKey(constraint)));
}

/** Checks of parents that the table is to join, by name. */
function joinedChecks(id: string, context: PlanContext): ReadonlyMap<string, SchemaObject> {
  const before = context.from.objects.get(id);
  const after = context.to.objects.get(id);
  if (before === undefined || after === undefined) return new Map();
  const old = parentsOf(before);
  return new Map(
    wonParents(before, after, context)
      .filter((parent) => !old.includes(parent))
      .flatMap((parent) => constraintsOf(context, `table:${parent}`, "to"))
      .filter(isCheck)
      .map((check) => [lastName(check.name), check]),
  );
}

/** A parent and all above it. */
function lineage(parent: string, context: PlanContext): readonly string[] {
  const table = context.from.objects.get(`table:${parent}`);
  if (table === undefined) return [parent];
  return [parent, ...parentsOf(table).flatMap((above) => lineage(above, context))];
}

function constraintsOf(
  context: PlanContext,
  table: string,
  side: "from" | "to",
): readonly SchemaObject[] {
  return context.members(context[side], table).filter(({ kind }) => kind === "constraint");
}

function isCheck(constraint: SchemaObject): boolean {
  return constraint.facts.type === "check" &&
    !(text(constraint, "definition") ?? "").endsWith(" NO INHERIT");
}

function isKey(constraint: SchemaObject): boolean {
  return constraint.facts.type === "foreign key";
}

function isSame(a: SchemaObject, b: SchemaObject): boolean {
  return lastName(a.name) === lastName(b.name) &&
    a.facts.definition === b.facts.definition &&
    a.facts.deferrable === b.facts.deferrable && a.facts.deferred === b.facts.deferred;
}
