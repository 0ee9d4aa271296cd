/** Values that the text of a rule suggests: its own literals, those beside them, and what rules usually ask for. */

import { literalsOf } from "../../../core/observation.ts";
import { literal } from "../quote.ts";
import type { Rule } from "./tables.ts";
import { baseOf, labelsOf } from "./values.ts";

/** The longest text that is made for a length that a rule names. */
const LONGEST = 300;

/** SQL of values for a column of a type, best first. */
export function candidatesOf(type: string, rules: readonly Rule[], row: number): readonly string[] {
  const texts = rules.map(({ text }) => text).filter((text) => text !== "");
  if (texts.length === 0) return [];
  const { texts: strings, numbers } = literalsOf(texts);
  const base = baseOf(type);
  const turned = <T>(list: readonly T[]): readonly T[] => {
    const at = list.length === 0 ? 0 : row % list.length;
    return [...list.slice(at), ...list.slice(0, at)];
  };
  if (/^(?:enum|set)$/.test(base)) return labelsOf(type);
  if (/^(?:date|datetime|timestamp|time|year)$/.test(base)) {
    return DATES[base] ?? DATES.datetime ?? [];
  }
  if (NUMBER.test(base)) {
    const inTexts = strings.filter((text) => /^-?\d+(?:\.\d+)?$/.test(text));
    return [
      ...turned([...numbers.map(String), ...inTexts]),
      "1",
      "0",
      "100",
      "1000000",
      "-1",
      "0.5",
    ];
  }
  const lengths = numbers.filter((length) => length > 0 && length <= LONGEST);
  return [
    ...turned(strings).map(literal),
    ...texts.some((text) => /json|->/i.test(text)) ? ["'{}'", "'[]'", `'{"a": 1}'`] : [],
    ...numbers.map((number) => `'${number}'`),
    ...lengths.flatMap((length) => [`'${"a".repeat(length)}'`, `'${"1".repeat(length)}'`]),
    ...USUAL,
  ];
}

const NUMBER = /^(?:tinyint|smallint|mediumint|int|bigint|decimal|float|double|bit)$/;

const DATES: Readonly<Record<string, readonly string[]>> = {
  date: ["'2000-01-01'", "'2001-01-01'", "'1990-01-01'", "'2090-01-01'", "'2020-06-15'"],
  datetime: [
    "'2000-01-01 00:00:00'",
    "'2001-01-01 00:00:00'",
    "'1990-01-01 00:00:00'",
    "'2030-01-01 00:00:00'",
  ],
  time: ["'00:00:00'", "'12:00:00'", "'23:00:00'"],
  year: ["2000", "1990", "2020"],
};

const USUAL = [
  "'1'",
  "'a'",
  "'A'",
  "'AAA'",
  "'a@b.co'",
  "'2000-01-01'",
  "'https://a.co/b'",
  "'+15550100'",
  "''",
];
