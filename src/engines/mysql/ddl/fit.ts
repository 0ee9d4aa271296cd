/** Whether the values of one type fit into another, as MySQL and MariaDB convert them in ALTER TABLE. */

import type { ColumnFacts } from "../facts.ts";

/**
 * `exact`: all values stay what they are. `refuses`: a value that does not fit makes ALTER TABLE fail in strict mode, and is cut
 * without it. `loses`: the server rounds or cuts values in any mode.
 */
export type Fit = "exact" | "refuses" | "loses";

/** How the values of a column fare that gets another type or character set. */
export function fitOf(before: ColumnFacts, after: ColumnFacts): Fit {
  const [from, to] = [shapeOf(before), shapeOf(after)];
  return worst(typeFit(from, to), charsetFit(before.charset, after.charset));
}

/** True where MariaDB converts values of neither type into the other, not even NULL; all go by way of a binary text. */
export function hasNoCast(before: ColumnFacts, after: ColumnFacts): boolean {
  const [from, to] = [before, after].map(({ type }) =>
    APART.findIndex((pattern) => pattern.test(type))
  );
  return from !== to && from !== -1 && to !== -1;
}

/** Kinds of types, each of which MariaDB converts to none of the others. */
const APART: readonly RegExp[] = [
  /^(?:(?:tiny|small|medium|big)?int|decimal|float|double|bit|year|date|datetime|time|timestamp)\b/,
  /^(?:geometry|point|linestring|polygon|geometrycollection|multi(?:point|linestring|polygon))\b/,
  /^uuid\b/,
  /^inet4\b/,
  /^inet6\b/,
];

/** A type, taken apart. */
interface Shape {
  readonly text: string;
  readonly word: string;
  readonly numbers: readonly number[];
  readonly labels: readonly string[];
  readonly unsigned: boolean;
  /** Of one character, for texts. */
  readonly bytes: number;
}

function shapeOf({ type, charset }: ColumnFacts): Shape {
  const [, word = type, inside = "", rest = ""] = /^(\w+)(?:\((.*)\))?(.*)$/s.exec(type) ?? [];
  const isList = word === "enum" || word === "set";
  return {
    text: type,
    word,
    numbers: isList || inside === "" ? [] : inside.split(",").map(Number),
    labels: isList ? [...inside.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = ""]) => label) : [],
    unsigned: rest.includes("unsigned"),
    bytes: charset === undefined ? 1 : BYTES[charset] ?? 1,
  };
}

/** The most bytes that one character takes. */
const BYTES: Readonly<Record<string, number>> = {
  utf8mb4: 4,
  utf16: 4,
  utf16le: 4,
  utf32: 4,
  gb18030: 4,
  utf8mb3: 3,
  utf8: 3,
  ujis: 3,
  eucjpms: 3,
  ucs2: 2,
};

function charsetFit(before: string | undefined, after: string | undefined): Fit {
  if (before === undefined || after === undefined || before === after) return "exact";
  if (UNICODE.has(after) || before === "ascii") return "exact";
  return after === "utf8mb3" && before !== "utf8mb4" ? "exact" : "refuses";
}

const UNICODE: ReadonlySet<string> = new Set(["utf8mb4", "utf16", "utf16le", "utf32"]);

function worst(a: Fit, b: Fit): Fit {
  if (a === "loses" || b === "loses") return "loses";
  return a === "refuses" || b === "refuses" ? "refuses" : "exact";
}

function typeFit(from: Shape, to: Shape): Fit {
  if (from.text === to.text) return "exact";
  if (isInteger(from)) return integerFit(from, to);
  if (from.word === "decimal") return decimalFit(from, to);
  if (from.word === "float" || from.word === "double") return floatFit(from, to);
  if (from.word in TEXTS) return textFit(from, to);
  if (from.word in BINARIES) return binaryFit(from, to);
  if (from.word === "enum" || from.word === "set") return labelFit(from, to);
  if (from.word in MOMENTS) return momentFit(from, to);
  if (from.word === "year" && isInteger(to)) return limitOf(to) >= 2155n ? "exact" : "refuses";
  if (from.word === "bit" && to.word === "bit") {
    return (to.numbers[0] ?? 1) >= (from.numbers[0] ?? 1) ? "exact" : "refuses";
  }
  if (from.word === "json" || from.word === "uuid" || from.word.startsWith("inet")) {
    return to.word === "longtext" ? "exact" : "refuses";
  }
  return to.word === "geometry" ? "exact" : "refuses";
}

const INTEGERS: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
};

function isInteger({ word }: Shape): boolean {
  return word in INTEGERS;
}

/** The greatest value of an integer type. */
function limitOf({ word, unsigned }: Shape): bigint {
  const bits = INTEGERS[word] ?? 64n;
  return (1n << (unsigned ? bits : bits - 1n)) - 1n;
}

