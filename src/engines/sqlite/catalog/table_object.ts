/** A table as an object, with its columns and constraints. */

import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { makeObject } from "../facts.ts";
import { fold } from "../tokens.ts";
import { columnObject } from "./column_object.ts";
import { constraintObjects } from "./constraint_object.ts";
import { type Catalog, namesOf } from "./scope.ts";
import { sourceText } from "./source_text.ts";
import type { TableText } from "./table_text.ts";

/** What is true of a table besides its members. */
export interface TableFacts {
  readonly strict?: boolean;
  readonly without_rowid?: boolean;
}

/** How a table is written. */
export interface TableStyle {
  /** What follows the members: `STRICT, WITHOUT ROWID`. */
  readonly options?: string;
}

/** The objects of one table: the table first, then its columns, then its constraints. */
export function tableObjects(table: TableText, catalog: Catalog): readonly SchemaObject[] {
  const id = objectId("table", fold(table.name));
  const required = implicitlyRequired(table);
  return [
    makeObject({
      id,
      kind: "table",
      name: table.name,
      parent: null,
      facts: { strict: table.strict, without_rowid: table.withoutRowid },
      style: {
        options: table.options.length === 0 ? null : sourceText(table.options, namesOf(table)),
      },
      dependsOn: [],
      droppedWith: [],
    }),
    ...table.columns.map((column, position) =>
      columnObject(column, position, { id, table, required: required.has(fold(column.name)) })
    ),
    ...constraintObjects(table, id, catalog),
  ];
}

/** Columns that are NOT NULL without saying so: those of the primary key where there is no rowid. */
function implicitlyRequired(table: TableText): ReadonlySet<string> {
  if (!table.withoutRowid) return new Set();
  return new Set(
    table.constraints.flatMap((constraint) =>
      constraint.type === "primary key" ? constraint.columns.map((part) => fold(part.column)) : []
    ),
  );
}
