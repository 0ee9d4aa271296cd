/** Defaults of columns, also of the columns of views. */

import type { PlannedStatement } from "../../../../../core/statement.ts";
import { lastName } from "../../../names.ts";
import { columnOf, type Default, type KindOf, type PostgresContext } from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { alterRelation, kindOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { defaultValue, mustSpareDescendants, parentAlters } from "../inheritance.ts";
import { isReattached } from "../reattached.ts";
import { continueForDefault } from "../sequence.ts";
import { defaultExpression } from "./clause.ts";
import { awaitsSequence, setsDefaultItself } from "./column.ts";
import { attributeSet } from "../../../../common/statement.ts";

/** `default`, a member of its column. */
export const defaults: KindOf<"default"> = {
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
      attributeSet({ kind: "column", name: value.name }, "default", null),
    )];
  },
  alter: ({ after }, context) => ({ statements: set(after, context) }),
  alteredBy: (change, context) => {
    const column = columnId(change.op === "drop" ? change.before : change.after);
    const object = columnOf(context.to, column);
    if (change.op !== "drop" && object !== undefined && awaitsSequence(object, context)) {
      return null;
    }
    const table = (columnOf(context.from, column) ?? columnOf(context.to, column))?.parent ?? null;
    return table !== null && isReattached(context, table) ? table : null;
  },
};

function set(value: Default, context: PostgresContext): readonly PlannedStatement[] {
  const column = columnId(value);
  if (column !== null) {
    if (setsDefaultItself(column, context)) return [];
    if (parentAlters(context, column, defaultValue)) return [];
  }
  return [
    ...continueForDefault(value, context),
    planned(
      value,
      `${alter(value, context)} SET DEFAULT ${
        defaultExpression(value, columnOf(context.to, column))
      }`,
      attributeSet({ kind: "column", name: value.name }, "default"),
    ),
  ];
}

function alter(value: Default, context: PostgresContext): string {
  const column = columnId(value);
  const object = columnOf(context.to, column);
  const only = object !== undefined && mustSpareDescendants(context, object, defaultValue);
  const relation = object ?? columnOf(context.from, column) ?? value;
  return `${alterRelation(relation, only)} ALTER COLUMN ${ident(lastName(value.name))}`;
}

function columnId(value: Default): string | null {
  return value.parent !== null && kindOf(value.parent) === "column" ? value.parent : null;
}
