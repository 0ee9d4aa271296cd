/** A value for a column that DOWN adds again without its values and that refers to another table. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlanContext } from "../../object_kind.ts";
import { quote } from "../quote.ts";
import { fold } from "../tokens.ts";
import { columnNames, foreignKeyFacts, isPrimaryKey, localName, partsOf } from "./member.ts";

/**
 * In DOWN, the key of a row of the table that the new column refers to, as an expression over the old row: of one that fits
 * what else of a foreign key the row has, and the same one for all columns that it lacks. In a table that refers to itself the
 * row's own key. Null where there is none.
 */
export function referredValue(column: SchemaObject, context: PlanContext): string | null {
  if (context.hints.isDown !== true) return null;
  const name = fold(localName(column));
  const [key, ...others] = context.members(context.to, column.parent ?? "").filter((member) =>
    foreignKeyFacts(member)?.columns.includes(name) === true
  );
  const facts = key === undefined ? null : foreignKeyFacts(key);
  if (key === undefined || facts === null || others.length > 0) return null;
  const table = context.from.objects.get(`table:${facts.table}`);
  const pairs = table === undefined ? null : pairsOf(key, table, context);
  const own = pairs?.find((pair) => pair.own === name);
  if (table === undefined || pairs === null || own === undefined) return null;
  if (table.id === column.parent) {
    const fits = pairs.every(({ old, referred }) => old === undefined || old === referred);
    return fits ? quote(localName(own.referred)) : null;
  }
  if (pairs.every(({ old }) => old === undefined)) {
    const columns = pairs.map(({ referred }) => quote(localName(referred)));
    return `(SELECT ${columns[pairs.indexOf(own)]} FROM ${quote(table.name)} ORDER BY ${
      columns.join(", ")
    } LIMIT 1)`;
  }
  // Names that the old row does not have, so that those of its columns mean its columns.
  const alias = (pair: Pair) => `_aim_key_${pairs.indexOf(pair) + 1}`;
  const keys = pairs.map((pair) => `${quote(localName(pair.referred))} AS ${alias(pair)}`);
  const conditions = pairs.flatMap((pair) =>
    pair.old === undefined ? [] : [`${alias(pair)} = ${quote(localName(pair.old))}`]
  );
  return [
    `(SELECT ${alias(own)} FROM (SELECT ${keys.join(", ")} FROM ${quote(table.name)})`,
    ...conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`],
    `ORDER BY ${pairs.filter(({ old }) => old === undefined).map(alias).join(", ")} LIMIT 1)`,
  ].join(" ");
}

/** A column of a foreign key and what it refers to. */
interface Pair {
  /** Its folded name. */
  readonly own: string;
  /** Undefined for a column that the old row does not have. */
  readonly old: SchemaObject | undefined;
  readonly referred: SchemaObject;
}

/** Null where the table lacks something that is referred to. */
function pairsOf(
  key: SchemaObject,
  table: SchemaObject,
  context: PlanContext,
): readonly Pair[] | null {
  const columnOf = (parent: string, name: string) =>
    context.from.objects.get(`column:${parent.slice("table:".length)}.${name}`);
  const names = foreignKeyFacts(key)?.references ?? primaryKey(table, context);
  const pairs = partsOf(key).flatMap((own, at): Pair[] => {
    const referred = columnOf(table.id, names[at] ?? "");
    return referred === undefined ? [] : [{ own, old: columnOf(key.parent ?? "", own), referred }];
  });
  return pairs.length === partsOf(key).length ? pairs : null;
}

function primaryKey(table: SchemaObject, context: PlanContext): readonly string[] {
  const key = context.members(context.from, table.id)
    .find(isPrimaryKey);
  return key === undefined ? [] : columnNames(key);
}
