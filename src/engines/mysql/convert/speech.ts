/** How SQL of MySQL and MariaDB is read into the tree and written from it. */

import { chosen, COMMON_FUNCTIONS, counted, joined, named } from "../../convert/functions.ts";
import type { LogicalType } from "../../convert/neutral.ts";
import type { Speech } from "../../convert/print.ts";
import type { Reading } from "../../convert/reading.ts";
import { formatLiteral, formattedTime } from "../../convert/time_format.ts";
import { call, type Expression, Untranslatable } from "../../convert/tree.ts";
import { lexicon } from "../lexicon.ts";
import { literal, quote } from "../quote.ts";
import { stringValue } from "./string_value.ts";
import { typeOf } from "./types.ts";

const match = (as: "ilike" | "iregexp") => ({ binds: 4, as: { match: as, not: false } }) as const;

/** MySQL and MariaDB as they are read. */
export const reading: Reading = {
  lexicon,
  foldName: (name) => name,
  stringValue,
  division: "/",
  operators: {
    "||": { binds: 1, as: { binary: "or" } },
    "&&": { binds: 2, as: { binary: "and" } },
    "<=>": { binds: 4, as: { binary: "same" } },
    "DIV": { binds: 9, as: { binary: "div" } },
    "MOD": { binds: 9, as: { binary: "%" } },
    "LIKE": match("ilike"),
    "REGEXP": match("iregexp"),
    "RLIKE": match("iregexp"),
  },
  typeOf,
  functions: {
    ...named(COMMON_FUNCTIONS),
    count: counted,
    concat: joined,
    if: chosen,
    ifnull: "coalesce",
    char_length: "length",
    character_length: "length",
    length: "octet_length",
    octet_length: "octet_length",
    lcase: "lower",
    ucase: "upper",
    substr: "substring",
    substring: "substring",
    mid: "substring",
    left: "left",
    right: "right",
    instr: "position",
    locate: ([needle, hay, ...rest]) => {
      if (needle === undefined || hay === undefined || rest.length > 0) {
        throw new Untranslatable("locate() from a place on has no equal");
      }
      return call("position", hay, needle);
    },
    now: () => call("now"),
    sysdate: () => call("now"),
    current_timestamp: () => call("now"),
    localtime: () => call("now"),
    localtimestamp: () => call("now"),
    curdate: "today",
    current_date: "today",
    curtime: "time_of_day",
    uuid: "uuid",
    rand: "random",
    greatest: "greatest",
    least: "least",
    floor: "floor",
    ceil: "ceil",
    ceiling: "ceil",
    pow: "power",
    power: "power",
    sqrt: "sqrt",
    sign: "sign",
    mod: ([left = ZERO, right = ZERO]) => ({ node: "binary", op: "%", left, right }),
    lpad: "lpad",
    rpad: "rpad",
    repeat: "repeat",
    reverse: "reverse",
    md5: "md5",
    concat_ws: "concat_ws",
    group_concat: "string_agg",
    date: "date_of",
    year: "year",
    month: "month",
    dayofmonth: "day",
    day: "day",
    hour: "hour",
    minute: "minute",
    second: "second",
    date_format: ([value, format]) => formattedTime(value, format, FORMAT),
    json_object: "json_object",
    json_arrayagg: "json_agg",
    json_valid: "json_valid",
    json_extract: "json_extract",
    json_unquote: ([inner]) =>
      inner?.node === "call" && inner.name === "json_extract"
        ? call("json_value", ...inner.args)
        : call("json_unquote", ...inner === undefined ? [] : [inner]),
    json_value: "json_value",
    isnull: ([of = ZERO]) => ({ node: "is", not: false, of, what: "null" }),
    regexp_like: ([of = ZERO, pattern = ZERO]) => ({
      node: "match",
      op: "iregexp",
      not: false,
      of,
      pattern,
      escape: null,
    }),
  },
};

const FORMAT = { "%Y": "%Y", "%m": "%m", "%d": "%d", "%H": "%H", "%M": "%i", "%S": "%s" };
const ZERO: Expression = { node: "number", text: "0" };

/** MySQL or MariaDB as it is written. */
export function speechOf(isMariadb: boolean): Speech {
  return {
    dialect: isMariadb ? "MariaDB" : "MySQL",
    quote,
    literal,
    bool: (value) => value ? "TRUE" : "FALSE",
    blob: (hex) => `x'${hex}'`,
    functions: {
      ...named(COMMON_FUNCTIONS),
      length: "char_length",
      octet_length: "length",
      substring: "substr",
      left: "left",
      right: "right",
      position: "instr",
      now: (args) => `CURRENT_TIMESTAMP${args[0] === undefined ? "" : `(${args[0]})`}`,
      today: () => "curdate()",
      time_of_day: () => "curtime()",
      uuid: () => "uuid()",
      random: "rand",
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
        `group_concat(${first}${order} SEPARATOR ${separator})`,
      date_of: "date",
      year: "year",
      month: "month",
      day: "dayofmonth",
      hour: "hour",
      minute: "minute",
      second: "second",
      epoch: "unix_timestamp",
      format_time: ([of = "", format = ""]) =>
        `date_format(${of}, ${formatLiteral(format, FORMAT)})`,
      json_object: "json_object",
      json_agg: "json_arrayagg",
      json_valid: "json_valid",
      json_extract: "json_extract",
      json_value: ([of = "", path = ""]) => `json_unquote(json_extract(${of}, ${path}))`,
      bool_and: "min",
      bool_or: "max",
    },
    castType,
    operators: {
      same: "<=>",
      differs: (left, right) => `NOT (${left} <=> ${right})`,
      "||": (left, right) => `concat(${left}, ${right})`,
      div: "DIV",
      "->": () => {
        throw new Untranslatable("-> of JSON has no equal");
      },
      "->>": (left, right) => `json_unquote(json_extract(${left}, ${jsonPath(right)}))`,
    },
    match: ({ op, not }, of, pattern) => {
      if (op === "glob") throw new Untranslatable("GLOB has no equal");
      const word = op.endsWith("regexp") ? "REGEXP" : "LIKE";
      return `${of} ${not ? "NOT " : ""}${word} ${pattern}`;
    },
    array: (items) => `json_array(${items.join(", ")})`,
    moved: (moment, sign, amount, unit) =>
      `${moment} ${sign} INTERVAL ${amount} ${unit.toUpperCase()}`,
    ordersNulls: false,
    valuesRow: isMariadb ? "" : "ROW",
    namesDerived: true,
    hasFullJoin: false,
  };
}

function jsonPath(text: string): string {
  const [, key] = /^'(\w+)'$/.exec(text) ?? [];
  if (key === undefined) throw new Untranslatable(`the path ${text} has no equal`);
  return `'$.${key}'`;
}

function castType(type: LogicalType): string {
  switch (type.kind) {
    case "int":
      return type.unsigned ? "unsigned" : "signed";
    case "bool":
      return "signed";
    case "decimal":
      return `decimal(${type.precision ?? 65},${type.precision === null ? 30 : type.scale})`;
    case "float":
      return "double";
    case "text":
    case "enum":
    case "uuid":
      return "char";
    case "binary":
      return "binary";
    case "date":
      return "date";
    case "time":
      return "time(6)";
    case "timestamp":
      return "datetime(6)";
    case "json":
      return "json";
    default:
      throw new Untranslatable(`a cast to ${type.kind} has no equal`);
  }
}
