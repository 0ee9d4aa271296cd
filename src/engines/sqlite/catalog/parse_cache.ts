/** Stored statements of tables and indexes that were read before. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { ParseCache } from "../../common/parse_cache.ts";
import { fold } from "../tokens.ts";
import { indexObject, readIndex } from "./index_object.ts";
import type { Catalog } from "./scope.ts";
import { tableObjects } from "./table_object.ts";
import { readTable, type TableText } from "./table_text.ts";

/** The table of a CREATE TABLE; the same object for the same text. Throws UnreadableStatement. */
export function cachedTable(sql: string, name: string): TableText {
  return cache.read(`${name}\n${sql}`, () => ({ ...readTable(sql), name }));
}

/** The objects of a table; the same ones while its foreign keys lead to what they led to. */
export function cachedTableObjects(table: TableText, catalog: Catalog): readonly SchemaObject[] {
  const targets = table.constraints.map((constraint) =>
    constraint.type === "foreign key" ? catalog.relations.get(fold(constraint.table)) ?? "" : ""
  );
  return cache.made(table, `table\n${targets.join("\n")}`, () => tableObjects(table, catalog));
}

/** The object of a CREATE INDEX, alone; the same one for the same text and the same table. Throws UnreadableStatement. */
export function cachedIndexObjects(
  sql: string,
  table: TableText,
  catalog: Catalog,
): readonly SchemaObject[] {
  const make = () => [indexObject({ ...readIndex(sql), table: table.name }, catalog)];
  return cache.made(table, `index\n${sql}`, make);
}

const cache = new ParseCache<TableText, readonly SchemaObject[]>();
