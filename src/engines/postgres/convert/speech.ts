/** How Postgres' SQL is read into the tree and written from it. */

import { COMMON_FUNCTIONS, counted, joinedLoosely, named } from "../../convert/functions.ts";
import type { LogicalType } from "../../convert/neutral.ts";
import type { Speech } from "../../convert/print.ts";
import type { Reading } from "../../convert/reading.ts";
import { formatLiteral, formattedTime } from "../../convert/time_format.ts";
import { Untranslatable } from "../../convert/tree.ts";
import { lowerAscii, unquoted } from "../../../sql/name.ts";
import { lexicon } from "../lexicon.ts";
import { ident, literal } from "../quote.ts";
import { typeOf, typeText } from "./types.ts";

const match = (as: "like" | "ilike" | "regexp" | "iregexp", not: boolean) =>
  ({ binds: 4, as: { match: as, not } }) as const;

/** Postgres as it is read; enums by their names. */
export function readingOf(enums: ReadonlyMap<string, readonly string[]>): Reading {
  return {
    lexicon,
    foldName: lowerAscii,
    stringValue,
    division: "div",
    operators: {
      "~~": match("like", false),
      "!~~": match("like", true),
      "~~*": match("ilike", false),
      "!~~*": match("ilike", true),
      "ILIKE": match("ilike", false),
      "~": match("regexp", false),
      "!~": match("regexp", true),
      "~*": match("iregexp", false),
      "!~*": match("iregexp", true),
      "||": { binds: 6, as: { binary: "||" } },
      "->": { binds: 6, as: { binary: "->" } },
      "->>": { binds: 6, as: { binary: "->>" } },
    },
    typeOf: (text) => typeOf(text, enums),
    functions: {
      ...named(COMMON_FUNCTIONS),
      count: counted,
      concat: joinedLoosely,
      char_length: "length",
      character_length: "length",
      length: "length",
      octet_length: "octet_length",
      btrim: "trim",
      substring: "substring",
      substr: "substring",
      left: "left",
      right: "right",
      strpos: "position",
      now: "now",
      transaction_timestamp: "now",
      statement_timestamp: "now",
      clock_timestamp: "now",
      gen_random_uuid: "uuid",
      uuid_generate_v4: "uuid",
      random: "random",
      greatest: "greatest",
      least: "least",
      floor: "floor",
      ceil: "ceil",
      ceiling: "ceil",
      power: "power",
      sqrt: "sqrt",
      sign: "sign",
      mod: (args) => ({ node: "binary", op: "%", left: args[0] ?? ZERO, right: args[1] ?? ZERO }),
      lpad: "lpad",
      rpad: "rpad",
      repeat: "repeat",
      reverse: "reverse",
      md5: "md5",
      concat_ws: "concat_ws",
      string_agg: "string_agg",
      date: "date_of",
      json_build_object: "json_object",
      jsonb_build_object: "json_object",
      json_agg: "json_agg",
      jsonb_agg: "json_agg",
      bool_and: "bool_and",
      bool_or: "bool_or",
      to_tsvector: "to_tsvector",
      to_char: ([value, format]) => formattedTime(value, format, FORMAT),
      nextval: () => {
        throw new Untranslatable("the next value of a sequence has no equal");
      },
    },
  };
}

const FORMAT = { "%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "HH24", "%M": "MI", "%S": "SS" };
const ZERO = { node: "number", text: "0" } as const;

/** The value of a string of Postgres, with its prefix. */
function stringValue(text: string): string {
  const body = unquoted(text.replace(/^[a-zA-Z](?=')/, ""));
  if (!/^[eE]'/.test(text)) return body;
  return body.replaceAll(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

const part = (field: string) => (args: readonly string[]) =>
  `EXTRACT(${field} FROM ${args.join(", ")})`;

/** Postgres as it is written. */
export const speech: Speech = {
  dialect: "Postgres",
  quote: ident,
  literal,
  bool: (value) => value ? "TRUE" : "FALSE",
  blob: (hex) => `'\\x${hex}'::bytea`,
  functions: {
    ...named(COMMON_FUNCTIONS),
    length: "length",
    octet_length: "octet_length",
    substring: "substr",
    left: "left",
    right: "right",
    position: "strpos",
    now: () => "CURRENT_TIMESTAMP",
    today: () => "CURRENT_DATE",
    time_of_day: () => "LOCALTIME",
    uuid: () => "gen_random_uuid()",
    random: "random",
    greatest: "greatest",
    least: "least",
    floor: "floor",
    ceil: "ceil",
    power: "power",
    sqrt: "sqrt",
    sign: "sign",
    lpad: "lpad",
    rpad: "rpad",
    repeat: "repeat",
    reverse: "reverse",
    md5: "md5",
    concat_ws: "concat_ws",
    string_agg: ([first = "", separator = "','"], order) =>
      `string_agg((${first})::text, ${separator}${order})`,
    date_of: (args) => `(${args[0] ?? ""})::date`,
    json_object: "jsonb_build_object",
    json_agg: "jsonb_agg",
    bool_and: "bool_and",
    bool_or: "bool_or",
    to_tsvector: "to_tsvector",
    format_time: ([of = "", format = ""]) => `to_char(${of}, ${formatLiteral(format, FORMAT)})`,
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
    epoch: part("epoch"),
    json_valid: (args) => `(${args[0] ?? ""})::jsonb IS NOT NULL`,
    json_value: (args) => `(${args[0] ?? ""})::jsonb #>> ${pathOf(args[1] ?? "")}`,
  },
  castType: (type: LogicalType) => typeText(type),
  operators: {
    same: "IS NOT DISTINCT FROM",
    differs: "IS DISTINCT FROM",
    div: "/",
    "/": (left, right) => `(${left})::numeric / ${right}`,
  },
  match: ({ op, not }, of, pattern) => {
    if (op === "glob") throw new Untranslatable("GLOB has no equal");
    const sign = { like: "LIKE", ilike: "ILIKE", regexp: "~", iregexp: "~*" }[op];
    if (sign.startsWith("~")) return `${of} ${not ? "!" : ""}${sign} ${pattern}`;
    return `${of} ${not ? "NOT " : ""}${sign} ${pattern}`;
  },
  array: (items) => items.length === 0 ? "'{}'" : `ARRAY[${items.join(", ")}]`,
  moved: (moment, sign, amount, unit) => `${moment} ${sign} INTERVAL '${amount} ${unit}'`,
  ordersNulls: true,
  valuesRow: "",
  namesDerived: true,
  hasFullJoin: true,
};

/** `'$.a.b'` as `'{a,b}'`. */
function pathOf(text: string): string {
  const [, path] = /^'\$((?:\.\w+)+)'$/.exec(text) ?? [];
  if (path === undefined) throw new Untranslatable(`the path ${text} has no equal`);
  return literal(`{${path.slice(1).replaceAll(".", ",")}}`);
}
