/** NOT NULL: what becomes of the rows without a value, and the constraint's name from version 18 on. */

import type { PlannedStatement } from "../../../../../core/statement.ts";
import { lastName } from "../../../names.ts";
import { type Column, columnOf, type PostgresContext, tableOf } from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { isCreated } from "../../clauses/action.ts";
import { partComment } from "../../clauses/comment.ts";
import { alterRelation, majorOf, relationOf, serverMajor } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import {
  descendants,
  factValue,
  isInherited,
  losesNotNull,
  mustSpareDescendants,
  parentAlters,
  parentColumns,
} from "../inheritance.ts";
import { isReattached } from "../reattached.ts";
import { authorsNotNullName, notNullName, parentRenames } from "./not_null_name.ts";
import { attributeSet, becomes, subjectOf } from "../../../../common/statement.ts";
import type { Reason } from "../../../../../core/reason.ts";

/** True when a column that stays becomes NOT NULL by a statement of its own. */
export function becomesNotNull(
  before: Column,
  after: Column,
  context: PostgresContext,
): boolean {
  return before.facts.not_null !== true && after.facts.not_null === true &&
    after.facts.not_null_not_valid !== true && !parentAlters(context, after.id, NOT_NULL);
}

/** DROP NOT NULL, where the column becomes nullable. */
export function dropNotNull(
  before: Column,
  after: Column,
  context: PostgresContext,
): readonly PlannedStatement[] {
  if (before.facts.not_null !== true || after.facts.not_null === true) return [];
  if (parentAlters(context, after.id, NOT_NULL)) return [];
  const partitioned = tableOf(context.to, after.parent)?.facts.partition_by !== undefined;
  const spare = mustSpareDescendants(context, after, NOT_NULL);
  return [
    {
      ...dropStatement(after, becomes(after, "nullable"), spare && !partitioned),
      failsOn: `NULLs in ${after.name}`,
    },
    ...spare && partitioned ? restoreDescendants(after, context) : [],
  ];
}

/**
 * What it takes that a child's column is NOT NULL only since its parent's is, and no longer by itself as well: `drop` where the
 * parent's becomes so in this plan, else the table is recreated, since nothing distinguishes the two. Null when that is not wanted.
 */
export function losesLocalNotNull(
  before: Column,
  after: Column,
  context: PostgresContext,
): "drop" | "rebuild" | null {
  const both = isInherited(before) && before.facts.not_null === true &&
    after.facts.not_null === true;
  if (!both || serverMajor(context) < 18 || isReattached(context, after.parent ?? "")) return null;
  const hadOnly = !parentColumns(context.from, before).some(isNotNullInheritable);
  const hasOnly = after.facts.not_null_local !== true &&
    parentColumns(context.to, after).some(isNotNullInheritable);
  if (!hasOnly) return null;
  return hadOnly ? "drop" : before.facts.not_null_local === true ? "rebuild" : null;
}

/** True for a column whose children have its not-null constraint as well. */
export function isNotNullInheritable(column: Column): boolean {
  return column.facts.not_null === true && column.facts.not_null_no_inherit !== true;
}

/** Drops a local not-null constraint before the parent gets one. */
export function dropLocalNotNull(after: Column): PlannedStatement {
  return dropStatement(after, {
    action: "set",
    attribute: "not-null constraint",
    to: null,
    object: subjectOf(after),
    because: { cause: "parent" },
  });
}

function dropStatement(column: Column, reason: Reason, only = false): PlannedStatement {
  const name = ident(lastName(column.name));
  return planned(
    column,
    `${alterRelation(column, only)} ALTER COLUMN ${name} DROP NOT NULL`,
    reason,
  );
}

/** A partitioned table passes DROP NOT NULL on to its partitions, whether they are to keep it or not. */
function restoreDescendants(column: Column, context: PostgresContext): readonly PlannedStatement[] {
  return descendants(context.to, column).flatMap((heir) => {
    const before = columnOf(context.from, heir.id);
    if (before === undefined || before.facts.not_null !== true || heir.facts.not_null !== true) {
      return [];
    }
    return keyMakesNotNull(heir, context) ? [] : [notNullStatement(heir, context)];
  });
}

/** A primary key that is made in the same plan makes its columns NOT NULL by itself. */
export function keyMakesNotNull(column: Column, context: PostgresContext): boolean {
  if (authorsNotNullName(column) !== undefined) return false;
  if (column.facts.not_null_comment !== undefined) return false;
  return context.members(context.to, column.parent ?? "").some((member) =>
    member.kind === "constraint" && member.facts.type === "primary key" &&
    isCreated(member.id, context) &&
    (member.facts.columns ?? []).includes(lastName(column.name))
  );
}

