/** Values that a condition may ask for: the constants in it, what is next to them, texts that its patterns match. */

import { daysAround } from "../../common/value_candidates.ts";
import { regexSamples } from "./regex_sample.ts";

/** The most texts that are taken from one condition. */
const MOST = 40;

/** Texts that are named or hinted at by a condition, as the input of whatever type. */
export function samplesIn(expression: string): readonly string[] {
  const texts = [...expression.matchAll(/(?:E)?'((?:[^']|'')*)'/g)].map(([whole, text = ""]) => {
    const plain = text.replaceAll("''", "'");
    return whole.startsWith("E") ? plain.replaceAll("\\\\", "\\") : plain;
  });
  const numbers = expression.replaceAll(/'(?:[^']|'')*'/g, "''")
    .match(/(?<![\w.])\d+(?:\.\d+)?(?![\w.])/g) ?? [];
  return [
    ...new Set([
      ...texts.flatMap((text) => [text, ...daysAround(text)]),
      ...texts.flatMap(numbersAround),
      ...numbers.flatMap(numbersAround),
      ...numbers.flatMap(textsOfLength),
      ...texts.flatMap((text) => [...regexSamples(text), ...likeSamples(text)]),
      ...COMMON,
    ]),
  ].filter((text) => text.length <= 2000).slice(0, MOST);
}

/** What texts with a condition are, as a rule. */
const COMMON = [
  "a@example.com",
  "https://example.com/a",
  "abcdef",
  "ABCDEF",
  "12345678",
  "#aabbcc",
  "AB",
  "abcdefabcdefabcdefabcdefabcdefabcdef",
] as const;

function numbersAround(text: string): readonly string[] {
  if (!/^-?\d{1,18}(?:\.\d{1,18})?$/.test(text)) return [];
  const number = Number(text);
  return [text, String(number + 1), String(number - 1), `-${text.replace("-", "")}`];
}

function textsOfLength(text: string): readonly string[] {
  const length = Number(text);
  return Number.isInteger(length) && length > 0 && length <= 1000
    ? [length, length + 1, length - 1].map((size) => "x".repeat(size))
    : [];
}

function likeSamples(text: string): readonly string[] {
  return /[%_]/.test(text)
    ? [text.replaceAll("%", "").replaceAll("_", "x"), text.replaceAll(/[%_]/g, "x")]
    : [];
}
