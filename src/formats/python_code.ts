/** Python's literals: read, and written. */

import { type CodeLanguage, LiteralBuilder, matchAt, type ReadString } from "./code_tokens.ts";

/** Comments and strings of Python. */
export const PYTHON: CodeLanguage = {
  commentEnd(text, at) {
    if (text.charAt(at) !== "#") return null;
    const end = text.indexOf("\n", at);
    return end < 0 ? text.length : end;
  },
  stringAt: pythonString,
};

const OPENING = /([rRbBuUfF]{0,2})("""|'''|"|')/y;
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const NUMBERED = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/y;

function pythonString(text: string, at: number): ReadString | null {
  const opening = matchAt(OPENING, text, at);
  if (opening === null || at > 0 && /[\w]/.test(text.charAt(at - 1))) return null;
  const prefix = opening.replace(/["']+$/, "").toLowerCase();
  const quote = opening.slice(prefix.length);
  const literal = new LiteralBuilder(text, at + opening.length);
  literal.isFilled = /[fb]/.test(prefix);
  let here = at + opening.length;
  while (here < text.length && !text.startsWith(quote, here)) {
    const sign = text.charAt(here);
    if (sign === "\r" && text.charAt(here + 1) === "\n") {
      literal.replace(here, here + 1, "");
      here++;
    } else if (sign !== "\\") {
      if (sign === "\n" && quote.length === 1) break;
      here++;
    } else if (prefix.includes("r")) here += 2;
    else here = pythonEscape(literal, text, here);
  }
  literal.finish(Math.min(here, text.length));
  return literal.done(Math.min(here + quote.length, text.length));
}

function pythonEscape(literal: LiteralBuilder, text: string, at: number): number {
  const numbered = matchAt(NUMBERED, text, at);
  if (numbered !== null) {
    const digits = numbered.replace(/^\\[xuU]?/, "");
    const code = parseInt(digits, /^\\\d/.test(numbered) ? 8 : 16);
    const end = at + numbered.length;
    if (code > 0x10ffff) literal.isFilled = true;
    else literal.replace(at, end, String.fromCodePoint(code));
    return end;
  }
  const next = text.charAt(at + 1);
  const broken = matchAt(/\\\r?\n/y, text, at);
  if (broken !== null) {
    literal.replace(at, at + broken.length, "");
    return at + broken.length;
  }
  if (next === "N") literal.isFilled = true;
  const value = ESCAPES[next];
  if (value !== undefined) literal.replace(at, at + 2, value);
  return at + 2;
}

/** A text as a literal of Python: on one line in quotes where it is plain, else raw in triple quotes, else with escapes. */
export function pythonLiteral(text: string): string {
  if (/^[^"\\\p{Cc}]*$/u.test(text)) return `"${text}"`;
  const isRaw = !/"""|[\\"]$|(?![\t\n])\p{Cc}/u.test(text);
  if (isRaw) return `${text.includes("\\") ? "r" : ""}"""${text}"""`;
  const escaped = text.replaceAll("\\", "\\\\").replaceAll(/"(?="|$)/g, '\\"')
    .replaceAll(
      /(?![\t\n])\p{Cc}/gu,
      (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
  return `"""${escaped}"""`;
}
