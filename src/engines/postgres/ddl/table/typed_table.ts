/** Tables that are made `OF` a composite type. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import { reference } from "../../quote.ts";
import { kindOf } from "../clauses/relation.ts";
import { planned, text } from "../clauses/statement.ts";

/** The table keeps its columns and leaves its type. */
export function notOf(table: SchemaObject): PlannedStatement {
  return planned(
    table,
    `ALTER TABLE ${reference(table.name)} NOT OF`,
    `Table ${table.name} has its columns from no type`,
  );
}

/** The table joins its type, whose attributes its columns must be. */
export function madeOf(table: SchemaObject): PlannedStatement {
  const type = text(table, "of") ?? "";
  return planned(
    table,
    `ALTER TABLE ${reference(table.name)} OF ${reference(type)}`,
    `Table ${table.name} has its columns from type ${type}`,
  );
}

/** True for a column that a typed table has from its type. */
export function isAttribute({ kind, goesWith }: SchemaObject): boolean {
  return kind === "column" && goesWith.some((id) => kindOf(id) === "attribute");
}
