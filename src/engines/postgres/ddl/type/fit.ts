/**
 * Which values of one type survive in another: what is not known to keep them is taken to change them. The sources are the manual's
 * chapters on data types, `pg_cast`, and what the server does to the extreme values of each type (`tests/postgres/fit_test.ts`).
 */

import type { ServerTypes } from "../../catalog/server_types.ts";
import { dateTimeFit } from "./fit_datetime.ts";
import { isNumber, numberFit } from "./fit_number.ts";
import { isString, stringFit, stringsOf } from "./fit_string.ts";
import type { PlainShape, Shape } from "./shape.ts";

/**
 * `all` values become ones that can be turned back; `some` do, and the others are refused; or some come out `changed` without an
 * error.
 */
export type Fit = "all" | "some" | "changed";

/** What becomes of the values of `source` in `target`, by the conversion that is planned for them. */
export function fitOf(source: Shape, target: Shape, types: ServerTypes | undefined): Fit {
  if (source.kind === "array" && target.kind === "array") {
    return fitOf(source.element, target.element, types);
  }
  if (source.kind === "row" && target.kind === "row") return rowFit(source, target, types);
  if (source.kind === "enum" && target.kind === "enum") {
    return source.labels.every((label) => target.labels.includes(label)) ? "all" : "some";
  }
  if (target.kind === "plain" && isString(target, types)) return stringFit(source, target, types);
  if (source.kind !== "plain") return "changed";
  if (isString(source, types)) return readFit(source, target, types);
  return target.kind === "plain" ? plainFit(source, target, types) : "changed";
}

/** The worse of two. */
function worseFit(one: Fit, other: Fit): Fit {
  return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}

const ORDER: readonly Fit[] = ["all", "some", "changed"];

type RowShape = Extract<Shape, { readonly kind: "row" }>;

/** Attributes keep their values by their names in one type that changes, by their places in another one. */
function rowFit(source: RowShape, target: RowShape, types: ServerTypes | undefined): Fit {
  const isSame = source.name === target.name;
  if (!isSame && source.attributes.length !== target.attributes.length) return "changed";
  return source.attributes.map((attribute, at) => {
    const after = isSame
      ? target.attributes.find(({ name }) => name === attribute.name)
      : target.attributes[at];
    // An attribute that is dropped is told of where it is dropped.
    return after === undefined ? "all" : fitOf(attribute.shape, after.shape, types);
  }).reduce(worseFit, "all");
}

/** Of texts that are read as another type, the spelling is lost: `007` becomes 7. */
function readFit(source: PlainShape, target: Shape, types: ServerTypes | undefined): Fit {
  if (target.kind === "enum") return "some";
  if (target.kind !== "plain" || !stringsOf(source, types).isExact) return "changed";
  if (target.name === "bytea") return "all";
  return target.name === "json" ? "some" : "changed";
}

function plainFit(
  source: PlainShape,
  target: PlainShape,
  types: ServerTypes | undefined,
): Fit {
  if (isNumber(source) || isNumber(target)) return numberFit(source, target);
  const known = dateTimeFit(source, target) ?? bitFit(source, target);
  if (known !== null) return known;
  if (source.name === target.name) {
    return source.detail === target.detail || target.detail === "" ? "all" : "changed";
  }
  const pair = `${source.name} AS ${target.name}`;
  if (types?.casts.get(pair)?.isBinary === true && target.detail === "") return "all";
  return KNOWN[pair] ?? "changed";
}

/** A bit string must have the length of a `bit`, and may be shorter than a `bit varying`. */
function bitFit(source: PlainShape, target: PlainShape): Fit | null {
  const isBits = ({ name }: PlainShape) => name === "bit" || name === "bit varying";
  if (!isBits(source) || !isBits(target)) return null;
  const length = source.modifiers[0] ?? (source.name === "bit" ? 1 : Infinity);
  if (target.name === "bit varying") {
    return length <= (target.modifiers[0] ?? Infinity) ? "all" : "some";
  }
  return source.name === "bit" && length === (target.modifiers[0] ?? 1) ? "all" : "some";
}

/** Conversions that are known to keep or refuse values. */
const KNOWN: Readonly<Record<string, Fit>> = {
  "jsonb AS json": "all",
  "boolean AS json": "all",
  "boolean AS jsonb": "all",
  "uuid AS bytea": "all",
  "bytea AS uuid": "some",
  "json AS bytea": "all",
  "jsonb AS bytea": "all",
  "macaddr AS macaddr8": "all",
  "macaddr8 AS macaddr": "some",
  "int4range AS int8range": "all",
  "int4range AS numrange": "changed",
};