/** SET NOT NULL, and the constraint's name, validity and inheritance. */
export function setNotNull(
  before: Column,
  after: Column,
  context: PostgresContext,
): readonly PlannedStatement[] {
  if (after.facts.not_null !== true) return [];
  const name = notNullName(after);
  if (before.facts.not_null !== true) {
    if (parentAlters(context, after.id, NOT_NULL)) return [];
    return [notNullStatement(after, context)];
  }
  const statements: PlannedStatement[] = [];
  const inheritedOnly = parentColumns(context.to, after).some(isNotNullInheritable) &&
    after.facts.not_null_local !== true && !isReattached(context, after.parent ?? "");
  if (
    notNullName(before) !== name && !inheritedOnly && !losesNotNull(context, after) &&
    !parentRenames(before, after, context)
  ) {
    statements.push(planned(
      after,
      `${alterRelation(after)} RENAME CONSTRAINT ${ident(notNullName(before))} TO ${ident(name)}`,
      attributeSet(after, "not-null constraint"),
    ));
  }
  if (before.facts.not_null_not_valid === true && after.facts.not_null_not_valid !== true) {
    statements.push(planned(
      after,
      `${alterRelation(after)} VALIDATE CONSTRAINT ${ident(name)}`,
      { action: "validate", object: { kind: "the not-null constraint of", name: after.name } },
    ));
  }
  if (before.facts.not_null_not_valid !== true && after.facts.not_null_not_valid === true) {
    statements.push(
      dropStatement(after, {
        action: "set",
        attribute: "not-null constraint",
        object: subjectOf(after),
        because: { cause: "not_validated" },
      }),
      notNullStatement(after, context),
    );
  } else if (before.facts.not_null_no_inherit !== after.facts.not_null_no_inherit) {
    const word = after.facts.not_null_no_inherit === true ? "NO INHERIT" : "INHERIT";
    statements.push(planned(
      after,
      `${alterRelation(after)} ALTER CONSTRAINT ${ident(name)} ${word}`,
      attributeSet(
        after,
        "not-null constraint",
        word === "INHERIT" ? "inherited" : "not inherited",
      ),
    ));
  }
  if (before.facts.not_null_local !== true && after.facts.not_null_local === true) {
    statements.push(notNullStatement(after, context));
  }
  return statements;
}

/** The comment on the not-null constraint, once that is there; `before` is null for a column that was just made. */
export function notNullComment(
  before: Column | null,
  after: Column,
): readonly PlannedStatement[] {
  if (after.facts.not_null !== true) return [];
  const isMade = before === null || before.facts.not_null !== true ||
    (before.facts.not_null_not_valid !== true && after.facts.not_null_not_valid === true);
  const ref = `CONSTRAINT ${ident(notNullName(after))} ON ${relationOf(after)}`;
  return partComment(after, ref, {
    had: isMade ? undefined : before.facts.not_null_comment,
    has: after.facts.not_null_comment,
    of: "the not-null constraint of ",
  });
}

/** Makes a new column NOT NULL where its clause could not. */
export function notNullStatement(after: Column, context: PostgresContext): PlannedStatement {
  const column = ident(lastName(after.name));
  const alter = alterRelation(after);
  const special = majorOf(context) >= 18 &&
    (authorsNotNullName(after) !== undefined || after.facts.not_null_comment !== undefined ||
      after.facts.not_null_not_valid === true || after.facts.not_null_no_inherit === true);
  const ending = (after.facts.not_null_no_inherit === true ? " NO INHERIT" : "") +
    (after.facts.not_null_not_valid === true ? " NOT VALID" : "");
  const sql = special
    ? `${alter} ADD CONSTRAINT ${ident(notNullName(after))} NOT NULL ${column}${ending}`
    : `${alter} ALTER COLUMN ${column} SET NOT NULL`;
  return planned(after, sql, becomes(after, "NOT NULL"));
}

/**
 * Columns that come with a new one and have a not-null constraint of their own, by another name: they must have it before the new
 * one has its own, which would be passed on by its name. Those farthest down come first.
 */
export function namedDescendants(column: Column, context: PostgresContext): readonly Column[] {
  if (column.facts.not_null !== true || column.facts.identity !== undefined) return [];
  return descendants(context.to, column).filter((heir) =>
    heir.facts.not_null_local === true &&
    authorsNotNullName(heir) !== authorsNotNullName(column) &&
    isCreated(heir.id, context) && !isCreated(heir.parent ?? "", context)
  ).toReversed();
}

const NOT_NULL = factValue("not_null");
