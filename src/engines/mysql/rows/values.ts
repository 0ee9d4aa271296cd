/** Values for columns, by their types. */

import type { SeedColumn } from "./tables.ts";

/** What a row is for: the usual, NULL wherever it may be, the ends of what a type holds, what is odd and still allowed. */
export type Shape = "ordinary" | "nulls" | "high" | "low" | "copy" | "odd" | "blank";

/** A number for a name, so that no two columns are likely to hold the same. */
export function saltOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 89, 7) + 1;
}

/** The type's own word: `varchar` of `varchar(20)`. */
export function baseOf(type: string): string {
  return /^\w+/.exec(type)?.[0] ?? "";
}

/** The number in parentheses, or another one. */
export function sizeOf(type: string, otherwise: number): number {
  return Number(/\((\d+)/.exec(type)?.[1] ?? otherwise);
}

/** The least and the greatest whole number of a type; null for other types. */
export function rangeOf(type: string): readonly [bigint, bigint] | null {
  const bits = WHOLE[baseOf(type)];
  if (bits === undefined) return null;
  return /\bunsigned|zerofill/.test(type)
    ? [0n, (1n << bits) - 1n]
    : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
}

const WHOLE: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
};

/** Labels of an enum or a set, as literals. */
export function labelsOf(type: string): readonly string[] {
  return [...type.matchAll(/'((?:[^'\\]|''|\\.)*)'/g)].map(([whole]) => whole);
}

/** SQL of an ordinary value; another one for each row and for each salt. */
export function ordinaryValue({ facts }: SeedColumn, salt: number, row: number): string {
  const { type, srid = 0, check = "" } = facts;
  const own = salt * 100 + row;
  const day = String((own % 27) + 1).padStart(2, "0");
  const base = baseOf(type);
  switch (base) {
    case "bit":
      return `b'${(own % 2 ** Math.min(sizeOf(type, 1), 20)).toString(2)}'`;
    case "tinyint":
      return type.startsWith("tinyint(1)") ? String(row % 2) : String((salt + row) % 120 + 1);
    case "smallint":
    case "mediumint":
    case "int":
    case "bigint":
      return String(own);
    case "year":
      return String(1950 + own % 150);
    case "decimal":
    case "float":
    case "double":
      return decimal(type, own);
    case "date":
      return `'20${String(row % 90 + 10)}-0${salt % 9 + 1}-${day}'`;
    case "datetime":
    case "timestamp":
      return `'20${String(row % 20 + 10)}-0${salt % 9 + 1}-${day} 10:${day}:00'`;
    case "time":
      return `'${String(row % 24).padStart(2, "0")}:${day}:00'`;
    case "enum":
    case "set": {
      const labels = labelsOf(type);
      return labels[row % Math.max(labels.length, 1)] ?? "''";
    }
    case "json":
      return `'{"a": ${own}}'`;
    case "uuid":
      return `'00000000-0000-4000-8000-${String(own).padStart(12, "0")}'`;
    case "inet4":
      return `'10.0.${salt}.${row % 250}'`;
    case "inet6":
      return `'fe80::${own.toString(16)}'`;
    case "binary":
    case "varbinary":
    case "tinyblob":
    case "blob":
    case "mediumblob":
    case "longblob":
      return `X'${own.toString(16).padStart(8, "0").slice(-2 * Math.min(sizeOf(type, 4), 4))}'`;
    case "vector":
      return `X'${"0000803F".repeat(sizeOf(type, 1))}'`;
    default:
      if (GEOMETRY[base] !== undefined) return geometry(base, salt % 80, row % 80, srid);
      return check.includes("json_valid") ? `'{"a": ${own}}'` : text(type, own, row);
  }
}

/** Values of a row with a shape, best first; none where the type has none of its own for it. */
export function shapedValues(shape: Shape, { facts }: SeedColumn): readonly string[] {
  const { type, charset = "" } = facts;
  const range = rangeOf(type);
  const isHigh = shape === "high";
  if (shape === "high" || shape === "low") {
    if (facts.auto_increment === true) return [];
    if (range !== null) {
      return type.startsWith("tinyint(1)") ? [] : [String(isHigh ? range[1] : range[0])];
    }
    return ends(type, isHigh);
  }
  if (!/^(?:char|varchar|tinytext|text|mediumtext|longtext)$/.test(baseOf(type))) return [];
  if (shape === "blank") return ["''"];
  if (shape !== "odd") return [];
  const size = sizeOf(type, 200);
  const odd = charset === "utf8mb4"
    ? 'it\'s "ünï" 日本 😀'
    : /^utf|^ucs/.test(charset)
    ? 'it\'s "ünï" 日本'
    : 'it\'s "x" %_';
  return [`'${[...odd].slice(0, size).join("").replaceAll("'", "''")}'`];
}

