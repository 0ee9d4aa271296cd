/** How the values of one type become those of another. */

import { objectOf, type PostgresSnapshot } from "../../objects.ts";

/** Where values come from and go to. */
export interface Conversion {
  /** Types as `format_type` names them. */
  readonly before: string;
  readonly after: string;
  /** Of the databases that have them. */
  readonly snapshots: readonly PostgresSnapshot[];
  /** True on the way down: it undoes what the change did. */
  readonly wayBack: boolean;
}

/**
 * What ALTER COLUMN TYPE needs: null where the server converts by itself, else the value in the new type of one in the old, as an
 * expression. Types that the server does not bring along are converted by way of text, which always parses; domains count as their
 * base types.
 */
export function castOf(value: string, change: Conversion): string | null {
  const source = baseOf(change.before, change.snapshots);
  const target = baseOf(change.after, change.snapshots);
  const own = expressionOf(value, { ...change, source, target });
  if (own !== undefined) return own;
  switch (needOf(source, target, change.snapshots)) {
    case "nothing":
      return null;
    case "cast":
      return `${value}::${change.after}`;
    case "text":
      return `${value}::text::${change.after}`;
  }
}

/** What the server needs to be told; `text` that it has no cast. */
function needOf(
  source: string,
  target: string,
  snapshots: readonly PostgresSnapshot[],
): "nothing" | "cast" | "text" {
  if (source.endsWith("[]") && target.endsWith("[]")) {
    return needOf(source.slice(0, -2), target.slice(0, -2), snapshots);
  }
  if (source === target || TEXTS.has(target)) return "nothing";
  if (
    (source === "bytea" && INTEGERS.has(target)) || (target === "bytea" && INTEGERS.has(source))
  ) {
    return snapshots.every(({ version }) => parseInt(version) >= 18) ? "cast" : "text";
  }
  const targets = CASTS[source] ?? [];
  if (targets.includes(target)) return "nothing";
  return targets.includes(`${target}!`) || TEXTS.has(source) ? "cast" : "text";
}

/** Conversions that are no casts, each with one that undoes it; null where the server's own will do, undefined where there is none. */
function expressionOf(
  value: string,
  { after, source, target, wayBack }: Conversion & { source: string; target: string },
): string | null | undefined {
  if (source === "bytea" && target !== "bytea" && !INTEGERS.has(target)) {
    if (target === "uuid") return `encode(${value}, 'hex')::uuid`;
    // The server writes bytes as hexadecimal digits; nothing but text made of them reads these.
    if (TEXTS.has(target)) return wayBack ? `convert_from(${value}, 'UTF8')` : null;
    return target.endsWith("[]") ? undefined : `convert_from(${value}, 'UTF8')::${after}`;
  }
  if (target === "bytea" && source !== "bytea" && !INTEGERS.has(source)) {
    if (source === "uuid") return `uuid_send(${value})`;
    if (TEXTS.has(source)) return wayBack ? undefined : `convert_to(${value}, 'UTF8')`;
    return source.endsWith("[]") ? undefined : `convert_to(${value}::text, 'UTF8')`;
  }
  if (source === "money" && NUMBERS.has(target)) return `${value}::numeric::${after}`;
  if (source === "interval" && NUMBERS.has(target)) return `extract(epoch FROM ${value})::${after}`;
  // A day is made up only for those that were cut off.
  if (wayBack && source.startsWith("time ") && target.startsWith("timestamp ")) {
    return `date '1970-01-01' + ${value}`;
  }
  return undefined;
}

/** True when some values come out changed without an error. */
export function isLossy(
  before: string,
  after: string,
  snapshots: readonly PostgresSnapshot[],
): boolean {
  const source = baseOf(before, snapshots);
  const target = baseOf(after, snapshots);
  if (source === target) {
    const [, oldScale] = typmodOf(before);
    const [newPrecision, newScale] = typmodOf(after);
    if (source === "numeric") {
      return newPrecision !== null && (newScale ?? 0) < (oldScale ?? Infinity);
    }
    if (source.startsWith("time") || source === "interval") {
      return newPrecision !== null && newPrecision < (typmodOf(before)[0] ?? 6);
    }
    return false;
  }
  const isText = TEXTS.has(source);
  if (target === "tsvector" || (isText && target === "money")) return true;
  if (isText && target === "numeric") return typmodOf(after)[0] !== null;
  return LOSSY[source]?.includes(target) ?? false;
}

/** True when the rows stay as they are on disk. */
export function avoidsRewrite(before: string, after: string): boolean {
  const source = plain(before);
  const target = plain(after);
  const [oldLength, oldScale] = typmodOf(before);
  const [newLength, newScale] = typmodOf(after);
  if (source === "character varying" || source === "text") {
    if (target === "text") return true;
    return target === "character varying" &&
      (newLength === null || (oldLength !== null && newLength >= oldLength));
  }
  if (source !== target) return source === "cidr" && target === "inet";
  if (newLength === null) return source === "numeric" || source === "bit varying";
  if (oldLength === null) return source.startsWith("time") && newLength === 6;
  if (source === "numeric") return newLength >= oldLength && (oldScale ?? 0) === (newScale ?? 0);
  if (source === "bit varying" || source.startsWith("time")) return newLength >= oldLength;
  return false;
}

/** True when two types are in one index operator family, so that a foreign key between them stays valid. */
export function comparable(before: string, after: string): boolean {
  return areInOne(FAMILIES, before, after);
}

