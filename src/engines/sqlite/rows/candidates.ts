/** Values that may pass the rules of a table, out of what the rules themselves name. The server says which of them do. */

import { documentWith, keysOfPath } from "../../common/document.ts";
import { literal } from "../quote.ts";
import type { Token } from "../tokens.ts";
import type { Rule } from "./tables.ts";

/** More are not tried for a column. */
const MOST = 48;
/** Longer texts are not tried. */
const LONGEST = 400;

/** Values as SQL, the most telling first; `own` is a number that stands in texts, so that rows differ. */
export function candidatesOf(rules: readonly Rule[], own: number): readonly string[] {
  const checks = rules.filter(({ kind }) => kind === "check");
  const tokens = [...checks, ...rules.filter(({ kind }) => kind !== "check")]
    .flatMap(({ tokens }) => tokens);
  if (tokens.length === 0) return [];
  const texts = tokens.filter(isText).map(({ value }) => value);
  const numbers = [...new Set(tokens.filter(({ kind }) => kind === "number").map(valueOf))];
  const words = new Set(tokens.map(({ text }) => text.toLowerCase()));
  return [
    ...texts.filter((text) => !/[%*?[]/.test(text)).map(literal),
    ...texts.filter((text) => /[%*?[_]/.test(text)).map((text) => literal(fromPattern(text, own))),
    ...numbers.flatMap((value) => [value, value + 1, value - 1, -value, -value - 1]).map(String),
    ...lengths(numbers).flatMap((length) => [literal(padded(own, length, "x"))]),
    ...lengths(numbers).flatMap((length) => [
      literal(padded(own, length, "0")),
      `X'${padded(own, length * 2, "0")}'`,
    ]),
    ...[...words].some((word) => MOMENT.test(word)) ? MOMENTS.map(literal) : [],
    literal(`V${own}`),
    literal(`v${own}@example.com`),
    String(own),
    `${own}.5`,
    "1",
    "-1",
    ...texts.flatMap(daysAround).map(literal),
    literal(`https://example.com/${own}`),
    literal(uuidOf(own)),
    `X'${padded(own, 32, "0")}'`,
  ].slice(0, MOST);
}

/** Values for a column whose rules speak of JSON; none for another. */
export function documentsOf(rules: readonly Rule[], own: number): readonly string[] {
  const isDocument = rules.some(({ tokens }) =>
    tokens.some(({ text }) => /^(?:jsonb?(?:_\w+)?|->>?)$/i.test(text))
  );
  return isDocument ? [...namedParts(rules, own), `'{"a": ${own}}'`, `'[${own}]'`, `'{}'`] : [];
}

/** Documents with what the rules take out of them: as each seems to want it, all as texts, all as numbers. */
function namedParts(rules: readonly Rule[], own: number): readonly string[] {
  const places = rules.flatMap((rule) => pathsIn(rule.tokens).map((keys) => ({ keys, rule })));
  const valuesOf = [
    ({ tokens }: Rule) =>
      tokens.some(({ text }) => MOMENT.test(text))
        ? MOMENTS[0]
        : tokens.some(({ kind }) => kind === "number")
        ? own + 1000
        : `v${own}`,
    () => `v${own}`,
    () => own + 1000,
  ];
  const found = valuesOf.map((valueOf) =>
    literal(documentWith(places.map(({ keys, rule }) => ({ keys, value: valueOf(rule) }))))
  );
  return places.length === 0 ? [] : [...new Set(found)];
}

const MOMENT = /^(?:date|datetime|time|strftime|julianday|unixepoch)$/i;

/** `'$.a.b'` and `-> 'a' ->> 'b'`. */
function pathsIn(tokens: readonly Token[]): readonly (readonly string[])[] {
  const paths: string[][] = [];
  let chain: string[] = [];
  for (const [at, token] of tokens.entries()) {
    if (!isText(token)) {
      if (!/^->>?$/.test(token.text)) chain = [];
      continue;
    }
    const keys = keysOfPath(token.value);
    const isStep = /^->>?$/.test(tokens[at - 1]?.text ?? "");
    if (!isStep && keys.length === 0) continue;
    if (chain.length > 0) chain.push(...keys.length > 0 ? keys : [token.value]);
    else paths.push(chain = keys.length > 0 ? [...keys] : [token.value]);
    if (!isStep) chain = [];
  }
  return paths;
}

function isText({ kind, text }: Token): boolean {
  return (kind === "string" || (kind === "quoted" && text.startsWith('"'))) &&
    text.length <= LONGEST;
}

function valueOf({ text }: Token): number {
  const value = Number(text.replaceAll("_", ""));
  return Number.isSafeInteger(value) || Math.abs(value) < 1e15 ? value : 0;
}

/** Lengths that a number may stand for, and those next to it. */
function lengths(numbers: readonly number[]): readonly number[] {
  const found = numbers.filter((value) => Number.isInteger(value) && value > 0 && value < LONGEST);
  return [...new Set(found.flatMap((value) => [value, value + 1, value - 1]))]
    .filter((length) => length > 0).slice(0, 8);
}

/** A number as a text of a length: its last digits when there is no more room. */
function padded(own: number, length: number, filler: string): string {
  return String(own).padStart(length, filler).slice(-length);
}

/** A text that a pattern of LIKE or GLOB lets pass: each sign for one or more characters becomes a digit, or what its brackets offer. */
function fromPattern(pattern: string, own: number): string {
  const digits = String(own);
  let at = digits.length;
  const digit = () => digits[--at] ?? "0";
  return pattern.replaceAll(
    /\[(\^?)([^\]]*)\]|[%*]|[?_]/g,
    (sign, not: string | undefined, inside: string | undefined) => {
      if (sign === "%" || sign === "*") return digits;
      if (inside === undefined || inside === "") return digit();
      if (not === "^") return /[a-z]/i.test(inside) ? digit() : "x";
      return inside.includes("0-9") ? digit() : inside[0] ?? "";
    },
  );
}

const MOMENTS = [
  "2020-01-01",
  "2020-01-01 10:00:00",
  "2020-01-01T10:00:00Z",
  "2020-01-01T10:00:00.000Z",
  "10:00:00",
];

/** The days before and after a date, with the time of day that stands behind it. */
function daysAround(text: string): readonly string[] {
  const [, date, rest = ""] = /^(\d{4}-\d\d-\d\d)(.*)$/s.exec(text) ?? [];
  const time = date === undefined ? NaN : Date.parse(date);
  if (Number.isNaN(time)) return [];
  return [time + DAY, time - DAY].map((day) => new Date(day).toISOString().slice(0, 10) + rest);
}

const DAY = 24 * 60 * 60 * 1000;

function uuidOf(own: number): string {
  return `00000000-0000-4000-8000-${String(own).padStart(12, "0")}`;
}
