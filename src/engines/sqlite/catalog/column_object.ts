/** A column as an object. */

import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { makeObject } from "../facts.ts";
import { fold, type Token } from "../tokens.ts";
import type { ColumnText } from "./column_text.ts";
import type { Fragment } from "./cursor.ts";
import { namesOf, tableExpression } from "./scope.ts";
import { joined, sourceText } from "./source_text.ts";
import type { TableText } from "./table_text.ts";

/** What is true of a column. */
export interface ColumnFacts {
  /** The declared type in capitals: `VARCHAR(20)`. */
  readonly type?: string;
  /** Also where a primary key without a rowid makes it so. */
  readonly not_null?: boolean;
  readonly not_null_on_conflict?: string;
  /** Folded name of the NOT NULL constraint. */
  readonly not_null_name?: string;
  /** A constant, or an expression in parentheses. */
  readonly default?: string;
  /** Folded, and not `binary`. */
  readonly collate?: string;
  /** The expression of a generated column. */
  readonly generated?: string;
  readonly stored?: boolean;
}

/** How a column is written. */
export interface ColumnStyle {
  readonly type?: string;
  /** Its clauses in their order; empty for one that is a constraint. */
  readonly clauses: readonly string[];
}

/** A column of a table with the id; `required` where it is NOT NULL without saying so. */
export function columnObject(
  column: ColumnText,
  position: number,
  { id, table, required }: {
    readonly id: string;
    readonly table: TableText;
    readonly required: boolean;
  },
): SchemaObject {
  const known = namesOf(table);
  const collate = column.collate === null ? null : fold(column.collate);
  return makeObject({
    id: objectId("column", `${fold(table.name)}.${fold(column.name)}`),
    kind: "column",
    name: `${table.name}.${column.name}`,
    parent: id,
    facts: {
      type: typeText(column.type.tokens),
      not_null: column.notNull !== null || required,
      not_null_on_conflict: column.notNull?.onConflict ?? null,
      not_null_name: column.notNull?.name === null || column.notNull === null
        ? null
        : fold(column.notNull.name),
      default: column.default === null ? null : defaultText(column.default, table),
      collate: collate === "binary" ? null : collate,
      generated: column.generated === null
        ? null
        : tableExpression(column.generated.expression, table),
      stored: column.generated?.stored ?? null,
    },
    style: {
      type: column.type.tokens.length === 0 ? null : joined(column.type.tokens),
      clauses: column.clauses.map((clause) => sourceText(clause, known)),
    },
    dependsOn: [id],
    droppedWith: [id],
    position,
  });
}

/** A declared type in capitals: its case tells nothing to SQLite, while its words are what drivers map by. Null without one. */
export function typeText(tokens: readonly Token[]): string | null {
  if (tokens.length === 0) return null;
  let text = "";
  for (const [at, token] of tokens.entries()) {
    const plain = token.kind === "quoted" && /^[A-Za-z]\w*$/.test(token.value);
    const glued = at === 0 || /^[(),[]/.test(token.text) || /[(+-]$/.test(text);
    text += `${glued ? "" : " "}${(plain ? token.value : token.text).toUpperCase()}`;
  }
  return text;
}

/** A constant without parentheses, anything else in them. */
function defaultText(fragment: Fragment, table: TableText): string {
  const inside = fragment.tokens[0]?.text === "(" ? fragment.tokens.slice(1, -1) : fragment.tokens;
  const [first, second] = inside;
  const signed = first?.text === "-" || first?.text === "+";
  const constant = inside.length === (signed ? 2 : 1) ? (signed ? second : first) : undefined;
  if (constant === undefined) {
    return `(${tableExpression({ ...fragment, tokens: inside }, noColumns(table))})`;
  }
  const sign = first?.text === "-" ? "-" : "";
  switch (constant.kind) {
    case "quoted":
      return `'${constant.value.replaceAll("'", "''")}'`;
    case "name": {
      const word = fold(constant.text);
      if (LITERALS.has(word)) return word.toUpperCase();
      return `'${constant.text}'`;
    }
    case "number":
      return `${sign}${constant.text.toLowerCase()}`;
    case "blob":
      return `x${constant.text.slice(1).toLowerCase()}`;
    default:
      return constant.text;
  }
}

const LITERALS = new Set([
  "null",
  "true",
  "false",
  "current_date",
  "current_time",
  "current_timestamp",
]);

/** A default sees no columns. */
function noColumns(table: TableText): TableText {
  return { ...table, name: "", columns: [] };
}
