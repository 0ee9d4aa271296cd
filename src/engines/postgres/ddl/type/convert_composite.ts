/** Values of a composite type whose attributes move: each attribute finds its place by its name. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { joinName, lastName } from "../../names.ts";
import { ident, reference } from "../../quote.ts";
import { schemaOf, spareName } from "../clauses/relation.ts";
import { planned, text } from "../clauses/statement.ts";

/** How columns are carried over. */
export interface Carrying {
  /** Makes what the expressions need, and takes it away again. */
  readonly before: readonly PlannedStatement[];
  readonly after: readonly PlannedStatement[];
  /** The value in the new type of a column that has the old one. */
  readonly cast: (column: SchemaObject, name: string, type: string) => string;
}

/**
 * Carries columns over to a type with the same attributes in another place. A column of the type itself takes its row apart; what
 * holds it inside an array, a domain or another type goes by way of JSON, which a type that is there for that alone takes in.
 */
export function byName(
  type: SchemaObject,
  columns: readonly SchemaObject[],
  context: PlanContext,
): Carrying {
  const isRow = (column: SchemaObject, wanted: string) =>
    column.needs.includes(type.id) && !wanted.endsWith("]");
  const nested = [
    ...new Set(
      columns.filter((column) => !isRow(column, typeOf(column))).map(typeOf),
    ),
  ];
  const holder = reference(
    joinName(schemaOf(type.name), spareName(type.name, "_values", context)),
  );
  const why =
    `What holds ${type.name} inside other values is carried over by the names of attributes`;
  const had = context.members(context.from, type.id).map(({ name }) => name);
  const has = context.members(context.to, type.id).map(({ name }) => name);
  return {
    before: nested.length === 0
      ? []
      : [planned(type, `CREATE TYPE ${holder} AS (${nested.map(field).join(", ")})`, why)],
    after: nested.length === 0 ? [] : [planned(type, `DROP TYPE ${holder}`, why)],
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

function typeOf(column: SchemaObject): string {
  return text(column, "type") ?? "";
}

function field(type: string, at: number): string {
  return `${fieldName(at)} ${type}`;
}

function fieldName(at: number): string {
  return `value_${at + 1}`;
}
