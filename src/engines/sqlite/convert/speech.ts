/** How SQLite's SQL is read into the tree and written from it. */

import {
  chosen,
  COMMON_FUNCTIONS,
  counted,
  joinedLoosely,
  named,
} from "../../convert/functions.ts";
import type { Speech } from "../../convert/print.ts";
import type { Reading } from "../../convert/reading.ts";
import { formatLiteral, formattedTime } from "../../convert/time_format.ts";
import { call, type Expression, Untranslatable } from "../../convert/tree.ts";
import { unquoted } from "../../../sql/name.ts";
import { lexicon } from "../lexicon.ts";
import { literal, quote } from "../quote.ts";
import { typeOf, typeText } from "./types.ts";

const match = (as: "ilike" | "regexp" | "glob") =>
  ({ binds: 4, as: { match: as, not: false } }) as const;

/** SQLite as it is read. `names` are those that quotes can mean, in small letters. */
export function readingOf(names: ReadonlySet<string>): Reading {
  return {
    lexicon,
    foldName: (name) => name,
    stringValue: unquoted,
    division: "div",
    operators: {
      "==": { binds: 4, as: { binary: "=" } },
      "||": { binds: 10, as: { binary: "||" } },
      "->": { binds: 10, as: { binary: "->" } },
      "->>": { binds: 10, as: { binary: "->>" } },
      "LIKE": match("ilike"),
      "GLOB": match("glob"),
      "REGEXP": match("regexp"),
    },
    typeOf,
    looseStrings: (name) => names.has(name.toLowerCase()) ? null : { node: "string", value: name },
    functions: {
      ...named(COMMON_FUNCTIONS),
      count: counted,
      concat: joinedLoosely,
      concat_ws: "concat_ws",
      ifnull: "coalesce",
      iif: chosen,
      if: chosen,
      length: "length",
      octet_length: "octet_length",
      substr: "substring",
      substring: "substring",
      instr: "position",
      random: () => {
        throw new Untranslatable("random() of SQLite gives any whole number");
      },
      floor: "floor",
      ceil: "ceil",
      ceiling: "ceil",
      pow: "power",
      power: "power",
      sqrt: "sqrt",
      sign: "sign",
      group_concat: ([first = ZERO, separator]) =>
        call("string_agg", first, separator ?? { node: "string", value: "," }),
      string_agg: "string_agg",
      datetime: (args) => moment(args, "now"),
      current_timestamp: () => call("now"),
      date: (args) => isNow(args) ? call("today") : call("date_of", ...args),
      time: (args) => moment(args, "time_of_day"),
      unixepoch: (args) => isNow(args) ? call("epoch", call("now")) : call("epoch", ...args),
      strftime: (args) => formatted(args),
      json_valid: "json_valid",
      json_object: "json_object",
      json_group_array: "json_agg",
      json_extract: "json_value",
    },
  };
}

const ZERO: Expression = { node: "number", text: "0" };

function isNow(args: readonly Expression[]): boolean {
  const [first, ...others] = args;
  return first === undefined || (isText(first, "now") && others.length === 0);
}

function isText(tree: Expression | undefined, value: string): boolean {
  return tree?.node === "string" && tree.value.toLowerCase() === value;
}

function moment(args: readonly Expression[], name: string): Expression {
  const [first, second, third] = args;
  if (
    isNow(args) || (isText(first, "now") && isText(second, "utc")) ||
    (isText(first, "now") && isText(second, "localtime") && third === undefined)
  ) return call(name);
  const shift = second?.node === "string" && third === undefined
    ? /^([+-])?\s*(\d+) (year|month|day|hour|minute|second)s?$/.exec(second.value)
    : null;
  if (first === undefined || shift === null || name !== "now") {
    throw new Untranslatable("a date with modifiers has no equal");
  }
  return {
    node: "binary",
    op: shift[1] === "-" ? "-" : "+",
    left: isText(first, "now") ? call("now") : first,
    right: { node: "interval", amount: shift[2] ?? "", unit: shift[3] ?? "" },
  };
}

const FORMAT = { "%Y": "%Y", "%m": "%m", "%d": "%d", "%H": "%H", "%M": "%M", "%S": "%S" };

function formatted([format, of, ...rest]: readonly Expression[]): Expression {
  const text = format?.node === "string" ? format.value : "";
  const value = of === undefined || isText(of, "now") ? call("now") : of;
  if (rest.length === 0 && text === "%s") return call("epoch", value);
  if (
    rest.length === 0 && (of === undefined || isText(of, "now")) &&
    /^%Y-%m-%d[ T]%H:%M:%[Sf]Z?$/.test(text)
  ) {
    return call("now");
  }
  if (rest.length > 0) throw new Untranslatable("a date with modifiers has no equal");
  return formattedTime(value, format, FORMAT);
}

const field = (format: string) => (args: readonly string[]) =>
  `CAST(strftime('${format}', ${args.join(", ")}) AS INTEGER)`;

/** SQLite as it is written. */
export const speech: Speech = {
  dialect: "SQLite",
  quote,
  literal,
  bool: (value) => value ? "1" : "0",
  blob: (hex) => `x'${hex}'`,
  functions: {
    ...named(COMMON_FUNCTIONS),
    length: "length",
    octet_length: ([of = ""]) => `length(CAST(${of} AS BLOB))`,
    substring: "substr",
    left: ([of = "", count = ""]) => `substr(${of}, 1, ${count})`,
    right: ([of = "", count = ""]) => `substr(${of}, -(${count}))`,
    position: "instr",
    now: () => "CURRENT_TIMESTAMP",
    today: () => "CURRENT_DATE",
    time_of_day: () => "CURRENT_TIME",
    uuid: () =>
      "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || " +
      "substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))",
    random: () => "((random() & 9007199254740991) / 9007199254740992.0)",
    greatest: "max",
    least: "min",
    floor: "floor",
    ceil: "ceil",
    power: "power",
    sqrt: "sqrt",
    sign: "sign",
    string_agg: ([first = "", separator = "','"], order) =>
      `group_concat(${first}, ${separator}${order})`,
    date_of: "date",
    year: field("%Y"),
    month: field("%m"),
    day: field("%d"),
    hour: field("%H"),
    minute: field("%M"),
    second: field("%S"),
    epoch: field("%s"),
    format_time: ([of = "", format = ""]) => `strftime(${formatLiteral(format, FORMAT)}, ${of})`,
    json_valid: "json_valid",
    json_object: "json_object",
    json_agg: "json_group_array",
    json_value: "json_extract",
    bool_and: "min",
    bool_or: "max",
  },
  castType: (type) => type.kind === "decimal" ? "NUMERIC" : typeText(type) || "BLOB",
  operators: {
    same: "IS",
    differs: "IS NOT",
    div: "/",
    "/": (left, right) => `(1.0 * ${left}) / ${right}`,
  },
  match: ({ op, not }, of, pattern) => {
    if (op.endsWith("regexp")) throw new Untranslatable("SQLite has no regular expressions");
    return `${of} ${not ? "NOT " : ""}${op === "glob" ? "GLOB" : "LIKE"} ${pattern}`;
  },
  array: (items) => items.length === 0 ? "'[]'" : `json_array(${items.join(", ")})`,
  moved: (moment, sign, amount, unit) => {
    const [count, word] = unit === "week" ? [String(7 * Number(amount)), "day"] : [amount, unit];
    return `datetime(${moment}, '${sign}${count} ${word}')`;
  },
  ordersNulls: true,
  valuesRow: "",
  namesDerived: false,
  hasFullJoin: true,
};
