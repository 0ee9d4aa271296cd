/** Defaults of columns, also of the columns of views. */

import type { PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { ObjectKind, PlanContext } from "../../../../object_kind.ts";
import { lastName } from "../../../names.ts";
import { ident } from "../../../quote.ts";
import { alterRelation, kindOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { isMoving } from "../attach_detach.ts";
import { defaultValue, parentAlters, spareHeirs } from "../inheritance.ts";
import { numbersOfDefaultGoOn } from "../sequence.ts";
import { defaultExpression } from "./clause.ts";
import { awaitsSequence, setsDefaultItself } from "./column.ts";

/** `default`, a member of its column. */
export const defaults: ObjectKind = {
  kind: "default",
  rank: 35,
  inline: (_, parent) => parent.kind === "column",
  create: (value, _, context) => set(value, context),
  drop: (value, context) => {
    const column = columnId(value);
    if (column !== null && parentAlters(context, column, defaultValue)) return [];
    return [planned(
      value,
      `${alter(value, context)} DROP DEFAULT`,
      `Column ${value.name} has no default`,
    )];
  },
  alter: ({ after }, context) => ({ statements: set(after, context) }),
  absorbedBy: (change, context) => {
    const column = columnId(change.op === "drop" ? change.before : change.after);
    const object = column === null ? undefined : context.to.objects.get(column);
    if (change.op !== "drop" && object !== undefined && awaitsSequence(object, context)) {
      return null;
    }
    const table = column === null
      ? null
      : (context.from.objects.get(column) ?? context.to.objects.get(column))?.parent ?? null;
    return table !== null && isMoving(context, table) ? table : null;
  },
};

function set(value: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  const column = columnId(value);
  if (column !== null) {
    if (setsDefaultItself(column, context)) return [];
    if (parentAlters(context, column, defaultValue)) return [];
  }
  return [
    ...numbersOfDefaultGoOn(value, context),
    planned(
      value,
      `${alter(value, context)} SET DEFAULT ${
        defaultExpression(value, column === null ? undefined : context.to.objects.get(column))
      }`,
      `Column ${value.name} has this default`,
    ),
  ];
}

function alter(value: SchemaObject, context: PlanContext): string {
  const column = columnId(value);
  const object = column === null ? undefined : context.to.objects.get(column);
  const only = object !== undefined && spareHeirs(context, object, defaultValue);
  const relation = object ?? context.from.objects.get(column ?? "") ?? value;
  return `${alterRelation(relation, only)} ALTER COLUMN ${ident(lastName(value.name))}`;
}

function columnId(value: SchemaObject): string | null {
  return value.parent !== null && kindOf(value.parent) === "column" ? value.parent : null;
}
