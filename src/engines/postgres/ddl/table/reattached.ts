/** Tables that are attached to parents or types, or detached from them, while they stay. */

import { sameJson } from "../../../../core/change.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import { lastName } from "../../names.ts";
import {
  columnOf,
  type Constraint,
  type PostgresContext,
  type Table,
  tableOf,
} from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { parentsOf, serverMajor } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { authorsNotNullName, notNullName, parentRenames } from "./column/not_null_name.ts";
import { isInherited, losesNotNull, parentColumns } from "./inheritance.ts";
import { attributeSet } from "../../../common/statement.ts";

/**
 * True when a table that stays is detached from a parent or a type, attached to one, or both to rename an inherited
 * constraint.
 */
export function isReattached(context: PostgresContext, id: string): boolean {
  const before = tableOf(context.from, id);
  const after = tableOf(context.to, id);
  if (before === undefined || after === undefined) return false;
  if (before.facts.partition_by !== after.facts.partition_by) return false;
  const moves = changesParents(before, after, context) || before.facts.of !== after.facts.of;
  return moves && !mustRecreate(before, after, context);
}

/**
 * True when a plain child must be recreated to get a parent: with INHERIT its columns and checks stay local as well, and only
 * CREATE TABLE makes them inherited alone.
 */
export function mustRecreate(
  before: Table,
  after: Table,
  context: PostgresContext,
): boolean {
  if (after.facts.partition_of !== undefined || !changesParents(before, after, context)) {
    return false;
  }
  const own = context.members(context.to, after.id);
  return parentsJoined(before, after, context).some((parent) =>
    context.members(context.to, `table:${parent}`).some((above) => {
      const name = lastName(above.name);
      const member = own.find(({ kind, name: full }) =>
        kind === above.kind && lastName(full) === name
      );
      if (above.kind === "column") return member?.kind === "column" && member.facts.local !== true;
      return above.kind === "constraint" && isCheck(above) && member === undefined;
    })
  );
}

function changesParents(
  before: Table,
  after: Table,
  context: PostgresContext,
): boolean {
  return !sameJson(before.facts.partition_of, after.facts.partition_of) ||
    !sameJson([...before.facts.inherits ?? []], [...after.facts.inherits ?? []]) ||
    mustRename(before, context);
}

/** Parents from which the table is detached; also those to which it is attached again, when the order of the parents or the place among them changes. */
export function parentsLeft(
  before: Table,
  after: Table,
  context: PostgresContext,
): readonly string[] {
  const was = parentsOf(before);
  const kept = keptParents(before, after, context);
  return was.filter((parent) => !kept.includes(parent));
}

/** Parents to which the table is attached; also those from which it was detached for that. */
export function parentsJoined(
  before: Table,
  after: Table,
  context: PostgresContext,
): readonly string[] {
  const kept = keptParents(before, after, context);
  return parentsOf(after).filter((parent) => !kept.includes(parent));
}

/** Parents that can stay where they are: the longest common beginning of the two lists, once the lost ones are gone. */
function keptParents(
  before: Table,
  after: Table,
  context: PostgresContext,
): readonly string[] {
  if (mustRename(before, context)) return [];
  const was = before.facts.partition_of;
  const is = after.facts.partition_of;
  if (was !== undefined || is !== undefined) return sameJson(was, is) ? parentsOf(after) : [];
  const wanted = parentsOf(after);
  const staying = parentsOf(before).filter((parent) => wanted.includes(parent));
  let shared = 0;
  while (shared < staying.length && staying[shared] === wanted[shared]) shared++;
  return staying.slice(0, shared);
}

/** An inherited not-null constraint cannot be renamed; its table must leave its parent for it, or for a new column that has one. */
function mustRename(table: Table, context: PostgresContext): boolean {
  if (serverMajor(context) < 18 || parentsOf(table).length === 0) return false;
  if (ownNames(table, context).length > 0) return true;
  return columnsOf(table, context, "from").some((column) => {
    const after = columnOf(context.to, column.id);
    return after !== undefined &&
      isInherited(column) && isInherited(after) &&
      column.facts.not_null === true && after.facts.not_null === true &&
      !losesNotNull(context, column) &&
      column.facts.not_null_name !== after.facts.not_null_name &&
      !parentRenames(column, after, context);
  });
}

/** New columns that a table gets from a parent with a not-null constraint, which is to have another name here; and those of the parent. */
function ownNames(table: Table, context: PostgresContext) {
  if (serverMajor(context) < 18) return [];
  return columnsOf(table, context, "to").flatMap((column) => {
    if (context.from.objects.has(column.id) || column.facts.not_null !== true) return [];
    const above = parentColumns(context.to, column).find((parent) =>
      parent.facts.not_null === true && !context.from.objects.has(parent.id)
    );
    return above === undefined || authorsNotNullName(above) === authorsNotNullName(column)
      ? []
      : [{ column, above }];
  });
}

/** Renames the not-null constraints of columns that came from a parent, once the table is detached. */
export function renameNotNulls(
  table: Table,
  context: PostgresContext,
): readonly PlannedStatement[] {
  return ownNames(table, context).map(({ column, above }) =>
    planned(
      table,
      `ALTER TABLE ${reference(table.name)} RENAME CONSTRAINT ${ident(notNullName(above))} TO ${
        ident(notNullName(column))
      }`,
      attributeSet(column, "not-null constraint"),
    )
  );
}

function columnsOf(table: Table, context: PostgresContext, side: "from" | "to") {
  return context.members(context[side], table.id).filter((member) => member.kind === "column");
}

/** True for a check that children inherit. */
export function isCheck(constraint: Constraint): boolean {
  return constraint.facts.type === "check" &&
    !constraint.facts.definition.endsWith(" NO INHERIT");
}
