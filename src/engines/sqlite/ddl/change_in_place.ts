/** What newer versions change without a rebuild: NOT NULL, and CHECKs that have a name. */

import { sameJson } from "../../../core/change.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { created, dropped, statement, subjectOf } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import { carrierOf } from "./add_column.ts";
import { backfill } from "./backfill.ts";
import { isCheck, isNamedCheck, localName } from "./member.ts";
import { constraintName, constraintText, inlineIn } from "./render.ts";

/** The statements, or null for a change that the version cannot make. */
export function changeInPlace(
  change: TableChange,
  context: PlanContext,
  modern: boolean,
): readonly PlannedStatement[] | null {
  const { columns, constraints } = change;
  if (!modern && columns.changed.length + constraints.changed.length > 0) return null;
  if (!constraints.changed.every(({ before, after }) => isNamedCheck(before) && isCheck(after))) {
    return null;
  }
  if (!columns.changed.every(({ before, after }) => onlyNullability(before, after))) return null;
  if (!modern) return [];
  return [
    ...changeConstraints(change),
    ...columns.changed.flatMap(({ after }) => changeNullability(after, change.after, context)),
  ];
}

function changeConstraints({ after: table, columns, constraints }: TableChange) {
  const names = (list: readonly SchemaObject[]) => list.map((column) => fold(localName(column)));
  const [gone, added] = [names(columns.dropped), names(columns.added)];
  const head = `ALTER TABLE ${quote(table.name)}`;
  const drop = (constraint: SchemaObject) => {
    const name = quote(constraintName(constraint) ?? "");
    return statement(`${head} DROP CONSTRAINT ${name}`, constraint, dropped(constraint));
  };
  const add = (constraint: SchemaObject) =>
    statement(`${head} ADD ${constraintText(constraint)}`, constraint, created(constraint));
  return [
    ...constraints.changed.flatMap(({ before, after }) => [drop(before), add(after)]),
    ...constraints.dropped.filter((one) => {
      const column = inlineIn(one);
      return column === null || !gone.includes(column);
    }).map(drop),
    ...constraints.added.filter((one) => carrierOf(one, added) === null).map(add),
  ];
}

function changeNullability(
  column: SchemaObject,
  table: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const isNotNull = factsOf(column, "column").not_null === true;
  const name = quote(localName(column));
  const value = isNotNull ? backfill({ column, isNew: false, distinct: false }, context) : null;
  const object = subjectOf(column);
  return [
    ...value === null ? [] : [
      statement(
        `UPDATE OR ABORT ${quote(table.name)} SET ${name} = ${value} WHERE ${name} IS NULL`,
        column,
        { action: "backfill", object, value },
      ),
    ],
    statement(
      `ALTER TABLE ${quote(table.name)} ALTER COLUMN ${name} ${
        isNotNull ? "SET" : "DROP"
      } NOT NULL`,
      column,
      { action: "become", object, state: isNotNull ? "NOT NULL" : "nullable" },
    ),
  ];
}

function onlyNullability(before: SchemaObject, after: SchemaObject): boolean {
  const [{ not_null: _was, ...old }, { not_null: _is, ...wanted }] = [
    factsOf(before, "column"),
    factsOf(after, "column"),
  ];
  const isPlain = [old, wanted].every((facts) =>
    facts.not_null_name === undefined && facts.not_null_on_conflict === undefined
  );
  return isPlain && sameJson(old, wanted);
}
