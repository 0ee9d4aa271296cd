/** Expressions, queries and statements about rows, as a tree that all dialects share. */

import type { LogicalType } from "./neutral.ts";

/** An expression. Names of functions and operators are those of `functions.ts`, whatever the dialect. */
export type Expression =
  | { readonly node: "null" }
  | { readonly node: "bool"; readonly value: boolean }
  | { readonly node: "number"; readonly text: string }
  | { readonly node: "string"; readonly value: string }
  | { readonly node: "blob"; readonly hex: string }
  | { readonly node: "column"; readonly path: readonly string[] }
  | { readonly node: "star"; readonly path: readonly string[] }
  | Call
  | { readonly node: "unary"; readonly op: UnaryOperator; readonly of: Expression }
  | {
    readonly node: "binary";
    readonly op: BinaryOperator;
    readonly left: Expression;
    readonly right: Expression;
  }
  | {
    readonly node: "between";
    readonly not: boolean;
    readonly of: Expression;
    readonly low: Expression;
    readonly high: Expression;
  }
  | {
    readonly node: "in";
    readonly not: boolean;
    readonly of: Expression;
    readonly list: readonly Expression[] | Query;
  }
  | { readonly node: "is"; readonly not: boolean; readonly of: Expression; readonly what: Truth }
  | {
    readonly node: "match";
    readonly op: "like" | "ilike" | "regexp" | "iregexp" | "glob";
    readonly not: boolean;
    readonly of: Expression;
    readonly pattern: Expression;
    readonly escape: Expression | null;
  }
  | {
    readonly node: "case";
    readonly of: Expression | null;
    readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
    readonly otherwise: Expression | null;
  }
  | { readonly node: "cast"; readonly of: Expression; readonly type: LogicalType }
  | { readonly node: "query"; readonly query: Query }
  | { readonly node: "exists"; readonly query: Query }
  | { readonly node: "row"; readonly items: readonly Expression[] }
  | { readonly node: "array"; readonly items: readonly Expression[] }
  | { readonly node: "interval"; readonly amount: string; readonly unit: string };

/** A call of a function. */
export interface Call {
  readonly node: "call";
  readonly name: string;
  readonly args: readonly Expression[];
  readonly isDistinct: boolean;
  /** Within an aggregate. */
  readonly order: readonly OrderTerm[];
  readonly over: Window | null;
}

/** What a window function looks over. */
export interface Window {
  readonly partition: readonly Expression[];
  readonly order: readonly OrderTerm[];
}

/** What IS tests for. */
export type Truth = "null" | "true" | "false";
/** Operators before an operand. */
export type UnaryOperator = "-" | "+" | "not" | "~";
/** Operators between two operands; `||` joins texts, `div` divides whole numbers, `/` gives a fraction. */
export type BinaryOperator =
  | "or"
  | "and"
  | "="
  | "<>"
  | "<"
  | "<="
  | ">"
  | ">="
  | "same"
  | "differs"
  | "||"
  | "+"
  | "-"
  | "*"
  | "/"
  | "div"
  | "divide"
  | "%"
  | "&"
  | "|"
  | "<<"
  | ">>"
  | "->"
  | "->>";

/** A term of ORDER BY. */
export interface OrderTerm {
  readonly by: Expression;
  readonly isDescending: boolean;
  readonly nulls: "first" | "last" | null;
}

/** A query. */
export interface Query {
  readonly with: readonly CommonTable[];
  readonly isRecursive: boolean;
  readonly body: QueryBody;
  readonly order: readonly OrderTerm[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
}

/** A common table. */
export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

/** A SELECT, VALUES, or several of them joined. */
export type QueryBody =
  | Select
  | { readonly node: "values"; readonly rows: readonly (readonly Expression[])[] }
  | {
    readonly node: "set";
    readonly op: "union" | "union all" | "intersect" | "except";
    readonly left: QueryBody;
    readonly right: QueryBody;
  }
  | { readonly node: "nested"; readonly query: Query };

/** One SELECT. */
export interface Select {
  readonly node: "select";
  readonly isDistinct: boolean;
  readonly items: readonly { readonly value: Expression; readonly alias: string | null }[];
  readonly from: readonly Source[];
  readonly where: Expression | null;
  readonly group: readonly Expression[];
  readonly having: Expression | null;
}

/** What a query reads. */
export type Source =
  | { readonly node: "table"; readonly name: string; readonly alias: string | null }
  | { readonly node: "derived"; readonly query: Query; readonly alias: string | null }
  | {
    readonly node: "join";
    readonly kind: "inner" | "left" | "right" | "full" | "cross";
    readonly left: Source;
    readonly right: Source;
    readonly on: Expression | null;
    readonly using: readonly string[];
  };

/** A statement about rows. */
export type DataStatement =
  | {
    readonly node: "insert";
    readonly table: string;
    readonly columns: readonly string[];
    readonly query: Query;
  }
  | {
    readonly node: "update";
    readonly table: string;
    readonly set: readonly { readonly column: string; readonly value: Expression }[];
    readonly where: Expression | null;
  }
  | { readonly node: "delete"; readonly table: string; readonly where: Expression | null };

/** Something that has no form in the tree, or none in a dialect. */
export class Untranslatable extends Error {}

/** A call without more. */
export function call(name: string, ...args: readonly Expression[]): Call {
  return { node: "call", name, args, isDistinct: false, order: [], over: null };
}

/** The tree with each of its expressions replaced by what `change` makes of it, from the leaves up. */
export function mapTree<T>(tree: T, change: (expression: Expression) => Expression): T {
  if (Array.isArray(tree)) return tree.map((one) => mapTree(one, change)) as T;
  if (tree === null || typeof tree !== "object") return tree;
  const entries = Object.entries(tree).map(([key, value]) => [
    key,
    key === "type" ? value : mapTree(value, change),
  ]);
  const mapped = Object.fromEntries(entries);
  return (EXPRESSIONS.has(mapped.node) ? change(mapped) : mapped) as T;
}

const EXPRESSIONS = new Set<unknown>([
  "null",
  "bool",
  "number",
  "string",
  "blob",
  "column",
  "star",
  "call",
  "unary",
  "binary",
  "between",
  "in",
  "is",
  "match",
  "case",
  "cast",
  "query",
  "exists",
  "row",
  "array",
  "interval",
]);
