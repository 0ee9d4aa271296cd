/** Columns that ALTER TABLE ADD COLUMN can add. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { created, statement } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import { distinctValues } from "./distinct_values.ts";
import { foreignKeyFacts, isCheck, isKey, localName } from "./member.ts";
import { mentions } from "./readers.ts";
import { columnText, inlineColumn } from "./render.ts";

/** True for what no version can do in place. */
export function needsRebuild(change: TableChange, context: PlanContext): boolean {
  return change.options || change.order || distinctValues(change, context).size > 0;
}

/** The statements for new columns and what stands in their definitions, or null when they cannot be added so. */
export function addColumns(
  change: TableChange,
  modern: boolean,
): readonly PlannedStatement[] | null {
  const { after, columns, constraints } = change;
  const carried = new Map<string, SchemaObject[]>();
  const names = columns.added.map((column) => fold(localName(column)));
  for (const constraint of constraints.added) {
    const carrier = carrierOf(constraint, names);
    if (carrier !== null) carried.set(carrier, [...carried.get(carrier) ?? [], constraint]);
    else if (!modern || !isCheck(constraint)) return null;
  }
  const statements: PlannedStatement[] = [];
  for (const column of columns.added) {
    const own = carried.get(fold(localName(column))) ?? [];
    if (!canBeAdded(column, own)) return null;
    const text = columnText(column, own);
    statements.push(
      statement(
        `ALTER TABLE ${quote(after.name)} ADD COLUMN ${text}`,
        [column, ...own],
        created(column),
      ),
    );
  }
  return statements;
}

/** The new column in whose definition a constraint can stand: the last of those that it names, by folded names; null for none. */
export function carrierOf(constraint: SchemaObject, names: readonly string[]): string | null {
  const inline = inlineColumn(constraint);
  if (inline !== null) return names.includes(inline) ? inline : null;
  const columns = foreignKeyFacts(constraint)?.columns;
  if (columns !== undefined) {
    const only = columns.length === 1 ? columns[0] ?? "" : "";
    return names.includes(only) ? only : null;
  }
  if (!isCheck(constraint)) return null;
  const used = names.filter((name) => mentions(constraint, name));
  return used.at(-1) ?? null;
}

/** What SQLite's manual lists under "ALTER TABLE ADD COLUMN", and what fails as soon as there are rows. */
function canBeAdded(column: SchemaObject, constraints: readonly SchemaObject[]): boolean {
  const { default: value, generated, not_null: notNull, stored } = factsOf(column, "column");
  if (constraints.some(isKey)) return false;
  if (generated !== undefined) return stored !== true;
  if (notNull === true && (value === undefined || value === "NULL")) return false;
  if (value === undefined) return true;
  if (value.startsWith("(") || value.startsWith("CURRENT_")) return false;
  const refers = constraints.some((constraint) => foreignKeyFacts(constraint) !== null);
  return !refers || value === "NULL";
}

/** True for what ALTER TABLE ADD COLUMN can do in every version. */
export function onlyAddsColumns(change: TableChange, context: PlanContext): boolean {
  const { columns, constraints } = change;
  const others = [columns.dropped, columns.changed, constraints.dropped, constraints.changed];
  return !needsRebuild(change, context) && others.every((list) => list.length === 0) &&
    addColumns(change, false) !== null;
}
