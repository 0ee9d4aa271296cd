/** Stored statements that were read before: the states of a proof, and often the schema, share nearly all of them. */

import type { SchemaObject } from "../../../schema.ts";
import { fold } from "../tokens.ts";
import { indexObject, readIndex } from "./index_object.ts";
import type { Catalog } from "./scope.ts";
import { tableObjects } from "./table_object.ts";
import { readTable, type TableText } from "./table_text.ts";

/** The table of a CREATE TABLE; the same object for the same text. Throws UnreadableStatement. */
export function cachedTable(sql: string, name: string): TableText {
  const key = `${name}\n${sql}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = { ...readTable(sql), name };
  if (tables.size >= MOST_TABLES) tables.clear();
  tables.set(key, table);
  return table;
}

/** The objects of a table; the same ones while its foreign keys lead to what they led to. */
export function cachedTableObjects(table: TableText, catalog: Catalog): readonly SchemaObject[] {
  const targets = table.constraints.map((constraint) =>
    constraint.type === "foreign key" ? catalog.relations.get(fold(constraint.table)) ?? "" : ""
  );
  return madeFor(table, `table\n${targets.join("\n")}`, () => tableObjects(table, catalog));
}

/** The object of a CREATE INDEX; the same one for the same text and the same table. Throws UnreadableStatement. */
export function cachedIndexObject(sql: string, table: TableText, catalog: Catalog): SchemaObject {
  const make = () => [indexObject({ ...readIndex(sql), table: table.name }, catalog)];
  const [object] = madeFor(table, `index\n${sql}`, make);
  if (object === undefined) throw new Error("An index gives one object");
  return object;
}

const tables = new Map<string, TableText>();
const MOST_TABLES = 10_000;

const made = new WeakMap<TableText, Map<string, readonly SchemaObject[]>>();

function madeFor(
  table: TableText,
  key: string,
  make: () => readonly SchemaObject[],
): readonly SchemaObject[] {
  let objects = made.get(table);
  if (objects === undefined) made.set(table, objects = new Map());
  const known = objects.get(key);
  if (known !== undefined) return known;
  const fresh = make();
  objects.set(key, fresh);
  return fresh;
}
