/** Formats of moments, from the signs of one dialect to those of another. */

import { call, type Expression, Untranslatable } from "./tree.ts";

/** The signs of a dialect by those of the tree: `{ "%Y": "YYYY" }`. */
export type FormatSigns = Readonly<Record<string, string>>;

/** The signs of the tree: year, month, day, hour of 24, minute, second. */
const SIGNS = ["%Y", "%m", "%d", "%H", "%M", "%S"] as const;

/** A moment as text; its format is written in the signs of a dialect. Throws Untranslatable for other ones. */
export function formattedTime(
  value: Expression | undefined,
  format: Expression | undefined,
  signs: FormatSigns,
): Expression {
  if (value === undefined || format?.node !== "string") {
    throw new Untranslatable("a format that is no constant has no equal");
  }
  const known = Object.entries(signs).sort(([, a], [, b]) => b.length - a.length);
  let text = "";
  for (let at = 0; at < format.value.length;) {
    const found = known.find(([, sign]) => format.value.startsWith(sign, at));
    const plain = format.value.charAt(at);
    if (found === undefined && !PLAIN.test(plain)) {
      throw new Untranslatable(`the format "${format.value}" has no equal`);
    }
    text += found?.[0] ?? plain;
    at += found?.[1].length ?? 1;
  }
  return call("format_time", value, { node: "string", value: text });
}

/** A literal with the format of the tree as one with the signs of a dialect. */
export function formatLiteral(literal: string, signs: FormatSigns): string {
  return SIGNS.reduce((text, sign) => text.replaceAll(sign, signs[sign] ?? sign), literal);
}

/** What stands for itself in every dialect. */
const PLAIN = /^[-/:. ,]$/;
