/** NOT NULL: what becomes of the rows without a value, and the constraint's name from version 18 on. */

import type { PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { lastName } from "../../../names.ts";
import { ident } from "../../../quote.ts";
import { arrives } from "../../clauses/action.ts";
import { commentStatements } from "../../clauses/comment.ts";
import { alterRelation, flag, majorOf, record, relationOf } from "../../clauses/relation.ts";
import { planned, text, texts } from "../../clauses/statement.ts";
import { isMoving } from "../attach_detach.ts";
import {
  factValue,
  heirs,
  isInherited,
  losesNotNull,
  parentAlters,
  parentColumns,
  spareHeirs,
} from "../inheritance.ts";
import { notNullName, parentRenames, takenNotNullName } from "./not_null_name.ts";

/** True when a column that stays becomes NOT NULL by a statement of its own. */
export function becomesNotNull(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): boolean {
  return !flag(before, "not_null") && flag(after, "not_null") &&
    !flag(after, "not_null_not_valid") && !parentAlters(context, after.id, NOT_NULL);
}

/** DROP NOT NULL, where the column may be empty from now on. */
export function dropNotNull(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  if (!flag(before, "not_null") || flag(after, "not_null")) return [];
  if (parentAlters(context, after.id, NOT_NULL)) return [];
  const table = context.to.objects.get(after.parent ?? "");
  const partitioned = table !== undefined && table.facts.partition_by !== undefined;
  const spare = spareHeirs(context, after, NOT_NULL);
  return [
    dropStatement(after, `Column ${after.name} may be empty`, spare && !partitioned),
    ...spare && partitioned ? restoreHeirs(after, context) : [],
  ];
}

/**
 * What it takes that a child's column is NOT NULL only since its parent's is, and no longer by itself as well: `drop` where the
 * parent's becomes so in this plan, else the table is made again, since nothing tells the two apart. Null when that is not wanted.
 */
export function givesUpOwnNotNull(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): "drop" | "rebuild" | null {
  const both = isInherited(before) && flag(before, "not_null") && flag(after, "not_null");
  if (!both || majorOf(context) < 18 || isMoving(context, after.parent ?? "")) return null;
  const hadOnly = !parentColumns(context.from, before).some(passesNotNull);
  const hasOnly = !flag(after, "not_null_local") &&
    parentColumns(context.to, after).some(passesNotNull);
  if (!hasOnly) return null;
  return hadOnly ? "drop" : flag(before, "not_null_local") ? "rebuild" : null;
}

/** True for a column whose children have its not-null constraint as well. */
export function passesNotNull(column: SchemaObject): boolean {
  return flag(column, "not_null") && !flag(column, "not_null_no_inherit");
}

/** Lets go of a not-null constraint before that of the parent comes. */
export function dropOwnNotNull(after: SchemaObject): PlannedStatement {
  return dropStatement(after, `Column ${after.name} has its not-null constraint from the parent`);
}

function dropStatement(column: SchemaObject, why: string, only = false): PlannedStatement {
  const name = ident(lastName(column.name));
  return planned(column, `${alterRelation(column, only)} ALTER COLUMN ${name} DROP NOT NULL`, why);
}

/** A partitioned table passes DROP NOT NULL on to its partitions, whether they are to keep it or not. */
function restoreHeirs(column: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  return heirs(context.to, column).flatMap((heir) => {
    const before = context.from.objects.get(heir.id);
    if (before === undefined || !flag(before, "not_null") || !flag(heir, "not_null")) return [];
    return keyMakesNotNull(heir, context) ? [] : [notNullStatement(heir, context)];
  });
}

/** A primary key that is made in the same plan makes its columns NOT NULL by itself. */
export function keyMakesNotNull(column: SchemaObject, context: PlanContext): boolean {
  if (text(column, "not_null_name") !== null) return false;
  if (text(column, "not_null_comment") !== null) return false;
  if (takenNotNullName(column, context) !== undefined) return false;
  return context.members(context.to, column.parent ?? "").some((member) =>
    member.kind === "constraint" && member.facts.type === "primary key" &&
    arrives(member.id, context) &&
    texts(member, "columns").includes(lastName(column.name))
  );
}

/** SET NOT NULL, and the constraint's name, validity and inheritance. */
export function setNotNull(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  if (!flag(after, "not_null")) return [];
  const name = notNullName(after);
  if (!flag(before, "not_null")) {
    if (parentAlters(context, after.id, NOT_NULL)) return [];
    return [notNullStatement(after, context)];
  }
  const statements: PlannedStatement[] = [];
  const inheritedOnly = parentColumns(context.to, after).some(passesNotNull) &&
    !flag(after, "not_null_local") && !isMoving(context, after.parent ?? "");
  if (
    notNullName(before) !== name && !inheritedOnly && !losesNotNull(context, after) &&
    !parentRenames(before, after, context)
  ) {
    statements.push(planned(
      after,
      `${alterRelation(after)} RENAME CONSTRAINT ${ident(notNullName(before))} TO ${ident(name)}`,
      `The not-null constraint of ${after.name} has another name`,
    ));
  }
  if (flag(before, "not_null_not_valid") && !flag(after, "not_null_not_valid")) {
    statements.push(planned(
      after,
      `${alterRelation(after)} VALIDATE CONSTRAINT ${ident(name)}`,
      `No row of ${after.name} is empty, as is now checked`,
    ));
  }
  if (!flag(before, "not_null_not_valid") && flag(after, "not_null_not_valid")) {
    statements.push(
      dropStatement(after, `The not-null constraint of ${after.name} is not checked for old rows`),
      notNullStatement(after, context),
    );
  } else if (flag(before, "not_null_no_inherit") !== flag(after, "not_null_no_inherit")) {
    const word = flag(after, "not_null_no_inherit") ? "NO INHERIT" : "INHERIT";
    statements.push(planned(
      after,
      `${alterRelation(after)} ALTER CONSTRAINT ${ident(name)} ${word}`,
      `The not-null constraint of ${after.name} is ${
        word === "INHERIT" ? "" : "not "
      }passed on to children`,
    ));
  }
  if (!flag(before, "not_null_local") && flag(after, "not_null_local")) {
    statements.push(notNullStatement(after, context));
  }
  return statements;
}

/** The comment on the not-null constraint, once that is there; `before` is null for a column that was just made. */
export function notNullComment(
  before: SchemaObject | null,
  after: SchemaObject,
): readonly PlannedStatement[] {
  if (!flag(after, "not_null")) return [];
  const isMade = before === null || !flag(before, "not_null") ||
    (!flag(before, "not_null_not_valid") && flag(after, "not_null_not_valid"));
  const ref = `CONSTRAINT ${ident(notNullName(after))} ON ${relationOf(after)}`;
  return commentStatements(isMade ? null : before, after, ref, "not_null_comment");
}

/** Makes a new column NOT NULL where its clause could not. */
export function notNullStatement(after: SchemaObject, context: PlanContext): PlannedStatement {
  const column = ident(lastName(after.name));
  const alter = alterRelation(after);
  const special = text(after, "not_null_name") !== null ||
    takenNotNullName(after, context) !== undefined || flag(after, "not_null_not_valid") ||
    flag(after, "not_null_no_inherit");
  const ending = (flag(after, "not_null_no_inherit") ? " NO INHERIT" : "") +
    (flag(after, "not_null_not_valid") ? " NOT VALID" : "");
  const sql = special
    ? `${alter} ADD CONSTRAINT ${ident(notNullName(after))} NOT NULL ${column}${ending}`
    : `${alter} ALTER COLUMN ${column} SET NOT NULL`;
  return planned(after, sql, `Column ${after.name} must have a value`);
}

/**
 * Columns that come with a new one and have a not-null constraint of their own, by another name: they must have it before the new
 * one has its own, which would be passed on by its name. Those farthest down come first.
 */
export function namedHeirs(column: SchemaObject, context: PlanContext): readonly SchemaObject[] {
  if (!flag(column, "not_null") || record(column, "identity") !== null) return [];
  return heirs(context.to, column).filter((heir) =>
    flag(heir, "not_null_local") && notNullName(heir) !== notNullName(column) &&
    arrives(heir.id, context) && !arrives(heir.parent ?? "", context)
  ).toReversed();
}

const NOT_NULL = factValue("not_null");
