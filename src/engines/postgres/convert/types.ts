/** Postgres' types as those of no dialect, and back. */

import type { LogicalType } from "../../convert/neutral.ts";
import { literal } from "../quote.ts";

/** The type of a text that `format_type` gave; enums by their names. */
export function typeOf(
  text: string,
  enums: ReadonlyMap<string, readonly string[]> = new Map(),
): LogicalType {
  if (text.endsWith("[]")) return { kind: "array", of: typeOf(text.slice(0, -2), enums) };
  const [, first = text, inside, rest = ""] = /^([^(]+?)\s*(?:\(([^)]*)\)\s*(.*))?$/.exec(text) ??
    [];
  const name = `${first}${rest === "" ? "" : ` ${rest}`}`.toLowerCase();
  const numbers = (inside ?? "").split(",").map(Number);
  const size = inside === undefined ? null : numbers[0] ?? null;
  const plain = PLAIN[name];
  if (plain !== undefined) return plain;
  switch (name) {
    case "numeric":
    case "decimal":
      return { kind: "decimal", precision: size, scale: numbers[1] ?? 0 };
    case "character varying":
    case "varchar":
      return { kind: "text", length: size, isFixed: false, most: null };
    case "character":
    case "char":
    case "bpchar":
      return { kind: "text", length: size ?? 1, isFixed: true, most: null };
    case "time":
    case "time without time zone":
      return { kind: "time", fraction: size ?? 6, hasZone: false };
    case "time with time zone":
    case "timetz":
      return { kind: "time", fraction: size ?? 6, hasZone: true };
    case "timestamp":
    case "timestamp without time zone":
      return { kind: "timestamp", fraction: size ?? 6, hasZone: false };
    case "timestamp with time zone":
    case "timestamptz":
      return { kind: "timestamp", fraction: size ?? 6, hasZone: true };
    case "bit":
      return { kind: "bits", length: size ?? 1, isVarying: false };
    case "bit varying":
    case "varbit":
      return { kind: "bits", length: size, isVarying: true };
  }
  const bare = text.replaceAll('"', "");
  const values = enums.get(bare) ?? enums.get(`public.${bare}`);
  return values === undefined
    ? { kind: "other", text }
    : { kind: "enum", values, name: bare.replace(/^public\./, "") };
}

const TEXT: LogicalType = { kind: "text", length: null, isFixed: false, most: null };

const PLAIN: Readonly<Record<string, LogicalType>> = {
  "smallint": { kind: "int", bits: 16, unsigned: false },
  "int2": { kind: "int", bits: 16, unsigned: false },
  "integer": { kind: "int", bits: 32, unsigned: false },
  "int": { kind: "int", bits: 32, unsigned: false },
  "int4": { kind: "int", bits: 32, unsigned: false },
  "bigint": { kind: "int", bits: 64, unsigned: false },
  "int8": { kind: "int", bits: 64, unsigned: false },
  "real": { kind: "float", bits: 32 },
  "double precision": { kind: "float", bits: 64 },
  "boolean": { kind: "bool" },
  "bool": { kind: "bool" },
  "text": TEXT,
  "name": TEXT,
  "citext": TEXT,
  "regclass": { kind: "other", text: "regclass" },
  "bytea": { kind: "binary", length: null, isFixed: false, most: null },
  "date": { kind: "date" },
  "interval": { kind: "interval" },
  "uuid": { kind: "uuid" },
  "json": { kind: "json", isBinary: false },
  "jsonb": { kind: "json", isBinary: true },
};

/** A type as Postgres declares it, of those that `fitType` leaves. */
export function typeText(type: LogicalType): string {
  switch (type.kind) {
    case "int":
      return {
        8: "smallint",
        16: "smallint",
        24: "integer",
        32: "integer",
        64: "bigint",
      }[type.bits];
    case "decimal":
      return type.precision === null ? "numeric" : `numeric(${type.precision},${type.scale})`;
    case "float":
      return type.bits === 32 ? "real" : "double precision";
    case "bool":
      return "boolean";
    case "text":
      if (type.length === null) return "text";
      return `${type.isFixed ? "char" : "varchar"}(${type.length})`;
    case "binary":
      return "bytea";
    case "time":
    case "timestamp": {
      const fraction = type.fraction === 6 ? "" : `(${type.fraction})`;
      return `${type.kind}${fraction}${type.hasZone ? " with time zone" : ""}`;
    }
    case "json":
      return type.isBinary ? "jsonb" : "json";
    case "bits": {
      const length = type.length === null ? "" : `(${type.length})`;
      return `bit${type.isVarying ? " varying" : ""}${length}`;
    }
    case "enum":
      return type.name === null ? "text" : `"${type.name.replaceAll('"', '""')}"`;
    case "array":
      return `${typeText(type.of)}[]`;
    case "other":
      return type.text;
    case "date":
    case "interval":
    case "uuid":
      return type.kind;
    case "year":
      return "smallint";
    case "set":
    case "any":
      return "text";
  }
}

/** What CREATE TYPE makes of an enum. */
export function enumText(name: string, values: readonly string[]): string {
  return `CREATE TYPE "${name.replaceAll('"', '""')}" AS ENUM (${values.map(literal).join(", ")})`;
}
