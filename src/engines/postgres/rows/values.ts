/** Values of any Postgres type, as the text that its input takes. */

import { type SqlType, type Types, withoutDomains } from "./read_types.ts";
import { scalarTexts } from "./scalar_texts.ts";

/** What a type offers. */
export interface TypeTexts {
  /** Texts of a value of no distinction, best first; another number gives other ones, where the type has so many. */
  readonly ordinary: (number: number) => readonly string[];
  /** The extremes, and what is easily damaged. */
  readonly special: readonly string[];
}

/** The texts of a type. */
export function textsOf(types: Types, oid: number, modifier: number): TypeTexts {
  return nestedTexts(types, { oid, modifier, depth: 0 });
}

interface Wanted {
  readonly oid: number;
  readonly modifier: number;
  /** How deep in other types it is; a type can be made of arrays of itself. */
  readonly depth: number;
}

/** Types that are nested deeper than this are left NULL. */
const DEEPEST = 4;

function nestedTexts(types: Types, wanted: Wanted): TypeTexts {
  const valid = types.get(wanted.oid)?.valid;
  if (wanted.depth > 0 && valid !== undefined) return enumTexts(valid);
  const { type, modifier } = withoutDomains(types, wanted.oid, wanted.modifier);
  const depth = wanted.depth + 1;
  if (type === undefined || depth > DEEPEST) return NOTHING;
  const texts = scalarTexts(type, modifier);
  if (texts !== null) return texts;
  const part = (oid: number, own = -1) => nestedTexts(types, { oid, modifier: own, depth });
  switch (type.kind) {
    case "e":
      return enumTexts(type.labels);
    case "r":
      return rangeTexts(part(type.part));
    case "m":
      return multirangeTexts(part(type.part));
    case "c":
      return compositeTexts(type.attributes.map((one) => part(one.type, one.modifier)));
  }
  return type.element !== 0 ? arrayTexts(part(type.element, modifier), delimiterOf(type)) : UNKNOWN;
}

const NOTHING: TypeTexts = { ordinary: () => [], special: [] };

/** What types of extensions and of the user may take. */
const UNKNOWN: TypeTexts = {
  ordinary: (number) => [
    `v${number}`,
    `${number}`,
    `(${number},1)`,
    `(${number},1),(${number + 1},2)`,
    `[${number},1,1]`,
    `"k"=>"${number}"`,
  ],
  special: [],
};

function enumTexts(labels: readonly string[]): TypeTexts {
  return {
    ordinary: (number) =>
      labels.length === 0
        ? []
        : [...labels.slice(number % labels.length), ...labels.slice(0, number % labels.length)],
    special: labels,
  };
}

function rangeTexts(bound: TypeTexts): TypeTexts {
  const text = (value: string | undefined) => quoted(value ?? "");
  const [most] = bound.special;
  return {
    ordinary: (
      number,
    ) => [`[${text(bound.ordinary(number)[0])},${text(bound.ordinary(number)[0])}]`],
    special: ["(,)", "empty", ...most === undefined ? [] : [`(,${text(most)})`]],
  };
}

function multirangeTexts(range: TypeTexts): TypeTexts {
  return {
    ordinary: (number) => range.ordinary(number).map((text) => `{${text}}`),
    special: [
      "{}",
      "{(,)}",
      `{${[1, 5].flatMap((number) => range.ordinary(number)[0] ?? []).join(",")}}`,
    ],
  };
}

function compositeTexts(attributes: readonly TypeTexts[]): TypeTexts {
  const row = (values: readonly (string | undefined)[]) =>
    `(${values.map((value) => value === undefined ? "" : quoted(value)).join(",")})`;
  const most = Math.max(0, ...attributes.map(({ special }) => special.length));
  return {
    ordinary: (number) => [row(attributes.map((one, at) => one.ordinary(number + at)[0]))],
    special: [
      ...Array.from(
        { length: Math.min(most, 6) },
        (_, at) => row(attributes.map(({ special }) => special[at % Math.max(special.length, 1)])),
      ),
      row(attributes.map(() => undefined)),
    ],
  };
}

function arrayTexts(element: TypeTexts, delimiter: string): TypeTexts {
  const array = (values: readonly string[]) => `{${values.map(quoted).join(delimiter)}}`;
  const two = [1, 2].flatMap((number) => element.ordinary(number)[0] ?? []);
  const short = element.special.filter((text) => text.length < 200);
  return {
    ordinary: (number) => {
      const [one] = element.ordinary(number);
      return [one === undefined ? "{}" : array([one])];
    },
    special: [
      "{}",
      array(short),
      two.length < 2 ? "{}" : `{${two.map((text) => array([text])).join(delimiter)}}`,
      "{NULL}",
      two.length < 2 ? "{}" : `[0:1]=${array(two)}`,
    ],
  };
}

/** Alone among the built-in types, boxes stand with semicolons. */
function delimiterOf({ plain }: SqlType): string {
  return plain === "_box" ? ";" : ",";
}

/** As an element of an array, an attribute of a composite or a bound of a range. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
