/** How the values of one type become those of another. */

import type { PostgresContext, PostgresSnapshot } from "../../objects.ts";
import { literal } from "../../quote.ts";
import type { ServerCast } from "../../catalog/server_types.ts";
import { type Fit, fitOf } from "./fit.ts";
import { isString } from "./fit_string.ts";
import { innermost, type PlainShape, type Shape, shapeOf } from "./shape.ts";

/** Where values come from and go to. */
export interface Conversion {
  /** As `format_type` names them: of the schema before, and of the one after. */
  readonly before: string;
  readonly after: string;
  readonly context: Pick<PostgresContext, "from" | "to" | "hints">;
}

/**
 * What ALTER COLUMN TYPE needs: null where the server converts by itself, else the value in the new type of one in the old, as an
 * expression. It goes by the casts of the server and of the schema, then by the printed form. What is too long is refused: lengths
 * are left to the assignment, since a written cast cuts off.
 */
export function castOf(value: string, change: Conversion): string | null {
  return castBetween(value, { ...change, ...shapesOf(change) });
}

/** A conversion whose types are resolved. */
export interface ShapeConversion extends Pick<Conversion, "after" | "context"> {
  readonly source: Shape;
  readonly target: Shape;
}

/** The same for types that are resolved. */
export function castBetween(value: string, change: ShapeConversion): string | null {
  const { source, target } = change;
  const own = expressionOf(value, change);
  if (own !== undefined) return own;
  const way = wayOf(source, target, change.context);
  switch (way.by) {
    case "assignment":
      return null;
    case "cast":
      return `${value}::${castTarget(change.after, target)}`;
    case "number":
      return `${value}::${way.type}::${change.after}`;
    case "text": {
      const inverse = inverseOf(value, change);
      if (inverse !== null) return inverse;
      const isLong = target.kind === "plain" && isString(target, typesOf(change.context));
      return isLong ? `${value}::text` : `${value}::text::${castTarget(change.after, target)}`;
    }
  }
}

/** What becomes of the values. */
export function fitBetween({ before, after, context }: Conversion): Fit {
  const [source, target] = [shapeOf(before, context.from), shapeOf(after, context.to)];
  const cast = ownCast(source, target, context);
  if (cast !== undefined) return cast.isBinary ? "all" : "changed";
  if (inverseOf("", { source, target, after, context }) !== null) return "some";
  return fitOf(source, target, typesOf(context));
}

/** True where the schema itself has a cast, which is how its author wants the values to be converted. */
export function hasOwnCast({ before, after, context }: Conversion): boolean {
  return ownCast(shapeOf(before, context.from), shapeOf(after, context.to), context) !== undefined;
}

/** What becomes of values of the new type when it is the old one again. */
export function fitBack({ before, after, context }: Conversion): Fit {
  const [source, target] = [shapeOf(after, context.to), shapeOf(before, context.from)];
  const isBytes = (shape: Shape) => shape.kind === "plain" && shape.name === "bytea";
  // Bytes are as a rule no text.
  if (isBytes(source) !== isBytes(target)) return "some";
  return fitOf(source, target, typesOf(context));
}

/** False where nothing is known that makes a value of the new type one of the old again. */
export function isUndone({ before, after, context }: Conversion): boolean {
  const { from, to, hints } = context;
  const back = { before: after, after: before, context: { from: to, to: from, hints } };
  return isConvertible({
    ...back,
    context: { ...back.context, hints: { ...hints, isDown: true } },
  });
}

/** False where no cast is known, and the printed form of a value cannot be read as one of the new type. */
export function isConvertible(change: Conversion): boolean {
  return isShapeConvertible({ ...change, ...shapesOf(change) });
}

/** The same for types that are resolved. */
export function isShapeConvertible(change: ShapeConversion): boolean {
  const { source, target, context } = change;
  if (expressionOf("", change) !== undefined || inverseOf("", change) !== null) return true;
  return wayOf(source, target, context).by !== "text" || isReadAs(source, target, context);
}

