/** Constants, and casts of them. */

import type { Reading } from "./reading.ts";
import { type Expression, Untranslatable } from "./tree.ts";

/** A string with its quotes and prefix as what it means. */
export function stringOf(text: string, reading: Reading): Expression {
  const prefix = /^([a-zA-Z])'/.exec(text)?.[1]?.toLowerCase();
  if (prefix === "x") return { node: "blob", hex: text.slice(2, -1).toLowerCase() };
  if (prefix === "b") {
    const digits = text.slice(2, -1);
    return { node: "number", text: digits === "" ? "0" : BigInt(`0b${digits}`).toString() };
  }
  return { node: "string", value: reading.stringValue(text) };
}

/** A cast, or the constant that it makes. */
export function castOf(reading: Reading, of: Expression, text: string): Expression {
  const type = reading.typeOf(text);
  if (type.kind === "interval" && of.node === "string") return intervalOf(of.value);
  if (of.node === "string") {
    if (type.kind === "array" && of.value === "{}") return { node: "array", items: [] };
    if (type.kind === "bool") {
      if (/^(?:t|true|1)$/.test(of.value)) return { node: "bool", value: true };
      if (/^(?:f|false|0)$/.test(of.value)) return { node: "bool", value: false };
    }
    if (["int", "decimal", "float"].includes(type.kind) && isNumber(of.value)) {
      return { node: "number", text: of.value };
    }
    if (type.kind === "binary" && of.value.startsWith("\\x")) {
      return { node: "blob", hex: of.value.slice(2) };
    }
    if (type.kind === "bits" && /^[01]+$/.test(of.value)) {
      return of;
    }
    if (type.kind === "array") return { node: "cast", of, type };
    return of;
  }
  if (of.node === "null") return of;
  if (of.node === "number" && ["int", "decimal", "float"].includes(type.kind)) return of;
  if (of.node === "array") return of;
  return { node: "cast", of, type };
}

function isNumber(text: string): boolean {
  return /^-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(text);
}

/** An interval by its text. Throws Untranslatable for one of several units. */
export function intervalOf(text: string): Expression {
  const clock = /^(\d+):00:00$/.exec(text);
  if (clock !== null) {
    return { node: "interval", amount: String(Number(clock[1])), unit: "hour" };
  }
  const minutes = /^00:(\d\d):00$/.exec(text);
  if (minutes !== null) {
    return { node: "interval", amount: String(Number(minutes[1])), unit: "minute" };
  }
  const [, amount, unit] = /^(-?\d+) (year|mon|month|week|day|hour|minute|second)s?$/.exec(text) ??
    [];
  if (amount === undefined || unit === undefined) {
    throw new Untranslatable(`the interval "${text}" has no equal`);
  }
  return { node: "interval", amount, unit: unit === "mon" ? "month" : unit };
}

/** Units of intervals. */
export const UNITS = new Set(["YEAR", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"]);
