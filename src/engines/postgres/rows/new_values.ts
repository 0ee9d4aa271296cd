/** What a column takes since its type is another. */

import { type NamedType, namedType } from "./named_type.ts";
import type { TypeTexts } from "./values.ts";

/** A value that is newly possible, as the text of its input. */
export interface NewValue {
  readonly kind: "range" | "length" | "type";
  readonly text: string;
}

/** What the type takes that the one before did not. `texts` are those of the type now; no more than a few. */
export function newValues(before: string, after: string, texts: TypeTexts): readonly NewValue[] {
  if (before === after) return [];
  const [old, now] = [namedType(before), namedType(after)];
  if (now === null) return of("type", texts.ordinary(1007)[0] ?? texts.special[0]);
  if (old !== null) {
    const [oldNumber, number] = [numberOf(old), numberOf(now)];
    if (oldNumber !== null && number !== null) return newNumbers(oldNumber, number, now, texts);
    const [oldSize, size] = [lengthOf(old), lengthOf(now)];
    if (oldSize !== null && size !== null) {
      return size > oldSize ? of("length", "x".repeat(Math.min(oldSize + 1, MOST_LENGTH))) : [];
    }
    if (old.plain === now.plain) {
      return isFiner(old, now)
        ? of("range", texts.special.find((text) => text.includes(".1")))
        : [];
    }
  }
  return of("type", TYPICAL[now.plain] ?? texts.ordinary(1007)[0]);
}

function of(kind: NewValue["kind"], text: string | undefined): readonly NewValue[] {
  return text === undefined ? [] : [{ kind, text }];
}

/** Longer texts are not written; a type that takes more than this is not told from one without a limit. */
const MOST_LENGTH = 20_000;

/** Values that say at once of which type they are. */
const TYPICAL: Readonly<Record<string, string>> = {
  text: "abc é",
  varchar: "abc",
  citext: "abc",
  bpchar: "abc",
  timestamp: "2024-02-29 23:59:59.123456",
  timestamptz: "2024-02-29 23:59:59.123456+00",
  json: '{"b": 1,  "a": 2, "a": 3}',
  jsonb: '{"a": [1, {"b": null}]}',
  float8: "0.1",
  numeric: "0.25",
};

/** How many digits a type takes before and after the point. */
interface NumberSize {
  readonly digits: number;
  readonly scale: number;
}

function numberOf({ plain, modifier }: NamedType): NumberSize | null {
  if (plain === "numeric" && modifier >= 0) {
    const precision = (modifier - 4) >> 16 & 0xffff;
    const scale = ((modifier - 4 & 0x7ff) ^ 1024) - 1024;
    return { digits: precision - scale, scale };
  }
  return NUMBERS[plain] ?? null;
}

const NUMBERS: Readonly<Record<string, NumberSize>> = {
  int2: { digits: 5, scale: 0 },
  int4: { digits: 10, scale: 0 },
  int8: { digits: 19, scale: 0 },
  money: { digits: 17, scale: 2 },
  float4: { digits: 38, scale: 7 },
  float8: { digits: 308, scale: 16 },
  numeric: { digits: 131_072, scale: 16_383 },
};

function newNumbers(
  old: NumberSize,
  now: NumberSize,
  { plain }: NamedType,
  { special }: TypeTexts,
): readonly NewValue[] {
  const isFloat = plain.startsWith("float");
  const fraction = isFloat
    ? "0.1"
    : plain === "money"
    ? "0.01"
    : special.find((text) => /^0\.0*1$/.test(text)) ?? "0.5";
  return [
    ...now.digits > old.digits ? of("range", special[0]) : [],
    ...now.scale > old.scale ? of("range", fraction) : [],
  ];
}

function lengthOf({ plain, modifier }: NamedType): number | null {
  if (!/^(?:text|varchar|bpchar|citext)$/.test(plain)) return null;
  return modifier < 4 ? Infinity : modifier - 4;
}

/** More digits of seconds. */
function isFiner(old: NamedType, now: NamedType): boolean {
  const digits = ({ modifier }: NamedType) => modifier < 0 ? 6 : modifier;
  return /^time/.test(now.plain) && digits(now) > digits(old);
}