/** True when values of one type usually fit the other, as in a column that got another name and a wider type. */
export function compatible(before: string, after: string): boolean {
  return areInOne(COMPATIBLE, before, after);
}

function areInOne(sets: readonly ReadonlySet<string>[], before: string, after: string): boolean {
  const [source, target] = [plain(before), plain(after)];
  return source === target || sets.some((types) => types.has(source) && types.has(target));
}

/** `character varying(20)` as `character varying`, `timestamp(3) without time zone` as `timestamp without time zone`. */
function plain(type: string): string {
  return type.replace(/\([^)]*\)/g, "");
}

/** The numbers in the brackets of a type. */
function typmodOf(type: string): readonly [number | null, number | null] {
  const [, first, second] = /\((-?\d+)(?:,(-?\d+))?\)/.exec(type) ?? [];
  return [first === undefined ? null : Number(first), second === undefined ? null : Number(second)];
}

/** The plain type, with domains resolved to their base types. */
function baseOf(type: string, snapshots: readonly PostgresSnapshot[]): string {
  const name = plain(type);
  const array = name.endsWith("[]");
  const element = array ? name.slice(0, -2) : name;
  const id = `domain:${element.includes(".") ? element : `public.${element}`}`;
  for (const snapshot of snapshots) {
    const base = objectOf(snapshot, id, "domain")?.facts.type;
    if (base !== undefined) return baseOf(base + (array ? "[]" : ""), snapshots);
  }
  return name;
}

const NUMBERS: ReadonlySet<string> = new Set(
  ["smallint", "integer", "bigint", "numeric", "real", "double precision"],
);

/** Have casts to and from bytea from version 18 on. */
const INTEGERS: ReadonlySet<string> = new Set(["smallint", "integer", "bigint"]);

const TEXTS: ReadonlySet<string> = new Set(["text", "character varying", "character", "name"]);

const COMPATIBLE: readonly ReadonlySet<string>[] = [
  new Set(["smallint", "integer", "bigint", "numeric", "real", "double precision"]),
  new Set([...TEXTS, "public.citext"]),
  new Set(["date", "timestamp without time zone", "timestamp with time zone"]),
  new Set(["json", "jsonb"]),
];

const FAMILIES: readonly ReadonlySet<string>[] = [
  new Set(["smallint", "integer", "bigint"]),
  new Set(["text", "character varying", "name"]),
  new Set(["real", "double precision"]),
  new Set(["date", "timestamp without time zone", "timestamp with time zone"]),
];

/** Casts of `pg_cast` between built-in types; those with `!` must be written out. */
const CASTS: Readonly<Record<string, readonly string[]>> = {
  boolean: ["integer!"],
  bigint: [
    "smallint",
    "integer",
    "real",
    "double precision",
    "money",
    "bit!",
    "numeric",
    "oid",
    "regclass",
  ],
  smallint: ["bigint", "integer", "real", "double precision", "numeric", "oid"],
  integer: [
    "boolean!",
    "bigint",
    "smallint",
    "real",
    "double precision",
    "money",
    "bit!",
    "numeric",
    "oid",
    "regclass",
  ],
  oid: ["bigint", "integer"],
  json: ["jsonb"],
  jsonb: [
    "boolean!",
    "bigint!",
    "smallint!",
    "integer!",
    "json",
    "real!",
    "double precision!",
    "numeric!",
  ],
  xml: [],
  point: ["box"],
  lseg: ["point!"],
  path: ["polygon"],
  box: ["point!", "lseg!", "polygon", "circle!"],
  polygon: ["point!", "path", "box!", "circle!"],
  circle: ["point!", "box!", "polygon!"],
  cidr: ["inet"],
  inet: ["cidr"],
  macaddr: ["macaddr8"],
  macaddr8: ["macaddr"],
  real: ["bigint", "smallint", "integer", "double precision", "numeric"],
  "double precision": ["bigint", "smallint", "integer", "real", "numeric"],
  money: ["numeric"],
  numeric: ["bigint", "smallint", "integer", "real", "double precision", "money"],
  date: ["timestamp without time zone", "timestamp with time zone"],
  "time without time zone": ["interval", "time with time zone"],
  "time with time zone": ["time without time zone"],
  "timestamp without time zone": ["date", "time without time zone", "timestamp with time zone"],
  "timestamp with time zone": [
    "date",
    "time without time zone",
    "timestamp without time zone",
    "time with time zone",
  ],
  interval: ["time without time zone"],
  bit: ["bigint!", "integer!", "bit varying"],
  "bit varying": ["bit"],
};

/** Casts that round or cut off instead of failing. */
const LOSSY: Readonly<Record<string, readonly string[]>> = {
  bytea: ["bigint", "integer", "smallint"],
  bigint: ["real", "double precision"],
  integer: ["real", "boolean"],
  numeric: ["bigint", "integer", "smallint", "real", "double precision", "money", "interval"],
  real: ["bigint", "integer", "smallint", "interval"],
  "double precision": ["bigint", "integer", "smallint", "real", "interval"],
  interval: ["time without time zone", ...NUMBERS],
  "timestamp without time zone": ["date", "time without time zone", "time with time zone"],
  "timestamp with time zone": ["date", "time without time zone", "time with time zone"],
  "time with time zone": ["time without time zone"],
  inet: ["cidr"],
  circle: ["point", "box"],
  box: ["point", "lseg"],
  polygon: ["point", "box", "circle"],
  lseg: ["point"],
};
