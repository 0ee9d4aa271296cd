/** Which values survive as texts, and which texts in another type of them. */

import type { ServerTypes } from "../../catalog/server_types.ts";
import type { Fit } from "./fit.ts";
import { innermost, type PlainShape, type Shape } from "./shape.ts";

/** True for what is like a text: what the server casts any value to. */
export function isString({ name }: PlainShape, types: ServerTypes | undefined): boolean {
  return STRINGS.has(name) || types?.categories.get(name) === "S";
}

const STRINGS: ReadonlySet<string> = new Set([
  "text",
  "character varying",
  "character",
  "bpchar",
  "name",
  '"char"',
]);

/** What a type of texts does to them. */
interface Strings {
  /** True where a text stays as it is, blanks at its end included. */
  readonly isExact: boolean;
  /** In characters. */
  readonly length: number;
}

/** What a type of texts does to them. */
export function stringsOf(
  { name, modifiers }: PlainShape,
  types: ServerTypes | undefined,
): Strings {
  switch (name) {
    case "text":
    case "character varying":
      return { isExact: true, length: modifiers[0] ?? Infinity };
    case "character":
      return { isExact: false, length: modifiers[0] ?? 1 };
    case "bpchar":
      return { isExact: false, length: Infinity };
    case "name":
      return { isExact: true, length: 63 };
    case '"char"':
      return { isExact: true, length: 1 };
    default:
      return { isExact: types?.casts.get(`${name} AS text`)?.isBinary === true, length: Infinity };
  }
}

/** What becomes of values as texts. */
export function stringFit(
  source: Shape,
  target: PlainShape,
  types: ServerTypes | undefined,
): Fit {
  const wanted = stringsOf(target, types);
  if (source.kind === "plain" && source.name === target.name) {
    if (source.detail === target.detail) return "all";
  }
  // These cut off what is too long, and bytes at that.
  if (target.name === "name" || target.name === '"char"') return "changed";
  if (source.kind !== "plain" || !isString(source, types)) {
    return printedFit(source, target, wanted);
  }
  const had = stringsOf(source, types);
  if (source.name === "bpchar") return "changed";
  // Blanks at the end of a `character` count for nothing, and are there again when it is one again.
  if (source.name === "character") return had.length <= wanted.length ? "all" : "some";
  // Blanks at the end that are too many are cut off, whatever else is refused.
  return wanted.isExact && had.length <= wanted.length ? "all" : "changed";
}

/** Values as the server prints them, which it reads again. */
function printedFit(source: Shape, target: PlainShape, { isExact, length }: Strings): Fit {
  const inside = innermost(source);
  // What they name is printed by the search path, and need not be there any more.
  if (inside.kind === "plain" && inside.name.startsWith("reg")) return "changed";
  if (isExact && length === Infinity) return "all";
  if (target.name === "bpchar" || source.kind === "array") return "changed";
  if (source.kind === "enum") {
    if (source.labels.some((label) => label.endsWith(" "))) return "changed";
    return source.labels.every((label) => [...label].length <= length) ? "all" : "some";
  }
  const longest = source.kind === "plain" ? LONGEST[source.name] : undefined;
  if (longest === undefined) return "changed";
  return longest <= length ? "all" : "some";
}

/** Characters of the longest value; none of them ends in a blank. */
const LONGEST: Readonly<Record<string, number>> = {
  boolean: 5,
  smallint: 6,
  integer: 11,
  bigint: 20,
  real: 15,
  "double precision": 24,
  numeric: Infinity,
  oid: 10,
  uuid: 36,
  date: 13,
  bytea: Infinity,
  "timestamp without time zone": Infinity,
  "timestamp with time zone": Infinity,
  "time without time zone": 15,
  macaddr: 17,
  macaddr8: 23,
};
