/** Values of a composite type whose attributes are reordered: each attribute is found by its name. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { joinName, lastName } from "../../names.ts";
import type { Column, ObjectOf, PostgresContext } from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { freeName, schemaOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { rowReason } from "../../../common/statement.ts";

/** How columns are converted. */
export interface RowConversion {
  /** Creates what the expressions need, and drops it. */
  readonly before: readonly PlannedStatement[];
  readonly after: readonly PlannedStatement[];
  /** The value in the new type of a column that has the old one. */
  readonly cast: (column: Column, name: string, type: string) => string;
}

/**
 * Converts columns to a type with the same attributes in another order. A column of the type itself is a row of them; what
 * holds it inside an array, a domain or another type is converted by way of JSON and a temporary type.
 */
export function convertByName(
  type: ObjectOf<"composite">,
  columns: readonly Column[],
  context: PostgresContext,
): RowConversion {
  const isRow = (column: Column, wanted: string) =>
    column.dependsOn.includes(type.id) && !wanted.endsWith("]");
  const nested = [
    ...new Set(
      columns.filter((column) => !isRow(column, typeOf(column))).map(typeOf),
    ),
  ];
  const holder = reference(
    joinName(schemaOf(type.name), freeName(type.name, "_values", context)),
  );
  const had = context.members(context.from, type.id).map(({ name }) => name);
  const has = context.members(context.to, type.id).map(({ name }) => name);
  return {
    before: nested.length === 0 ? [] : [
      planned(
        type,
        `CREATE TYPE ${holder} AS (${nested.map(field).join(", ")})`,
        rowReason("convert_values", type),
      ),
    ],
    after: nested.length === 0
      ? []
      : [planned(type, `DROP TYPE ${holder}`, rowReason("convert_values", type))],
    cast: (column, name, wanted) => {
      if (isRow(column, wanted)) {
        const fields = has.map((attribute) =>
          had.includes(attribute) ? `(${name}).${ident(lastName(attribute))}` : "NULL"
        );
        return `CASE WHEN ${name} IS DISTINCT FROM NULL THEN ROW(${
          fields.join(", ")
        })::${wanted} END`;
      }
      const at = nested.indexOf(wanted);
      return `(jsonb_populate_record(NULL::${holder}, jsonb_build_object('${
        fieldName(at)
      }', ${name}))).${fieldName(at)}`;
    },
  };
}

function typeOf(column: Column): string {
  return column.facts.type;
}

function field(type: string, at: number): string {
  return `${fieldName(at)} ${type}`;
}

function fieldName(at: number): string {
  return `value_${at + 1}`;
}
