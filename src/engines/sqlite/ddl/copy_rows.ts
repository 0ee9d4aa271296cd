/** Which value of the old table each column of the new one gets. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import { backfill, convert } from "./backfill.ts";
import { distinctValues } from "./distinct_values.ts";
import { columnNames, isGenerated, isKey, isWithoutRowid, localName } from "./member.ts";
import { mentions, readersOf } from "./readers.ts";
import { rowidColumn, rowidName } from "./rowid.ts";
import type { TableChange } from "../../common/table_change.ts";

/** The columns to insert and where they come from. */
export interface Copy {
  readonly values: readonly { readonly column: string; readonly expression: string }[];
  /** The name by which the rowid is to be read, where it must survive; null where it need not or is a column. */
  readonly rowid: string | null;
}

/** Settles what is copied; asks where rows may lack a value. */
export function copyOf(change: TableChange, context: PlanContext): Copy {
  const { columns, constraints } = change;
  const old = new Map(columns.from.map((column) => [column.id, column]));
  const keys = keyColumns(constraints.to);
  const own = distinctValues(change, context);
  const alias = rowidColumn(columns.to, constraints.to, change.after);
  // The rowid is never NULL.
  const formerAlias = rowidColumn(columns.from, constraints.from, change.before);
  const values: { column: string; expression: string }[] = [];
  for (const column of columns.to) {
    if (isGenerated(column)) continue;
    const name = localName(column);
    const before = old.get(column.id);
    const required = factsOf(column, "column").not_null === true && column !== alias;
    const distinct = keys.has(fold(name));
    if (before === undefined) {
      const value = own.get(fold(name)) ??
        (required && !hasDefault(column)
          ? backfill({ column, isNew: true, distinct }, context)
          : null);
      if (value !== null) values.push({ column: name, expression: value });
      continue;
    }
    const current = convert(before, column, context) ?? quote(localName(before));
    const value = required && before !== formerAlias && factsOf(before, "column").not_null !== true
      ? backfill({ column, isNew: false, distinct }, context)
      : null;
    values.push({
      column: name,
      expression: value === null ? current : `coalesce(${current}, ${value})`,
    });
  }
  if (values.length === 0) values.push(anyValue(columns.to));
  return { values, rowid: rowidToKeep(change, context) };
}

function keyColumns(constraints: readonly SchemaObject[]): ReadonlySet<string> {
  const keys = constraints.filter(isKey).map(columnNames);
  return new Set(keys.filter((names) => names.length === 1).flat());
}

function hasDefault(column: SchemaObject): boolean {
  const { default: value } = factsOf(column, "column");
  return value !== undefined && value !== "NULL";
}

/** Nothing is copied, yet there are to be as many rows as before. */
function anyValue(columns: readonly SchemaObject[]): { column: string; expression: string } {
  const plain = columns.filter((column) => !isGenerated(column));
  const column = plain.find((one) => factsOf(one, "column").not_null !== true) ?? plain[0];
  const value = column === undefined ? undefined : factsOf(column, "column").default;
  return {
    column: column === undefined ? "" : localName(column),
    expression: value ?? "NULL",
  };
}

/** Rowids that no column shows survive where something reads them: a full-text table's content, a view, a trigger. */
function rowidToKeep(change: TableChange, context: PlanContext): string | null {
  const { before, after, columns, constraints } = change;
  if (isWithoutRowid(before) || isWithoutRowid(after)) return null;
  if (rowidColumn(columns.from, constraints.from, before) !== undefined) return null;
  if (rowidColumn(columns.to, constraints.to, after) !== undefined) return null;
  const read = context.dependents(before.id).some((one) => one.kind === "virtual table") ||
    [
      ...readersOf(before.id, context),
      ...context.members(context.from, before.id).filter((one) => one.kind === "trigger"),
    ].some((reader) => ["rowid", "_rowid_", "oid"].some((name) => mentions(reader, name)));
  if (!read || rowidName(columns.to) !== "rowid") return null;
  return rowidName(columns.from);
}
