/** Values for columns, by their types. */

import type { ColumnFacts } from "../facts.ts";

/** SQL of a value of a column; another one for each `number`. NULL in every third row where that is allowed. */
export function valueOf(facts: ColumnFacts, name: string, number: number): string {
  if (facts.not_null !== true && number % 3 === 2 && facts.auto_increment !== true) return "NULL";
  const { type } = facts;
  const base = /^\w+/.exec(type)?.[0] ?? "";
  const shift = offsetOf(name);
  switch (base) {
    case "bit":
      return `b'${(number % 2).toString(2)}'`;
    case "tinyint":
      return type.startsWith("tinyint(1)")
        ? String(number % 2)
        : String((number + shift) % 100 + 1);
    case "smallint":
    case "mediumint":
    case "int":
    case "bigint":
      return String(number + shift + 1);
    case "year":
      return String(2000 + (number + shift) % 50);
    case "decimal":
    case "float":
    case "double":
      return decimal(type, number, shift);
    case "date":
      return `'2000-01-${day(number, shift)}'`;
    case "datetime":
    case "timestamp":
      return `'2000-01-${day(number, shift)} 10:00:00'`;
    case "time":
      return `'10:${day(number, shift)}:00'`;
    case "enum":
    case "set":
      return member(type, number);
    case "json":
      return `'{"a": ${number + shift}}'`;
    case "uuid":
      return `'00000000-0000-4000-8000-${String(number + shift).padStart(12, "0")}'`;
    case "inet4":
      return `'10.0.${shift % 250}.${number % 250}'`;
    case "inet6":
      return `'fe80::${(number + shift).toString(16)}'`;
    case "geometry":
    case "point":
      return `ST_GeomFromText('POINT(${number % 90} ${shift % 90})', ${facts.srid ?? 0})`;
    default:
      return facts.check?.includes("json_valid") === true
        ? `'{"a": ${number + shift}}'`
        : text(type, number, shift);
  }
}

/** A number for a name, so that no two columns of a table are likely to hold the same. */
function offsetOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 97, 7);
}

function day(number: number, shift: number): string {
  return String((number + shift) % 28 + 1).padStart(2, "0");
}

function decimal(type: string, number: number, shift: number): string {
  const [, digits = "10", scale = "0"] = /\((\d+)(?:,(\d+))?\)/.exec(type) ?? [];
  const whole = Number(digits) - Number(scale);
  const most = whole <= 0 ? 0 : Math.min(10 ** Math.min(whole, 6) - 1, number + shift + 1);
  return Number(scale) > 0 ? `${most}.${(number % 9) + 1}` : String(most);
}

function member(type: string, number: number): string {
  const labels = [...type.matchAll(/'((?:[^'\\]|''|\\.)*)'/g)].map(([whole]) => whole);
  return labels[number % labels.length] ?? "''";
}

/** As long as the type allows, and never longer than is read at a glance. */
function text(type: string, number: number, shift: number): string {
  const length = Number(/\((\d+)\)/.exec(type)?.[1] ?? 20);
  const whole = `v${number}x${shift}`;
  return `'${length >= whole.length ? whole : String(number + shift).slice(-length)}'`;
}
