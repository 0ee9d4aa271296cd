/** Values of a type that is replaced, converted also inside arrays, domains and the attributes of rows. */

import type { PostgresContext } from "../../objects.ts";
import { ident, literal } from "../../quote.ts";
import { castBetween, isShapeConvertible, type ShapeConversion, typesOf } from "./convert.ts";
import { isString, stringsOf } from "./fit_string.ts";
import type { Attribute, PlainShape, Shape } from "./shape.ts";

/** Labels of an enumeration that rows lose, each with the SQL text expression that takes its place. */
export interface Mapping {
  /** The full name of the enumeration. */
  readonly type: string;
  readonly mapped: readonly (readonly [label: string, expression: string])[];
}

/** A value that is to be of another type. */
export interface ValueConversion extends ShapeConversion {
  readonly mapping: Mapping | null;
  /** True where the value is wanted as a text that the new type reads: the type itself is not there yet. */
  readonly isPrinted?: true;
}

/**
 * The value in the new type of one in the old, for a USING clause; null where the server converts by itself, and `impossible` for rows
 * inside of arrays whose attributes the printed form does not convert: no expression reaches them.
 */
export function convertedValue(
  value: string,
  change: ValueConversion,
): string | null | "impossible" {
  const { source, target, mapping } = change;
  const after = change.isPrinted === true ? "text" : change.after;
  if (source.kind === "enum" && target.kind === "enum") return enumValue(value, change);
  if (source.kind === "array" && target.kind === "array") {
    const element = { ...change, source: source.element, target: target.element };
    if (isReadAlike(source.element, target.element, change)) return asText(value, after);
    if (isMapped(source.element, mapping) && source.element.kind === "enum") {
      return arrayValue(value, change);
    }
    return reachesRows(element.source) ? "impossible" : castBetween(value, change);
  }
  if (source.kind === "row" && target.kind === "row") {
    if (isReadAlike(source, target, change)) return asText(value, after);
    return rowValue(value, { ...change, source, target });
  }
  return castBetween(value, change);
}

function asText(value: string, after: string): string {
  return after === "text" ? `${value}::text` : `${value}::text::${after}`;
}

/** False where only an expression of the user can convert the values. */
export function isValueConvertible(change: ShapeConversion): boolean {
  const { source, target } = change;
  if (source.kind === "array" && target.kind === "array") {
    return isValueConvertible({ ...change, source: source.element, target: target.element });
  }
  if (source.kind !== "row" || target.kind !== "row") return isShapeConvertible(change);
  return pairsOf(source, target).every(([before, after]) =>
    isValueConvertible({ ...change, source: before.shape, target: after.shape, after: after.type })
  );
}

function reachesRows(shape: Shape): boolean {
  return shape.kind === "array" ? reachesRows(shape.element) : shape.kind === "row";
}

/** True where labels of the mapping may be inside. */
function isMapped(shape: Shape, mapping: Mapping | null): boolean {
  if (mapping === null || mapping.mapped.length === 0) return false;
  switch (shape.kind) {
    case "enum":
      return shape.name === mapping.type;
    case "array":
      return isMapped(shape.element, mapping);
    case "row":
      return shape.attributes.some((attribute) => isMapped(attribute.shape, mapping));
    case "plain":
      return false;
  }
}

function enumValue(value: string, { source, after, mapping }: ValueConversion): string {
  if (mapping === null || !isMapped(source, mapping)) return asText(value, after);
  const cases = mapping.mapped.map(([label, expression]) =>
    `WHEN ${literal(label)} THEN ${expression}`
  );
  return `(CASE ${value}::text ${cases.join(" ")} ELSE ${value}::text END)::${after}`;
}

function arrayValue(value: string, { after, mapping }: ValueConversion): string {
  const replaced = (mapping?.mapped ?? []).reduce(
    (array, [label, expression]) => `array_replace(${array}, ${literal(label)}, ${expression})`,
    `${value}::text[]`,
  );
  return `${replaced}::${after}`;
}

type RowShape = Extract<Shape, { readonly kind: "row" }>;

