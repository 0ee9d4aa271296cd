/** What SQLite can hold of a schema. */

import { prefixExpression } from "../../convert/adapt.ts";
import type { FittedType, Holding, TypePlace } from "../../convert/holding.ts";
import type { LogicalType, NeutralIndex } from "../../convert/neutral.ts";
import { call, type Expression } from "../../convert/tree.ts";
import { speech } from "./speech.ts";

/** What SQLite can hold. */
export const holding: Holding = {
  speech,
  fitType,
  fitIndex,
  longestName: 1000,
  names: { index: "schema", constraint: "table", trigger: "schema" },
  has: {
    touched: false,
    deferred: true,
    comments: false,
    sequences: false,
    caseless: true,
    assign: false,
    severalEvents: false,
    updateOf: true,
    sameTypes: false,
    setDefault: true,
    counters: "primary",
    virtual: true,
  },
};

function fitType(type: LogicalType, { column, isCounter }: TypePlace): FittedType {
  const own: Expression = { node: "column", path: [column] };
  const asText = (why: string | null, check?: Expression): FittedType => ({
    type: TEXT,
    why,
    ...check === undefined ? {} : { check },
  });
  switch (type.kind) {
    case "int": {
      const fitted: LogicalType = { kind: "int", bits: 64, unsigned: false };
      if (!type.unsigned || isCounter) return { type: fitted, why: null };
      const check: Expression = {
        node: "binary",
        op: ">=",
        left: own,
        right: { node: "number", text: "0" },
      };
      const why = type.bits === 64
        ? "numbers above 9223372036854775807 become floating point"
        : null;
      return { type: fitted, why, check };
    }
    case "decimal": {
      const isLong = type.precision === null || type.precision > 15;
      return { type, why: isLong ? "numbers of more than 15 digits become floating point" : null };
    }
    case "float":
      return { type: { kind: "float", bits: 64 }, why: null };
    case "text":
      if (type.length === null) return { type: { ...type, most: null }, why: null };
      return { type: { ...type, most: null }, why: null, check: lengthCheck(own, type.length) };
    case "binary":
      return { type: { kind: "binary", length: null, isFixed: false, most: null }, why: null };
    case "time":
    case "timestamp":
      return {
        type: { ...type, fraction: 6, hasZone: false },
        why: type.hasZone ? "moments are kept as text, in UTC" : null,
      };
    case "interval":
      return asText("an interval is kept as its text");
    case "year":
      return { type: { kind: "int", bits: 64, unsigned: false }, why: null };
    case "uuid":
      return asText(null);
    case "json":
      return asText(null, call("json_valid", own));
    case "enum":
      return asText(null, {
        node: "in",
        not: false,
        of: own,
        list: type.values.map((value) => ({ node: "string", value })),
      });
    case "set":
      return asText("a set of values is kept as its text; what it may hold is not checked");
    case "bits":
      return asText("bits are kept as text");
    case "array":
      return asText("an array is kept as JSON", call("json_valid", own));
    case "other":
      return asText(`${type.text} is a type of its dialect alone`);
    default:
      return { type, why: null };
  }
}

const TEXT: LogicalType = { kind: "text", length: null, isFixed: false, most: null };

/** SQLite keeps no length by itself. */
function lengthCheck(own: Expression, length: number): Expression {
  return {
    node: "binary",
    op: "<=",
    left: call("length", own),
    right: { node: "number", text: String(length) },
  };
}

function fitIndex(index: NeutralIndex) {
  if (index.kind === "fulltext") {
    return { index: null, why: "a search of words is a virtual table of FTS5 of its own" };
  }
  if (index.kind !== "plain") {
    return {
      index: null,
      why: `${index.kind === "inverted" ? "GIN" : "a spatial index"} has no equal`,
    };
  }
  if (index.parts.every(({ length }) => length === null)) return { index, why: null };
  const parts = index.parts.map((part) =>
    part.length === null
      ? part
      : { ...part, length: null, expression: prefixExpression(part.expression, part.length) }
  );
  return { index: { ...index, parts }, why: "a prefix of a column is an expression there" };
}
