/** Unique indexes that become the index of a key or a unique constraint. */

import { sameJson } from "../../../../../core/change.ts";
import { lastName } from "../../../names.ts";
import {
  type ChangeOf,
  columnOf,
  type Constraint,
  type Index,
  type PostgresContext,
  tableOf,
} from "../../../objects.ts";
import { columnIn, relationName } from "../../clauses/relation.ts";
import { isReattached } from "../reattached.ts";

/** A new constraint and the index that it takes. */
export interface Promotion {
  readonly index: Index;
  readonly constraint: Constraint;
}

/** True for an index that goes, or a constraint that comes, where the table makes the one of the other. */
export function isPromoted(
  change: ChangeOf<"index" | "constraint">,
  context: PostgresContext,
): boolean {
  if (change.op === "alter") return false;
  const { id, parent } = change.op === "drop" ? change.before : change.after;
  return promotions(parent ?? "", context).some(({ index, constraint }) =>
    id === index.id || id === constraint.id
  );
}

/** The new constraints of a table that take indexes of it. */
export function promotions(table: string, context: PostgresContext): readonly Promotion[] {
  const [before, after] = [tableOf(context.from, table), tableOf(context.to, table)];
  if (before === undefined || after === undefined || isReattached(context, table)) return [];
  if (after.facts.partition_by !== undefined || after.facts.partition_of !== undefined) return [];
  if (!["keep", "alter"].includes(context.action(table))) return [];
  const free = new Set(
    context.members(context.from, table).filter((member) => member.kind === "index")
      .filter((index) => index.facts.unique === true && !context.to.objects.has(index.id)),
  );
  if (free.size === 0) return [];
  const found: Promotion[] = [];
  for (const constraint of context.members(context.to, table)) {
    if (constraint.kind !== "constraint" || context.from.objects.has(constraint.id)) continue;
    const fitting = [...free].filter((index) => fits(index, constraint, context));
    const index = fitting.find(({ name }) => lastName(name) === lastName(constraint.name)) ??
      fitting[0];
    if (index === undefined) continue;
    free.delete(index);
    found.push({ index, constraint });
  }
  return found;
}

function fits(index: Index, constraint: Constraint, context: PostgresContext): boolean {
  const { type, definition, options, tablespace, columns = [], statistics } = constraint.facts;
  if (type !== "unique" && type !== "primary key") return false;
  const wanted = definition.replace(
    /^(?:UNIQUE|PRIMARY KEY)( NULLS NOT DISTINCT)? (.*)$/s,
    "btree $2$1",
  );
  return index.facts.definition === wanted && sameJson(index.facts.options ?? [], options ?? []) &&
    index.facts.tablespace === tablespace && index.facts.invalid !== true &&
    sameJson(index.facts.statistics ?? [], statistics ?? []) &&
    columns.every((name) => {
      const id = columnIn(relationName(constraint), name);
      const [was, is] = [columnOf(context.from, id), columnOf(context.to, id)];
      return was !== undefined && is !== undefined && was.facts.type === is.facts.type &&
        was.facts.collation === is.facts.collation && was.facts.generated === is.facts.generated;
    });
}
