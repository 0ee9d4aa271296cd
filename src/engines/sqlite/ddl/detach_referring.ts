/** Tables whose foreign keys no longer fit a table that is recreated, and that are recreated themselves afterwards. */

import type { Reason } from "../../../core/reason.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { statement, subjectOf } from "../../common/statement.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { literal, quote } from "../quote.ts";
import { alterTable } from "./alter_table.ts";
import { temporaryName } from "./temporary_name.ts";
import { columnNames, isKey, isPrimaryKey, isUniqueIndex, keyFacts } from "./member.ts";
import { changesEarlier, type Reference, referencesTo } from "./references.ts";
import { constraintsOf } from "./render.ts";
import type { TableChange } from "../../common/table_change.ts";
import { tableChange } from "./table_change.ts";

/** Statements before the table is dropped, and the tables that they take the foreign keys off. */
export interface Detaching {
  readonly statements: readonly PlannedStatement[];
  readonly tables: readonly string[];
}

/**
 * SQLite lets no row into a table while an enforced foreign key points at columns of it that are no key. Where a key
 * changes together with what refers to it, the referring tables stand as bare rows in between.
 */
export function detachReferring(change: TableChange, context: PlanContext): Detaching {
  const { before, after } = change;
  const keys = keysOf(after, context);
  const misfits = referencesTo(before.id, context).filter((reference) =>
    reference.child !== before.id && !fits(reference, keys) &&
    isRebuiltLater(reference.child, before.id, context)
  );
  const tables = [...new Set(misfits.map((reference) => reference.child))];
  return { tables, statements: tables.flatMap((id) => bareRows(id, context)) };
}

/** Keys of the new table as folded columns; the primary key under the empty name. */
function keysOf(table: SchemaObject, context: PlanContext): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const member of context.members(context.to, table.id)) {
    const isFullIndex = isUniqueIndex(member) && factsOf(member, "index").where === undefined;
    if (!isFullIndex && !isKey(member)) continue;
    const columns = columnNames(member);
    keys.add(columns.toSorted().join("\n"));
    if (isPrimaryKey(member)) keys.add(`${columns.length}`);
  }
  return keys;
}

function fits({ references, columns }: Reference, keys: ReadonlySet<string>): boolean {
  return keys.has(references === null ? `${columns.length}` : references.toSorted().join("\n"));
}

/** True for a table that is altered after its parent, by a rebuild, and has nobody that refers to it. */
function isRebuiltLater(id: string, parent: string, context: PlanContext): boolean {
  const [before, after] = [context.from.objects.get(id), context.to.objects.get(id)];
  if (context.action(id) !== "alter" || before === undefined || after === undefined) return false;
  if (changesEarlier(id, parent, context)) return false;
  if (referencesTo(id, context).some((reference) => reference.child !== id)) return false;
  return alterTable(tableChange(before, after, context), context) === null;
}

/** The table under its name with its rows and nothing else; its own rebuild copies them from there. */
function bareRows(id: string, context: PlanContext): readonly PlannedStatement[] {
  const table = context.from.objects.get(id);
  if (table === undefined) return [];
  const name = temporaryName("bare", table.name, context);
  const counts = constraintsOf(context.members(context.from, id))
    .some((constraint) => keyFacts(constraint)?.autoincrement === true);
  const reason: Reason = { action: "drop_foreign_keys", object: subjectOf(table) };
  const say = (sql: string) => statement(sql, table, reason);
  const move = (from: string, to: string) =>
    counts
      ? [say(`UPDATE sqlite_sequence SET name = ${literal(to)} WHERE name = ${literal(from)}`)]
      : [];
  return [
    say(`CREATE TABLE ${quote(name)} AS\nSELECT * FROM ${quote(table.name)}`),
    ...move(table.name, name),
    say(`DROP TABLE ${quote(table.name)}`),
    say(`CREATE TABLE ${quote(table.name)} AS\nSELECT * FROM ${quote(name)}`),
    say(`DROP TABLE ${quote(name)}`),
    ...move(name, table.name),
  ];
}