function integerFit(from: Shape, to: Shape): Fit {
  const most = limitOf(from);
  if (isInteger(to)) {
    return limitOf(to) >= most && (from.unsigned || !to.unsigned) ? "exact" : "refuses";
  }
  if (to.word === "decimal") {
    const room = (to.numbers[0] ?? 10) - (to.numbers[1] ?? 0);
    return room >= String(most).length && (from.unsigned || !to.unsigned) ? "exact" : "refuses";
  }
  if (to.word === "double") return from.word === "bigint" ? "loses" : "exact";
  if (to.word === "float") return most < 1n << 24n ? "exact" : "loses";
  return roomFor(to) >= String(most).length + (from.unsigned ? 0 : 1) ? "exact" : "refuses";
}

function decimalFit(from: Shape, to: Shape): Fit {
  const [digits = 10, scale = 0] = from.numbers;
  const whole = digits - scale;
  if (to.word === "decimal") {
    const [room = 10, places = 0] = to.numbers;
    if (places < scale) return "loses";
    return room - places >= whole && (from.unsigned || !to.unsigned) ? "exact" : "refuses";
  }
  if (isInteger(to)) {
    if (scale > 0) return "loses";
    return String(limitOf(to)).length > whole && (from.unsigned || !to.unsigned)
      ? "exact"
      : "refuses";
  }
  if (to.word === "double") return digits <= 15 ? "exact" : "loses";
  if (to.word === "float") return digits <= 6 ? "exact" : "loses";
  return roomFor(to) >= digits + 3 ? "exact" : "refuses";
}

function floatFit(from: Shape, to: Shape): Fit {
  if (to.word === "double" && to.numbers.length === 0) return "exact";
  return roomFor(to) >= 24 && from.word === "double" ? "exact" : "loses";
}

/** Bytes, or characters where the type says how many. */
const TEXTS: Readonly<Record<string, number | null>> = {
  char: null,
  varchar: null,
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  longtext: 4_294_967_295,
};

const BINARIES: Readonly<Record<string, number | null>> = {
  binary: null,
  varbinary: null,
  tinyblob: 255,
  blob: 65_535,
  mediumblob: 16_777_215,
  longblob: 4_294_967_295,
};

/** The characters that surely fit into a text; 0 for another type. */
function roomFor({ word, numbers, bytes }: Shape): number {
  if (!(word in TEXTS)) return 0;
  return TEXTS[word] == null ? numbers[0] ?? 1 : Math.floor((TEXTS[word] ?? 0) / bytes);
}

/** The most characters that a text may hold. */
function lengthOf({ word, numbers }: Shape): number {
  return TEXTS[word] ?? numbers[0] ?? 1;
}

function textFit(from: Shape, to: Shape): Fit {
  if (to.word in TEXTS) {
    if (to.word === "char" && from.word !== "char") return "loses";
    const isSameSize = from.word === to.word && TEXTS[from.word] != null;
    if (isSameSize && to.bytes <= from.bytes) return "exact";
    return roomFor(to) >= lengthOf(from) ? "exact" : "refuses";
  }
  if (to.word in BINARIES && to.word !== "binary") {
    const length = TEXTS[from.word] ?? (from.numbers[0] ?? 1) * from.bytes;
    return (BINARIES[to.word] ?? to.numbers[0] ?? 1) >= length ? "exact" : "refuses";
  }
  return to.word in MOMENTS || to.word === "float" || to.word === "binary" ? "loses" : "refuses";
}

function binaryFit(from: Shape, to: Shape): Fit {
  if (!(to.word in BINARIES)) return "refuses";
  if (to.word === "binary") return "loses";
  const room = BINARIES[to.word] ?? to.numbers[0] ?? 1;
  return room >= (BINARIES[from.word] ?? from.numbers[0] ?? 1) ? "exact" : "refuses";
}

function labelFit(from: Shape, to: Shape): Fit {
  if (to.word === from.word || (from.word === "enum" && to.word === "set")) {
    return from.labels.every((label) => to.labels.includes(label)) ? "exact" : "refuses";
  }
  const longest = from.word === "enum"
    ? Math.max(0, ...from.labels.map((label) => label.length))
    : from.labels.join(",").length;
  return roomFor(to) >= longest ? "exact" : "refuses";
}

/** What types of moments hold. */
const MOMENTS: Readonly<Record<string, { readonly day: boolean; readonly time: boolean }>> = {
  date: { day: true, time: false },
  datetime: { day: true, time: true },
  timestamp: { day: true, time: true },
  time: { day: false, time: true },
};

function momentFit(from: Shape, to: Shape): Fit {
  const [had, has] = [MOMENTS[from.word], MOMENTS[to.word]];
  if (had === undefined || has === undefined) return roomFor(to) >= 26 ? "exact" : "refuses";
  if ((had.day && !has.day) || (had.time && !has.time)) return "loses";
  if ((from.numbers[0] ?? 0) > (to.numbers[0] ?? 0) && has.time) return "loses";
  if (has.day && !had.day) return "loses";
  return to.word === "timestamp" && from.word !== "timestamp" ? "refuses" : "exact";
}
