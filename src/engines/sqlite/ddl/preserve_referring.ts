/** Rows of other tables that would be deleted or changed with the rows of a table, saved and restored. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { rowReason, statement, subjectOf } from "../../common/statement.ts";
import type { PlanContext } from "../../object_kind.ts";
import { quote, quoteList } from "../quote.ts";
import { fold, tokenize } from "../tokens.ts";
import { rowidColumn, rowidName } from "./rowid.ts";
import { temporaryName } from "./temporary_name.ts";
import { isGenerated, isPrimaryKey, isWithoutRowid, localName, partsOf } from "./member.ts";
import {
  changesEarlier,
  parentsFirst,
  reachedFrom,
  type Reference,
  takesRows,
} from "./references.ts";
import { columnsOf } from "../../common/table_change.ts";
import { constraintsOf } from "./render.ts";
import type { TableChange } from "../../common/table_change.ts";

/** What stands around the rebuild of a table. */
export interface Preserved {
  readonly before: readonly PlannedStatement[];
  readonly after: readonly PlannedStatement[];
  /** Ids of the tables concerned. */
  readonly tables: readonly string[];
  /** Ids of their triggers, which must not fire meanwhile. */
  readonly triggers: readonly string[];
}

/** Finds the tables that ON DELETE CASCADE, SET NULL and SET DEFAULT reach, and preserves their rows; those of `safe` ones are preserved already. */
export function preserveReferring(
  change: TableChange,
  safe: ReadonlySet<string>,
  context: PlanContext,
): Preserved {
  const order = parentsFirst(context.from);
  const place = (id: string) => order.get(id) ?? 0;
  const reached = [...reachedFrom(change.before.id, context)]
    .filter(([id]) => isThere(id, context) && !safe.has(id))
    .sort(([a], [b]) => place(a) - place(b));
  const before: PlannedStatement[] = [];
  const emptied: PlannedStatement[] = [];
  const after: PlannedStatement[] = [];
  for (const [id, references] of reached) {
    const snapshot = changesEarlier(id, change.before.id, context) ? context.to : context.from;
    const table = snapshot.objects.get(id);
    if (table === undefined) continue;
    const kept = preserveRows(
      { table, members: context.members(snapshot, id), parent: change.after, references },
      context,
    );
    before.push(kept.before);
    after.push(...kept.after);
    if (!references.some((reference) => reference.action === "refuse")) continue;
    emptied.push(
      statement(
        `DELETE FROM ${quote(table.name)}`,
        table,
        rowReason("delete_rows", table, { cause: "set_null_not_null" }),
      ),
    );
  }
  const tables = reached.map(([id]) => id);
  const triggers = tables.flatMap((id) =>
    context.members(context.from, id).filter((member) => member.kind === "trigger")
  );
  return {
    before: [...before, ...emptied],
    after,
    tables,
    triggers: triggers.map((trigger) => trigger.id),
  };
}

/** True for a table that is there before and after. */
function isThere(id: string, { from, to }: PlanContext): boolean {
  return from.objects.has(id) && to.objects.has(id);
}

/** The rows of a table that refers to another one, saved and restored. */
interface Preserving {
  readonly table: SchemaObject;
  readonly members: readonly SchemaObject[];
  readonly parent: SchemaObject;
  readonly references: readonly Reference[];
}

function preserveRows(
  input: Preserving,
  context: PlanContext,
): { readonly before: PlannedStatement; readonly after: readonly PlannedStatement[] } {
  const { table, members, parent } = input;
  const saved = quote(temporaryName("keep", table.name, context));
  const key = keyOf(table, columnsOf(members), constraintsOf(members));
  const hidden = key.hidden === null ? "" : `${key.hidden} AS _aim_rowid, `;
  return {
    before: statement(
      `CREATE TABLE ${saved} AS\nSELECT ${hidden}* FROM ${quote(table.name)}`,
      table,
      rowReason("save_rows", table, { cause: "refers", object: subjectOf(parent) }),
    ),
    after: [
      ...restoreRows(input, key, saved),
      ...restoreReferences(input, key, saved),
      statement(`DROP TABLE ${saved}`, table, rowReason("drop_saved_rows", table)),
    ],
  };
}

/** Rows that were deleted are inserted again. */
function restoreRows(
  { table, members, references }: Preserving,
  key: RowKey,
  saved: string,
): readonly PlannedStatement[] {
  if (!references.some(takesRows)) return [];
  const target = quote(table.name);
  const columns = [...key.hidden === null ? [] : [key.hidden], ...plainColumns(members)];
  const values = [...key.hidden === null ? [] : ["_aim_rowid"], ...plainColumns(members)];
  const same = sameRow(key, "own");
  return [
    statement(
      `INSERT OR ABORT INTO ${target} (${quoteList(columns)})\nSELECT ${quoteList(values)}\n` +
        `FROM ${saved} AS kept\nWHERE NOT EXISTS (\n  SELECT 1 FROM ${target} AS own\n` +
        `  WHERE ${same}\n)`,
      table,
      rowReason("restore_rows", table),
    ),
  ];
}

/** References that were emptied get their values again. */
function restoreReferences(
  { table, members, references }: Preserving,
  key: RowKey,
  saved: string,
): readonly PlannedStatement[] {
  const emptied = new Set(
    references.filter((reference) => !takesRows(reference))
      .flatMap((reference) => reference.columns),
  );
  const changed = plainColumns(members).filter((column) => emptied.has(fold(column))).map(quote);
  if (changed.length === 0) return [];
  const target = quote(table.name);
  const sets = changed.map((column) => `${column} = kept.${column}`);
  const differs = changed.map((column) => `${target}.${column} IS NOT kept.${column}`);
  return [
    statement(
      `UPDATE OR ABORT ${target}\nSET ${sets.join(", ")}\nFROM ${saved} AS kept\n` +
        `WHERE ${sameRow(key, target)} AND (${differs.join(" OR ")})`,
      table,
      rowReason("restore_references", table),
    ),
  ];
}

function plainColumns(members: readonly SchemaObject[]): readonly string[] {
  return columnsOf(members).filter((column) => !isGenerated(column)).map(localName);
}

/** True in SQL for the row of `own` that a saved row is. */
function sameRow({ columns, hidden }: RowKey, own: string): string {
  return columns.map((column) =>
    `${own}.${quote(column)} = kept.${quote(hidden === null ? column : "_aim_rowid")}`
  ).join(" AND ");
}

/** The columns that tell rows apart; `hidden` where that is a rowid without a column. */
interface RowKey {
  readonly columns: readonly string[];
  readonly hidden: string | null;
}

/** What tells the rows of a table apart: the key where there is no rowid, the column that is the rowid, or the hidden rowid. */
function keyOf(
  table: SchemaObject,
  columns: readonly SchemaObject[],
  constraints: readonly SchemaObject[],
): RowKey {
  if (isWithoutRowid(table)) {
    const key = constraints.find(isPrimaryKey);
    const parts = key === undefined ? [] : partsOf(key);
    const names = parts.map((part) => tokenize(part)[0]?.value ?? "");
    return { columns: names, hidden: null };
  }
  const alias = rowidColumn(columns, constraints, table);
  if (alias !== undefined) return { columns: [localName(alias)], hidden: null };
  const hidden = rowidName(columns) ?? "rowid";
  return { columns: [hidden], hidden };
}
