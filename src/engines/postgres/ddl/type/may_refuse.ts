/** Whether a value of one type may be refused by another, as a narrowed type does. */

import { type PostgresContext } from "../../objects.ts";
import { baseTypeOf, domainNamed } from "./resolve_domain.ts";

/**
 * True when rows can hold values of the old type that the new one refuses: longer texts, larger numbers, texts that do not read as
 * a value, a domain's checks. False for what only rounds or cuts off. Types as `format_type` names them.
 */
export function mayRefuse(before: string, after: string, context: PostgresContext): boolean {
  const domain = domainNamed(after, context);
  if (domain !== undefined && domainNamed(before, context)?.id !== domain.id) {
    const { to } = context;
    if (domain.facts.not_null === true || context.members(to, domain.id).length > 0) return true;
  }
  return refuses(typeOf(baseTypeOf(before, context)), typeOf(baseTypeOf(after, context)));
}

/** `numeric(10,2)`: its name, and the numbers in its brackets. */
interface Type {
  readonly name: string;
  readonly length: number | null;
  readonly scale: number | null;
}

function typeOf(type: string): Type {
  const [, length, scale] = /\((-?\d+)(?:,(-?\d+))?\)/.exec(type) ?? [];
  return {
    name: type.replaceAll(/\([^)]*\)/g, ""),
    length: length === undefined ? null : Number(length),
    scale: scale === undefined ? null : Number(scale),
  };
}

function refuses(before: Type, after: Type): boolean {
  if (before.name.endsWith("[]") && after.name.endsWith("[]")) {
    const element = ({ name, ...rest }: Type) => ({ ...rest, name: name.slice(0, -2) });
    return refuses(element(before), element(after));
  }
  if (TEXTS.has(after.name)) {
    return after.length !== null && longest(before) > after.length;
  }
  if (BITS.has(before.name) && BITS.has(after.name)) {
    if (after.name === "bit") return after.length !== before.length || before.name !== "bit";
    return after.length !== null && (before.length ?? Infinity) > after.length;
  }
  if (digits(before) !== null && digits(after) !== null) {
    return (digits(before) ?? 0) > (digits(after) ?? 0);
  }
  if (before.name === after.name) return false;
  return !(ALWAYS[before.name] ?? []).includes(after.name) && !TAKE_TEXT.has(after.name);
}

/** The most characters of a value as text. */
function longest({ name, length }: Type): number {
  if (TEXTS.has(name)) return length ?? (name === "name" ? 63 : Infinity);
  return LONGEST[name] ?? Infinity;
}

/** Digits before the decimal point, as far as a value can have; null for what is no number. */
function digits({ name, length, scale }: Type): number | null {
  if (name === "numeric") return length === null ? Infinity : length - (scale ?? 0);
  return DIGITS[name] ?? null;
}

/** Those of integers are a little more than their whole digits, so that the largest do not count as fitting. */
const DIGITS: Readonly<Record<string, number>> = {
  smallint: 4.5,
  integer: 9.5,
  bigint: 18.5,
  real: 38.5,
  "double precision": 308.5,
};

const LONGEST: Readonly<Record<string, number>> = {
  boolean: 5,
  smallint: 6,
  integer: 11,
  bigint: 20,
  uuid: 36,
};

const TEXTS: ReadonlySet<string> = new Set(["text", "character varying", "character", "name"]);

const BITS: ReadonlySet<string> = new Set(["bit", "bit varying"]);

/** Made of any text. */
const TAKE_TEXT: ReadonlySet<string> = new Set(["bytea", "tsvector", "citext", "public.citext"]);

/** Conversions that take every value. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  boolean: ["integer"],
  integer: ["boolean", "oid"],
  smallint: ["oid"],
  oid: ["bigint"],
  date: ["timestamp without time zone", "timestamp with time zone"],
  "timestamp without time zone": [
    "date",
    "timestamp with time zone",
    "time without time zone",
  ],
  "timestamp with time zone": [
    "date",
    "timestamp without time zone",
    "time without time zone",
    "time with time zone",
  ],
  "time without time zone": ["time with time zone", "interval"],
  "time with time zone": ["time without time zone"],
  interval: ["time without time zone"],
  json: ["jsonb"],
  jsonb: ["json"],
  cidr: ["inet"],
  inet: ["cidr"],
  macaddr: ["macaddr8"],
};