function shapesOf({ before, after, context }: Conversion) {
  return { source: shapeOf(before, context.from), target: shapeOf(after, context.to) };
}

type Way =
  | { readonly by: "assignment" | "cast" | "text" }
  /** By way of another type. */
  | { readonly by: "number"; readonly type: string };

/** As `find_coercion_pathway` of the server's parser has it. */
function wayOf(source: Shape, target: Shape, context: Pick<PostgresContext, "from" | "to">): Way {
  if (source.kind === "array" && target.kind === "array") {
    const way = wayOf(source.element, target.element, context);
    return way.by === "number" ? { by: "number", type: `${way.type}[]` } : way;
  }
  const [from, to] = [nameOf(source), nameOf(target)];
  const types = typesOf(context);
  const isSame = source.kind === target.kind && from !== null && from === to;
  if (isSame && source.kind === "plain") return { by: "assignment" };
  const cast = ownCast(source, target, context) ?? types?.casts.get(`${from} AS ${to}`);
  if (cast !== undefined) {
    return { by: cast.context === "explicit" ? "cast" : "assignment" };
  }
  if (target.kind === "plain" && isString(target, types)) return { by: "assignment" };
  // Blanks at the end are printed as well, which other types do not read.
  if (source.kind === "plain" && source.name === "character") return { by: "text" };
  if (source.kind === "plain" && isString(source, types)) return { by: "cast" };
  for (const type of ["numeric", "integer"]) {
    const [first, second] = [`${from} AS ${type}`, `${type} AS ${to}`];
    if (types?.casts.has(first) && types.casts.has(second)) return { by: "number", type };
  }
  return { by: "text" };
}

/** A cast that the schema itself has, before and after. */
function ownCast(
  source: Shape,
  target: Shape,
  { from, to }: Pick<PostgresContext, "from" | "to">,
): ServerCast | undefined {
  const name = `${shortName(source)} AS ${shortName(target)}`;
  const cast = to.objects.get(`cast:${name}`);
  if (cast?.kind !== "cast" || !from.objects.has(cast.id)) return undefined;
  const { context = "explicit", method } = cast.facts;
  return { context, isBinary: method === "binary" };
}

/** The label of an enumeration that a cast of the schema gives the value for; what is none of these is refused. Null without such a cast. */
function inverseOf(value: string, change: ShapeConversion): string | null {
  const { source, target, after, context } = change;
  if (target.kind !== "enum" || source.kind !== "plain") return null;
  if (wayOf(source, target, context).by !== "text" || isReadAs(source, target, context)) {
    return null;
  }
  if (ownCast(target, source, context) === undefined) return null;
  const labels = target.labels.map((label) => `${literal(label)}::${after}`);
  const cases = labels.map((label) => `WHEN ${label}::${source.name} THEN ${label}`);
  return `CASE ${value} ${cases.join(" ")} ELSE ${value}::text::${after} END`;
}

function nameOf(shape: Shape): string | null {
  return shape.kind === "array" ? null : shape.name;
}

/** As `format_type` has it where schema public is on the search path. */
function shortName(shape: Shape): string {
  if (shape.kind === "array") return `${shortName(shape.element)}[]`;
  return shape.name.replace(/^public\./, "");
}

/** What the server and its extensions bring along. */
export function typesOf({ from, to }: { from: PostgresSnapshot; to: PostgresSnapshot }) {
  return to.types ?? from.types;
}

/** A type that a value can be cast to so that nothing is cut off: without its length where it has one. */
function castTarget(type: string, shape: Shape): string {
  const inside = innermost(shape);
  const open = inside.kind === "plain" ? UNBOUNDED[inside.name] : undefined;
  return open === undefined ? type : `${open}${type.endsWith("[]") ? "[]" : ""}`;
}

const UNBOUNDED: Readonly<Record<string, string>> = {
  "character varying": "text",
  character: "text",
  "bit varying": "bit varying",
};

