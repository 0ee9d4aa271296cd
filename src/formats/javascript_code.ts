/** Literals of JavaScript and TypeScript: read, and written. */

import { type CodeLanguage, LiteralBuilder, matchAt, type ReadString } from "./code_tokens.ts";

/** Comments and strings of JavaScript. A regular expression is taken for signs. */
export const JAVASCRIPT: CodeLanguage = {
  commentEnd(text, at) {
    if (text.startsWith("//", at)) {
      const end = text.indexOf("\n", at);
      return end < 0 ? text.length : end;
    }
    if (!text.startsWith("/*", at)) return null;
    const end = text.indexOf("*/", at + 2);
    return end < 0 ? text.length : end + 2;
  },
  stringAt: javascriptString,
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
};
const NUMBERED = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|0(?!\d))/y;
const RAW = /String\s*\.\s*raw\s*`/y;

function javascriptString(text: string, at: number): ReadString | null {
  const raw = text.charAt(at) === "S" ? matchAt(RAW, text, at) : null;
  const quote = raw === null ? text.charAt(at) : "`";
  if (!"'\"`".includes(quote) || quote === "") return null;
  const from = at + (raw?.length ?? 1);
  const literal = new LiteralBuilder(text, from);
  let here = from;
  while (here < text.length && text.charAt(here) !== quote) {
    const sign = text.charAt(here);
    if (quote === "`" && text.startsWith("${", here)) {
      literal.isFilled = true;
      here = afterFilling(text, here + 2);
    } else if (quote === "`" && sign === "\r") {
      literal.replace(here, here + 1, text.charAt(here + 1) === "\n" ? "" : "\n");
      here++;
    } else if (sign === "\n" && quote !== "`") break;
    else if (sign !== "\\") here++;
    else if (raw !== null) here += 2;
    else here = javascriptEscape(literal, text, here);
  }
  literal.finish(Math.min(here, text.length));
  return literal.done(Math.min(here + 1, text.length));
}

/** Behind the brace that closes a `${`, whose expression may hold strings and braces. */
function afterFilling(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length;) {
    const inner = javascriptString(text, at);
    if (inner !== null) {
      at = Math.max(inner.end, at + 1);
      continue;
    }
    const sign = text.charAt(at++);
    if (sign === "{") depth++;
    else if (sign === "}" && --depth === 0) return at;
  }
  return text.length;
}

function javascriptEscape(literal: LiteralBuilder, text: string, at: number): number {
  const numbered = matchAt(NUMBERED, text, at);
  if (numbered !== null) {
    const code = parseInt(numbered.replace(/^\\[xu]?\{?/, ""), 16);
    const end = at + numbered.length;
    if (code > 0x10ffff) literal.isFilled = true;
    else literal.replace(at, end, String.fromCodePoint(code));
    return end;
  }
  const broken = matchAt(/\\(?:\r\n|[\n\r\u2028\u2029])/y, text, at);
  if (broken !== null) {
    literal.replace(at, at + broken.length, "");
    return at + broken.length;
  }
  const next = text.charAt(at + 1);
  if (/\d/.test(next)) literal.isFilled = true;
  literal.replace(at, at + 2, ESCAPES[next] ?? next);
  return at + 2;
}

/** A text as a literal of JavaScript: in quotes where it is plain, else as a template whose line breaks are those of the text. */
export function javascriptLiteral(text: string): string {
  if (/^[^"\\\p{Cc}\u2028\u2029]*$/u.test(text)) return `"${text}"`;
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")
    .replaceAll(
      /(?![\t\n])[\p{Cc}\u2028\u2029]/gu,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  return `\`${escaped}\``;
}
