/** Columns that hold whole rows of a table: while they do, the server refuses another type for a column of that table. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { lastName } from "../../names.ts";
import { type Column, columnOf, type PostgresContext, tableOf } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { alterRelation, kindOf } from "../clauses/relation.ts";
import { planned, type StatementFacts } from "../clauses/statement.ts";
import { isDropped } from "../clauses/action.ts";
import { isInherited } from "../table/inheritance.ts";
import { rowReason } from "../../../common/statement.ts";
import { askConversion } from "../../../common/data_choice.ts";
import { typesOf } from "./convert.ts";
import { convertedValue } from "./convert_value.ts";
import { fitOf } from "./fit.ts";
import { shapeOf } from "./shape.ts";

/** What stands around a change of the types of a table's columns. */
export interface StoredRows {
  readonly before: readonly PlannedStatement[];
  readonly after: readonly PlannedStatement[];
  /** The columns that hold the rows. */
  readonly columns: readonly Column[];
}

/**
 * The values of all columns that hold rows of the tables, also inside arrays, domains and other types, are texts meanwhile. A row is
 * converted attribute by attribute where its text would not be read.
 */
export function storedRows(tables: readonly string[], context: PostgresContext): StoredRows {
  const columns = holders(tables, context);
  return {
    columns,
    before: columns.map((column) => {
      const name = ident(lastName(column.name));
      return planned(
        column,
        `${alterRelation(column)} ALTER COLUMN ${name} TYPE text USING ${
          printed(column, name, context)
        }`,
        rowReason("convert_values", column),
        { rewrites: column.name },
      );
    }),
    after: columns.toReversed().map((column) => {
      const name = ident(lastName(column.name));
      return planned(
        column,
        `${
          alterRelation(column)
        } ALTER COLUMN ${name} TYPE ${column.facts.type} USING ${name}::${column.facts.type}`,
        rowReason("convert_values", column),
        { rewrites: column.name, ...lossOf(column, context) },
      );
    }),
  };
}

/** The columns, each after those that hold rows of its own table; only the topmost of those that tables inherit. */
function holders(tables: readonly string[], context: PostgresContext): readonly Column[] {
  const seen = new Set<string>();
  const visit = (id: string): readonly Column[] => {
    if (seen.has(id)) return [];
    seen.add(id);
    return context.dependents(id).flatMap((dependent) => {
      if (dependent.kind === "attribute") return visit(dependent.parent ?? "");
      if (dependent.kind === "domain") return visit(dependent.id);
      if (dependent.kind !== "column" || dependent.parent === id) return [];
      if (!isKeptColumn(dependent, context)) return [];
      return [...visit(dependent.parent ?? ""), dependent];
    });
  };
  const found = new Set(tables.flatMap(visit));
  return [...found].filter((column) => !isInherited(column));
}

function isKeptColumn(column: Column, context: PostgresContext): boolean {
  const stays = columnOf(context.to, column.id) !== undefined && !isDropped(column.id, context) &&
    !isDropped(column.parent ?? "", context);
  return stays && kindOf(column.parent ?? "") === "table" &&
    tableOf(context.from, column.parent) !== undefined && column.facts.generated === undefined;
}

function shapesOf({ facts }: Column, { from, to }: PostgresContext) {
  return { source: shapeOf(facts.type, from), target: shapeOf(facts.type, to) };
}

/** The value as a text that the new type reads. */
function printed(column: Column, name: string, context: PostgresContext): string {
  const { source, target } = shapesOf(column, context);
  const text = `${name}::text`;
  const after = column.facts.type;
  const value = convertedValue(name, {
    source,
    target,
    after,
    context,
    mapping: null,
    isPrinted: true,
  });
  if (value === "impossible" && context.hints.isDown !== true) {
    const answer = askConversion({
      column,
      from: after,
      to: after,
      usual: null,
      mayFail: true,
      sample: text,
    }, context);
    return answer?.expression ?? text;
  }
  return value === null || value === "impossible" ? text : value;
}

/** What is lost of the values, now or on the way back. */
function lossOf(column: Column, context: PostgresContext): StatementFacts {
  const { source, target } = shapesOf(column, context);
  const types = typesOf(context);
  const { name, facts: { type } } = column;
  return {
    ...fitOf(source, target, types) === "changed"
      ? {
        destroys: `the part of ${name} that the new ${type} cannot hold`,
        reversible: "structure",
      }
      : {},
    ...fitOf(target, source, types) === "all"
      ? {}
      : { failsOn: `values of ${name} that the former ${type} cannot hold` },
  };
}