/** Conversions that are no casts, each with one that undoes it; null where the server's own will do, undefined where there is none. */
function expressionOf(
  value: string,
  { after, context, source, target }: ShapeConversion,
): string | null | undefined {
  const isDown = context.hints.isDown === true;
  const types = typesOf(context);
  const isText = (shape: Shape) => shape.kind === "plain" && isString(shape, types);
  const [from, to] = [nameOf(source), nameOf(target)];
  const hasCast = types?.casts.has(`${from} AS ${to}`) === true;
  if (from === "bytea" && to !== "bytea" && !hasCast) {
    if (to === "uuid") return `encode(${value}, 'hex')::uuid`;
    // The server writes bytes as hexadecimal digits; nothing but text made of them reads these.
    if (isText(target)) return isDown ? `convert_from(${value}, 'UTF8')` : null;
    return target.kind === "array" ? undefined : `convert_from(${value}, 'UTF8')::${after}`;
  }
  if (to === "bytea" && from !== "bytea" && !hasCast) {
    if (from === "uuid") return `uuid_send(${value})`;
    if (isText(source)) return isDown ? undefined : `convert_to(${value}, 'UTF8')`;
    return source.kind === "array" ? undefined : `convert_to(${value}::text, 'UTF8')`;
  }
  if (from?.startsWith("interval") && NUMBERS.has(to ?? "")) {
    return `extract(epoch FROM ${value})::${after}`;
  }
  // A day is made up only for those that were cut off.
  if (isDown && from?.startsWith("time ") && to?.startsWith("timestamp ")) {
    return `date '1970-01-01' + ${value}`;
  }
  return undefined;
}

const NUMBERS: ReadonlySet<string> = new Set(
  ["smallint", "integer", "bigint", "numeric", "real", "double precision"],
);

/** True where the printed form of some value of the one type is one of the other. */
function isReadAs(
  source: Shape,
  target: Shape,
  context: Pick<PostgresContext, "from" | "to">,
): boolean {
  if (source.kind === "array" || target.kind === "array") {
    return source.kind === "array" && target.kind === "array" &&
      isReadAs(source.element, target.element, context);
  }
  if (source.kind === "row" || target.kind === "row") return source.kind === target.kind;
  if (source.kind === "enum" && target.kind === "enum") return true;
  if (source.kind === "enum" && target.kind === "plain") {
    return source.labels.some((label) => READS[target.name]?.test(label) ?? false);
  }
  if (target.kind === "enum" && source.kind === "plain") {
    return target.labels.some((label) => READS[source.name]?.test(label) ?? false);
  }
  return source.kind === "plain" && target.kind === "plain" &&
    arePrintedAlike(source, target, context);
}

/** What labels look like that are values of a type as well. */
const READS: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries([...NUMBERS].map((type) => [type, /^-?\d+$/])),
  boolean: /^(?:true|false|t|f|yes|no|on|off|0|1)$/i,
};

/** Types of the server, by what they print; those of extensions may print anything. */
function arePrintedAlike(
  source: PlainShape,
  target: PlainShape,
  context: Pick<PostgresContext, "from" | "to">,
): boolean {
  const categories = typesOf(context)?.categories;
  const [from, to] = [categories?.get(source.name), categories?.get(target.name)];
  if (from === undefined || to === undefined) return true;
  if (source.name.includes(".") || target.name.includes(".")) return true;
  const isJson = ({ name }: PlainShape) => name === "json" || name === "jsonb";
  if (isJson(source)) return isJson(target) || to === "N" || to === "B";
  if (isJson(target)) return from === "N" || from === "B";
  if (from === "N" && to === "T") return true;
  return from === to && !APART.has(from);
}

/** Categories whose types print in different ways: dates and times, figures, and what is none of the others. */
const APART: ReadonlySet<string> = new Set(["D", "G", "U", "Z"]);
