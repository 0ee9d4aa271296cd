/** The rowid of a table: the column that is it by another name, or a name by which it can be read. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { factsOf } from "../facts.ts";
import { fold } from "../tokens.ts";
import { columnNames, isPrimaryKey, isWithoutRowid, keyFacts, localName } from "./member.ts";

/** The column that is the rowid by another name. */
export function rowidColumn(
  columns: readonly SchemaObject[],
  constraints: readonly SchemaObject[],
  table: SchemaObject,
): SchemaObject | undefined {
  if (isWithoutRowid(table)) return undefined;
  const key = constraints.find(isPrimaryKey);
  const [name, ...others] = key === undefined ? [] : columnNames(key);
  if (key === undefined || name === undefined || others.length > 0) return undefined;
  if (keyFacts(key)?.not_rowid === true) return undefined;
  return columns.find((column) =>
    fold(localName(column)) === name && factsOf(column, "column").type === "INTEGER"
  );
}

/** A name for the rowid that no column has taken, or null when there is none. */
export function rowidName(columns: readonly SchemaObject[]): string | null {
  const taken = new Set(columns.map((column) => fold(localName(column))));
  return ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name)) ?? null;
}
