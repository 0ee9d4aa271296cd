/** The order of columns, which Postgres gives a table once and for all. */

import { lastName } from "../../../names.ts";
import type { Column, PostgresContext, PostgresObject } from "../../../objects.ts";

/**
 * Opens a choice where columns cannot get the places that they are to have: new columns come last, others stay where they are.
 * Only asked with `column_order = "strict"`.
 */
export function askForOrder(column: Column, context: PostgresContext): void {
  const { parent } = column;
  const table = parent === null ? undefined : context.to.objects.get(parent);
  if (parent === null || table === undefined || context.action(parent) === "replace") return;
  const isColumn = (member: PostgresObject) => member.kind === "column";
  const before = context.members(context.from, parent).filter(isColumn).map(({ id }) => id);
  const wanted = context.members(context.to, parent).filter(isColumn).map(({ id }) => id);
  const kept = before.filter((id) => wanted.includes(id));
  const reached = [...kept, ...wanted.filter((id) => !before.includes(id))];
  if (reached.join("\0") === wanted.join("\0")) return;
  const names = (ids: readonly string[]) => ids.map(lastName).join(", ");
  context.choose({
    id: `order:${table.name}`,
    kind: "unsupported",
    question:
      `Must the columns of ${table.name} stand in this order? Postgres cannot move a column without recreating the table`,
    evidence: { reached: names(reached), wanted: names(wanted) },
    options: [{
      id: "ignore",
      label: "Leave the order as Postgres makes it; new columns come last",
      setting: { key: "column_order", value: "ignore" },
    }],
    fallback: null,
  });
}
