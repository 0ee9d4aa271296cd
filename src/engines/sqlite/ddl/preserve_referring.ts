/** Rows of other tables that would be deleted or changed with the rows of a table, put aside and back. */

import type { PlannedStatement, SchemaObject } from "../../../schema.ts";
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
import { columnsOf, constraintsOf } from "./render.ts";
import type { TableChange } from "./table_change.ts";

/** What stands around the rebuild of a table. */
export interface Keeping {
  readonly before: readonly PlannedStatement[];
  readonly after: readonly PlannedStatement[];
  /** Ids of the tables concerned. */
  readonly tables: readonly string[];
  /** Ids of their triggers, which must not fire on the way. */
  readonly triggers: readonly string[];
}

/** Finds the tables that ON DELETE CASCADE, SET NULL and SET DEFAULT reach, and keeps their rows; `safe` ones need no keeping. */
export function preserveReferring(
  change: TableChange,
  safe: ReadonlySet<string>,
  context: PlanContext,
): Keeping {
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

function preserveRows(
  { table, members, parent, references }: {
    readonly table: SchemaObject;
    readonly members: readonly SchemaObject[];
    readonly parent: SchemaObject;
    readonly references: readonly Reference[];
  },
  context: PlanContext,
): { readonly before: PlannedStatement; readonly after: readonly PlannedStatement[] } {
  const name = temporaryName("keep", table.name, context);
  const all = columnsOf(members);
  const plain = all.filter((column) => !isGenerated(column))
    .map(localName);
  const key = keyOf(table, all, constraintsOf(members));
  const hidden = key.hidden === null ? "" : `${key.hidden} AS _aim_rowid, `;
  const same = key.columns.map((column) => ({
    own: quote(column),
    kept: quote(key.hidden === null ? column : "_aim_rowid"),
  }));
  const target = quote(table.name);
  const after: PlannedStatement[] = [];
  if (references.some(takesRows)) {
    const columns = [...key.hidden === null ? [] : [key.hidden], ...plain];
    const values = [...key.hidden === null ? [] : ["_aim_rowid"], ...plain];
    after.push(
      statement(
        `INSERT INTO ${target} (${quoteList(columns)})\nSELECT ${quoteList(values)}\n` +
          `FROM ${quote(name)} AS kept\nWHERE NOT EXISTS (\n  SELECT 1 FROM ${target} AS own\n` +
          `  WHERE ${same.map(({ own, kept }) => `own.${own} = kept.${kept}`).join(" AND ")}\n)`,
        table,
        rowReason("restore_rows", table),
      ),
    );
  }
  const emptied = new Set(
    references.filter((reference) => !takesRows(reference))
      .flatMap((reference) => reference.columns),
  );
  const changed = plain.filter((column) => emptied.has(fold(column)));
  if (changed.length > 0) {
    const sets = changed.map((column) => `${quote(column)} = kept.${quote(column)}`);
    const differs = changed.map((column) =>
      `${target}.${quote(column)} IS NOT kept.${quote(column)}`
    );
    const match = same.map(({ own, kept }) => `${target}.${own} = kept.${kept}`);
    after.push(
      statement(
        `UPDATE ${target}\nSET ${sets.join(", ")}\nFROM ${quote(name)} AS kept\n` +
          `WHERE ${match.join(" AND ")} AND (${differs.join(" OR ")})`,
        table,
        rowReason("restore_references", table),
      ),
    );
  }
  after.push(statement(`DROP TABLE ${quote(name)}`, table, rowReason("drop_saved_rows", table)));
  return {
    before: statement(
      `CREATE TABLE ${quote(name)} AS\nSELECT ${hidden}* FROM ${target}`,
      table,
      rowReason("save_rows", table, { cause: "refers", object: subjectOf(parent) }),
    ),
    after,
  };
}

/** What tells the rows of a table apart: the key where there is no rowid, the column that is the rowid, or the hidden rowid. */
function keyOf(
  table: SchemaObject,
  columns: readonly SchemaObject[],
  constraints: readonly SchemaObject[],
): { readonly columns: readonly string[]; readonly hidden: string | null } {
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
