/** What differs between a table and what it is to be, for dialects that change a table as a whole. */

import { sameJson } from "../../core/change.ts";
import type { SchemaObject } from "../../core/snapshot.ts";
import type { PlanContext } from "../object_kind.ts";

/** The members of a table on both sides. */
export interface TableChange {
  readonly before: SchemaObject;
  readonly after: SchemaObject;
  readonly columns: Sides;
  readonly constraints: Sides;
  /** True when the table's own facts differ. */
  readonly options: boolean;
  /** True when columns stand in another order and that counts. */
  readonly order: boolean;
}

/** Members of one kind: those of each side, and what becomes of them. */
export interface Sides {
  readonly from: readonly SchemaObject[];
  readonly to: readonly SchemaObject[];
  readonly added: readonly SchemaObject[];
  readonly dropped: readonly SchemaObject[];
  readonly changed: readonly { readonly before: SchemaObject; readonly after: SchemaObject }[];
}

/** Compares the members of a table that both sides have; `constraintsOf` picks those that are no columns, in their order. */
export function tableChange(
  { before, after }: { readonly before: SchemaObject; readonly after: SchemaObject },
  constraintsOf: (members: readonly SchemaObject[]) => readonly SchemaObject[],
  context: PlanContext,
): TableChange {
  const from = context.members(context.from, before.id);
  const to = context.members(context.to, after.id);
  const columns = sides(columnsOf(from), columnsOf(to));
  return {
    before,
    after,
    columns,
    constraints: sides(constraintsOf(from), constraintsOf(to)),
    options: !sameJson(before.facts, after.facts),
    order: context.hints.strictOrder && needsOrder(columns),
  };
}

/** The columns among the members of a table, in order. */
export function columnsOf(members: readonly SchemaObject[]): readonly SchemaObject[] {
  return members.filter((member) => member.kind === "column")
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
}

function sides(from: readonly SchemaObject[], to: readonly SchemaObject[]): Sides {
  const old = new Map(from.map((member) => [member.id, member]));
  const ids = new Set(to.map((member) => member.id));
  return {
    from,
    to,
    added: to.filter((member) => !old.has(member.id)),
    dropped: from.filter((member) => !ids.has(member.id)),
    changed: to.flatMap((after) => {
      const before = old.get(after.id);
      return before === undefined || sameJson(before.facts, after.facts) ? [] : [{ before, after }];
    }),
  };
}

/** True when dropping columns and adding the new ones at the end does not give the order. */
function needsOrder({ from, to, added }: Sides): boolean {
  const fresh = new Set(added.map((column) => column.id));
  const kept = new Set(to.map((column) => column.id));
  const reached = [
    ...from.filter((column) => kept.has(column.id)),
    ...to.filter((column) => fresh.has(column.id)),
  ];
  return reached.some((column, at) => column.id !== to[at]?.id);
}
