/** Types of MySQL and MariaDB as those of no dialect, and back. */

import type { LogicalType } from "../../convert/neutral.ts";
import { stringValue } from "./string_value.ts";
import { literal } from "../quote.ts";

const INTS: Readonly<Record<string, 8 | 16 | 24 | 32 | 64>> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  integer: 32,
  bigint: 64,
};
const SIZES: Readonly<Record<string, number | null>> = {
  tiny: 255,
  "": 65_535,
  medium: 16_777_215,
  long: null,
};

/** The type of a text of SHOW CREATE, or of a cast. */
export function typeOf(text: string): LogicalType {
  const [, word = text, inside, rest = ""] = /^(\w+)\s*(?:\((.*)\))?\s*(.*)$/s.exec(text) ?? [];
  const name = word.toLowerCase();
  const numbers = (inside ?? "").split(",").map(Number);
  const size = inside === undefined ? null : numbers[0] ?? null;
  if (name === "tinyint" && size === 1 && !rest.includes("unsigned")) return { kind: "bool" };
  const bits = INTS[name];
  if (bits !== undefined) return { kind: "int", bits, unsigned: /unsigned|zerofill/.test(rest) };
  const sized = /^(tiny|medium|long|)(text|blob)$/.exec(name);
  if (sized !== null) {
    const most = SIZES[sized[1] ?? ""] ?? null;
    return { kind: sized[2] === "text" ? "text" : "binary", length: null, isFixed: false, most };
  }
  switch (name) {
    case "decimal":
    case "numeric":
      return { kind: "decimal", precision: size ?? 10, scale: numbers[1] ?? 0 };
    case "float":
      return { kind: "float", bits: 32 };
    case "double":
    case "real":
      return { kind: "float", bits: 64 };
    case "signed":
    case "unsigned":
      return { kind: "int", bits: 64, unsigned: name === "unsigned" };
    case "char":
    case "varchar":
      return { kind: "text", length: size, isFixed: name === "char" && size !== null, most: null };
    case "binary":
    case "varbinary":
      return { kind: "binary", length: size ?? 1, isFixed: name === "binary", most: null };
    case "date":
    case "year":
    case "uuid":
      return { kind: name };
    case "time":
      return { kind: "time", fraction: size ?? 0, hasZone: false };
    case "datetime":
      return { kind: "timestamp", fraction: size ?? 0, hasZone: false };
    case "timestamp":
      return { kind: "timestamp", fraction: size ?? 0, hasZone: true };
    case "json":
      return { kind: "json", isBinary: true };
    case "bit":
      return { kind: "bits", length: size ?? 1, isVarying: false };
    case "enum":
      return { kind: "enum", values: valuesOf(inside ?? ""), name: null };
    case "set":
      return { kind: "set", values: valuesOf(inside ?? "") };
  }
  return { kind: "other", text };
}

function valuesOf(inside: string): readonly string[] {
  return [...inside.matchAll(/'(?:[^'\\]|''|\\.)*'/gs)].map(([text]) => stringValue(text));
}

/** A type as it is declared, of those that `fitType` leaves. */
export function typeText(type: LogicalType): string {
  switch (type.kind) {
    case "int": {
      const name =
        { 8: "tinyint", 16: "smallint", 24: "mediumint", 32: "int", 64: "bigint" }[type.bits];
      return `${name}${type.unsigned ? " unsigned" : ""}`;
    }
    case "decimal":
      return `decimal(${type.precision ?? 65},${type.scale})`;
    case "float":
      return type.bits === 32 ? "float" : "double";
    case "bool":
      return "tinyint(1)";
    case "text":
      if (type.length !== null) return `${type.isFixed ? "char" : "varchar"}(${type.length})`;
      return `${sizeWord(type.most)}text`;
    case "binary":
      if (type.length !== null) return `${type.isFixed ? "binary" : "varbinary"}(${type.length})`;
      return `${sizeWord(type.most)}blob`;
    case "time":
      return type.fraction === 0 ? "time" : `time(${type.fraction})`;
    case "timestamp": {
      const name = type.hasZone ? "timestamp" : "datetime";
      return type.fraction === 0 ? name : `${name}(${type.fraction})`;
    }
    case "bits":
      return `bit(${type.length ?? 64})`;
    case "enum":
      return `enum(${type.values.map(literal).join(",")})`;
    case "set":
      return `set(${type.values.map(literal).join(",")})`;
    case "other":
      return type.text;
    case "date":
    case "year":
    case "uuid":
    case "json":
      return type.kind;
    case "array":
      return "json";
    case "interval":
    case "any":
      return "longtext";
  }
}

function sizeWord(most: number | null): string {
  if (most === null) return "long";
  return most <= 255 ? "tiny" : most <= 65_535 ? "" : "medium";
}
