/** Types as SQLite's columns declare them, as those of no dialect, and back. */

import type { LogicalType } from "../../convert/neutral.ts";
import { affinityOf } from "../ddl/affinity.ts";

/** The type of a declared one in capitals; empty for none. */
export function typeOf(declared: string): LogicalType {
  const text = declared.toUpperCase();
  const [, word = "", inside] = /^([^(]*?)\s*(?:\(([^)]*)\))?$/.exec(text) ?? [];
  const numbers = (inside ?? "").split(",").map(Number);
  const size = inside === undefined || !Number.isInteger(numbers[0]) ? null : numbers[0] ?? null;
  if (text === "" || text === "ANY") return { kind: "any" };
  if (/BOOL/.test(word)) return { kind: "bool" };
  if (/INT/.test(word)) return { kind: "int", bits: 64, unsigned: false };
  if (
    /^(?:N|NATIVE |VAR|VARYING |NVAR)?CHAR(?:ACTER)?(?: VARYING)?$|^CHARACTER VARYING$/.test(word)
  ) {
    return {
      kind: "text",
      length: size,
      isFixed: /^N?CHAR(?:ACTER)?$/.test(word) && size !== null,
      most: null,
    };
  }
  if (/^(?:DATETIME|TIMESTAMP)/.test(word)) {
    return { kind: "timestamp", fraction: 6, hasZone: /WITH TIME ZONE|TZ/.test(text) };
  }
  if (word === "DATE" || word === "UUID") return { kind: word === "DATE" ? "date" : "uuid" };
  if (word === "TIME") return { kind: "time", fraction: 6, hasZone: false };
  if (word === "JSON" || word === "JSONB") return { kind: "json", isBinary: true };
  if (/^(?:DECIMAL|NUMERIC|NUMBER)$/.test(word)) {
    return { kind: "decimal", precision: size, scale: numbers[1] ?? 0 };
  }
  switch (affinityOf(text)) {
    case "TEXT":
      return { kind: "text", length: null, isFixed: false, most: null };
    case "BLOB":
      return { kind: "binary", length: null, isFixed: false, most: null };
    case "REAL":
      return { kind: "float", bits: 64 };
    default:
      return { kind: "decimal", precision: null, scale: 0 };
  }
}

/** A type as a column declares it, of those that `fitType` leaves. */
export function typeText(type: LogicalType): string {
  switch (type.kind) {
    case "int":
      return "INTEGER";
    case "decimal":
      return type.precision === null ? "NUMERIC" : `DECIMAL(${type.precision},${type.scale})`;
    case "float":
      return "REAL";
    case "bool":
      return "BOOLEAN";
    case "text":
      if (type.length === null) return "TEXT";
      return `${type.isFixed ? "CHAR" : "VARCHAR"}(${type.length})`;
    case "binary":
      return "BLOB";
    case "date":
    case "time":
      return type.kind.toUpperCase();
    case "timestamp":
      return "DATETIME";
    case "any":
      return "";
    default:
      return "TEXT";
  }
}
