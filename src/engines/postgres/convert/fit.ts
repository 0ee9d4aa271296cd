/** What Postgres can hold of a schema. */

import { prefixExpression } from "../../convert/adapt.ts";
import type { FittedType, Holding, TypePlace } from "../../convert/holding.ts";
import type { LogicalType, NeutralIndex } from "../../convert/neutral.ts";
import { call, type Expression } from "../../convert/tree.ts";
import { speech } from "./speech.ts";

/** What Postgres can hold. */
export const holding: Holding = {
  speech,
  fitType,
  fitIndex,
  longestName: 63,
  names: { index: "schema", constraint: "table", trigger: "table" },
  has: {
    touched: false,
    deferred: true,
    comments: true,
    sequences: true,
    caseless: false,
    assign: true,
    severalEvents: true,
    updateOf: true,
    sameTypes: false,
    setDefault: true,
    counters: "any",
    virtual: false,
  },
};

function fitType(type: LogicalType, { table, column, isCounter }: TypePlace): FittedType {
  const same = { type, why: null };
  switch (type.kind) {
    case "int":
      return fitInt(type, column, isCounter);
    case "text":
    case "binary":
      return type.kind === "binary"
        ? { type: { ...type, length: null, isFixed: false, most: null }, why: null }
        : { type: { ...type, most: null }, why: null };
    case "enum":
      return { type: { ...type, name: type.name ?? shortName(`${table}_${column}`) }, why: null };
    case "set":
      return {
        type: TEXT,
        why: "a set of values is kept as its text; what it may hold is not checked",
      };
    case "year":
      return { type: { kind: "int", bits: 16, unsigned: false }, why: null };
    case "any":
      return { type: TEXT, why: "a column without a type has no equal" };
    case "other":
      return { type: TEXT, why: `${type.text} is a type of its dialect alone` };
    default:
      return same;
  }
}

const TEXT: LogicalType = { kind: "text", length: null, isFixed: false, most: null };

function shortName(name: string): string {
  return name.length <= 63 ? name : `${name.slice(0, 40)}_${name.slice(-22)}`;
}

/** The next wider type; what is below zero is refused by a check. */
function fitInt(
  { bits, unsigned }: Extract<LogicalType, { readonly kind: "int" }>,
  column: string,
  isCounter: boolean,
): FittedType {
  const wider = unsigned
    ? { 8: 16, 16: 32, 24: 32, 32: 64, 64: 64 } as const
    : { 8: 16, 16: 16, 24: 32, 32: 32, 64: 64 } as const;
  const check: Expression = {
    node: "binary",
    op: ">=",
    left: { node: "column", path: [column] },
    right: { node: "number", text: "0" },
  };
  if (unsigned && bits === 64 && !isCounter) {
    return { type: { kind: "decimal", precision: 20, scale: 0 }, why: null, check };
  }
  const type: LogicalType = { kind: "int", bits: wider[bits], unsigned: false };
  if (unsigned && bits === 64) {
    return { type, why: "numbers above 9223372036854775807 do not fit", check };
  }
  return unsigned ? { type, why: null, check } : { type, why: null };
}

function fitIndex(index: NeutralIndex) {
  if (index.kind === "fulltext") {
    const texts = index.parts.map(({ expression }): Expression =>
      call("coalesce", expression, { node: "string", value: "" })
    );
    const all = texts.reduce((left, right) => ({
      node: "binary",
      op: "||",
      left: { node: "binary", op: "||", left, right: { node: "string", value: " " } },
      right,
    }));
    const expression = call("to_tsvector", { node: "string", value: "simple" }, all);
    const parts = [{ expression, length: null, isDescending: false }];
    return {
      index: { ...index, kind: "inverted" as const, parts },
      why:
        "FULLTEXT is a GIN index of to_tsvector('simple', ...): queries say @@ in place of MATCH",
    };
  }
  if (index.kind === "spatial") {
    return { index: null, why: "a spatial index needs types of PostGIS" };
  }
  if (index.kind === "inverted") return { index, why: null };
  if (index.parts.every(({ length }) => length === null)) return { index, why: null };
  const parts = index.parts.map((part) =>
    part.length === null
      ? part
      : { ...part, length: null, expression: prefixExpression(part.expression, part.length) }
  );
  return { index: { ...index, parts }, why: "a prefix of a column is an expression there" };
}