function ends(type: string, isHigh: boolean): readonly string[] {
  const base = baseOf(type);
  const digits = sizeOf(type, 0);
  const scaled = /unsigned|zerofill/.test(type);
  switch (base) {
    case "bit":
      return [`b'${(isHigh ? "1" : "0").repeat(sizeOf(type, 1))}'`];
    case "decimal": {
      const [, all = "10", scale = "0"] = /\((\d+)(?:,(\d+))?\)/.exec(type) ?? [];
      const whole = "9".repeat(Math.max(Number(all) - Number(scale), 0)) || "0";
      const most = Number(scale) > 0 ? `${whole}.${"9".repeat(Number(scale))}` : whole;
      return [isHigh ? most : scaled ? "0" : `-${most}`];
    }
    case "float":
    case "double":
      if (type.includes("(")) return [];
      return [isHigh ? "1.5e30" : scaled ? "0.5" : "-1.5e30"];
    case "year":
      return [isHigh ? "2155" : "1901"];
    case "date":
      return [isHigh ? "'9999-12-31'" : "'1000-01-01'"];
    case "datetime":
      return [isHigh ? `'9999-12-31 23:59:59${fraction(digits)}'` : "'1000-01-01 00:00:00'"];
    case "timestamp":
      return [isHigh ? `'2038-01-17 03:14:07${fraction(digits)}'` : "'1970-01-03 00:00:01'"];
    case "time":
      return [isHigh ? "'838:59:59'" : "'-838:59:59'"];
    case "enum": {
      const labels = labelsOf(type);
      return [(isHigh ? labels.at(-1) : labels[0]) ?? "''"];
    }
    case "set":
      return [
        isHigh ? `'${labelsOf(type).map((label) => label.slice(1, -1)).join(",")}'` : "''",
      ];
    case "char":
    case "varchar":
      return isHigh ? [`'${"z".repeat(Math.min(digits || 1, LONGEST))}'`] : [];
    case "tinytext":
    case "text":
    case "mediumtext":
    case "longtext":
      return isHigh ? [`'${"z".repeat(255)}'`] : [];
    case "varbinary":
    case "binary":
      return [`X'${(isHigh ? "FF" : "00").repeat(Math.min(digits || 1, LONGEST))}'`];
    case "blob":
    case "mediumblob":
    case "longblob":
      return [isHigh ? `X'${"FF00".repeat(40)}'` : "X''"];
    default:
      return [];
  }
}

/** Longer texts tell no more. */
const LONGEST = 300;

function fraction(digits: number): string {
  return digits === 0 ? "" : `.${"9".repeat(digits)}`;
}

function decimal(type: string, own: number): string {
  const sizes = /\((\d+)(?:,(\d+))?\)/.exec(type);
  const [digits, scale] = sizes === null
    ? [10, baseOf(type) === "decimal" ? 0 : 1]
    : [Number(sizes[1]), Number(sizes[2] ?? 0)];
  const whole = digits - scale;
  const most = whole <= 0 ? 0 : own % 10 ** Math.min(whole, 6);
  return scale > 0 ? `${most}.${(own % 9) + 1}` : String(most);
}

/** As long as the type allows, and never longer than is read at a glance. */
function text(type: string, own: number, row: number): string {
  const length = sizeOf(type, 20);
  const whole = `v${own}`;
  if (length >= whole.length) return `'${whole}'`;
  return length <= 1
    ? `'${length === 0 ? "" : String.fromCharCode(97 + row % 26)}'`
    : `'${own.toString(36).slice(-length)}'`;
}

const GEOMETRY: Readonly<Record<string, string>> = {
  geometry: "POINT(x y)",
  point: "POINT(x y)",
  linestring: "LINESTRING(0 0, x y)",
  polygon: "POLYGON((0 0, x 0, x y, 0 y, 0 0))",
  multipoint: "MULTIPOINT((0 0), (x y))",
  multilinestring: "MULTILINESTRING((0 0, x y))",
  multipolygon: "MULTIPOLYGON(((0 0, x 0, x y, 0 y, 0 0)))",
  geomcollection: "GEOMETRYCOLLECTION(POINT(x y))",
  geometrycollection: "GEOMETRYCOLLECTION(POINT(x y))",
};

function geometry(base: string, x: number, y: number, srid: number): string {
  const shape = (GEOMETRY[base] ?? "").replaceAll("x", String(x + 1)).replaceAll(
    "y",
    String(y + 1),
  );
  return `ST_GeomFromText('${shape}', ${srid})`;
}