/** Attribute by attribute, by their names. What is to be refused for its length goes by way of JSON: a written row cuts it off. */
function rowValue(
  value: string,
  change: ValueConversion & { readonly source: RowShape; readonly target: RowShape },
): string | "impossible" {
  const { source, target, after } = change;
  const fields: [string, string][] = [];
  let narrows = false;
  for (const [had, has] of pairsOf(source, target)) {
    narrows ||= isNarrowed(had.shape, has.shape, change.context);
    const field = `(${value}).${ident(had.name)}`;
    const inner: ValueConversion = {
      ...change,
      source: had.shape,
      target: has.shape,
      after: has.type,
    };
    const converted = had.type === has.type && !isMapped(had.shape, change.mapping)
      ? field
      : convertedValue(field, inner) ?? field;
    if (converted === "impossible") return "impossible";
    fields.push([has.name, converted === field ? fieldAs(field, had, has, change) : converted]);
  }
  if (change.isPrinted === true) {
    const row = `ROW(${fields.map(([, field]) => field).join(", ")})`;
    return `(CASE WHEN ${value} IS DISTINCT FROM NULL THEN ${row} END)::text`;
  }
  const row = narrows
    ? `jsonb_populate_record(NULL::${after}, jsonb_build_object(${
      fields.map(([name, field]) => `${literal(name)}, ${field}`).join(", ")
    }))`
    : `ROW(${fields.map(([, field]) => field).join(", ")})::${after}`;
  return `CASE WHEN ${value} IS DISTINCT FROM NULL THEN ${row} END`;
}

/** An attribute whose type changes by itself in an assignment; printed, it must be of the new type, but for texts, which are refused when read. */
function fieldAs(
  field: string,
  had: Attribute,
  has: Attribute,
  { isPrinted, context }: ValueConversion,
): string {
  if (isPrinted !== true || had.type === has.type || has.shape.kind !== "plain") return field;
  return isString(has.shape, typesOf(context)) ? field : `${field}::${has.type}`;
}

/** The attributes that both have, in the order of the old ones: others are dropped before, or added after. */
function pairsOf(
  source: RowShape,
  target: RowShape,
): readonly (readonly [Attribute, Attribute])[] {
  return source.attributes.flatMap((had) => {
    const has = target.attributes.find(({ name }) => name === had.name);
    return has === undefined ? [] : [[had, has] as const];
  });
}

function isNarrowed(
  source: Shape,
  target: Shape,
  context: Pick<PostgresContext, "from" | "to">,
): boolean {
  if (target.kind !== "plain") return false;
  const types = typesOf(context);
  if (!isString(target, types)) return target.name.startsWith("bit");
  const { length } = stringsOf(target, types);
  if (length === Infinity) return false;
  return source.kind !== "plain" || !isString(source, types) ||
    stringsOf(source, types).length > length;
}

/** True where the printed form of every value is one of the new type, or is rightly refused. */
function isReadAlike(source: Shape, target: Shape, change: ValueConversion): boolean {
  if (isMapped(source, change.mapping)) return false;
  if (source.kind === "array" && target.kind === "array") {
    return isReadAlike(source.element, target.element, change);
  }
  if (source.kind === "row" && target.kind === "row") {
    return pairsOf(source, target).every(([had, has]) => isReadAlike(had.shape, has.shape, change));
  }
  if (source.kind === "enum" && target.kind === "enum") return true;
  if (target.kind !== "plain") return false;
  if (source.kind === "plain" && source.name === target.name) return true;
  if (isString(target, typesOf(change.context))) return !isBytes(source);
  return source.kind === "plain" && READ_BY[target.name]?.includes(source.name) === true;
}

function isBytes(shape: Shape): boolean {
  return shape.kind === "plain" && shape.name === "bytea";
}

const WHOLE = ["smallint", "integer", "bigint"];
const REAL = [...WHOLE, "numeric", "real", "double precision"];

/** What prints what a type reads. */
const READ_BY: Readonly<Record<string, readonly PlainShape["name"][]>> = {
  smallint: WHOLE,
  integer: WHOLE,
  bigint: WHOLE,
  numeric: REAL,
  real: REAL,
  "double precision": REAL,
  "timestamp without time zone": ["date"],
  jsonb: ["json"],
  json: ["jsonb"],
};
