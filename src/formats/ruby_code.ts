/** Literals of Ruby: read, and written. */

import { type CodeLanguage, LiteralBuilder, matchAt, type ReadString } from "./code_tokens.ts";

/** Comments and strings of Ruby, for one text: it remembers where heredocs end. */
export function ruby(): CodeLanguage {
  /** Where the bodies of heredocs that a line opened begin and end; 0 when it opened none. */
  let bodies = 0;
  return {
    commentEnd(text, at) {
      const isBlock = text.startsWith("=begin", at) && (at === 0 || text.charAt(at - 1) === "\n");
      if (!isBlock && text.charAt(at) !== "#") return null;
      const end = isBlock ? text.indexOf("\n=end", at) : text.indexOf("\n", at);
      return end < 0 ? text.length : isBlock ? end + 5 : end;
    },
    stringAt(text, at) {
      const heredoc = matchAt(/<<[~-]?(?:"\w+"|'\w+'|[A-Z_]\w*)/y, text, at);
      if (heredoc === null) return quoted(text, at);
      const lineEnd = text.indexOf("\n", at);
      const from = Math.max(bodies, lineEnd < 0 ? text.length : lineEnd + 1);
      const read = heredocBody(text, { opening: heredoc, from });
      bodies = read.end;
      return { ...read, end: at + heredoc.length };
    },
    afterLine(at) {
      const to = Math.max(bodies, at);
      bodies = 0;
      return to;
    },
  };
}

function quoted(text: string, at: number): ReadString | null {
  const quote = text.charAt(at);
  if (quote !== "'" && quote !== '"' && quote !== "`") return null;
  let end = at + 1;
  while (end < text.length && text.charAt(end) !== quote) {
    end += text.charAt(end) === "\\" ? 2 : 1;
  }
  end = Math.min(end, text.length);
  const literal = new LiteralBuilder(text, at + 1);
  literal.isFilled = quote === "`";
  if (quote === "'") {
    for (let here = at + 1; here < end; here++) {
      if (!/^\\[\\']/.test(text.slice(here, here + 2))) continue;
      literal.replace(here, here + 2, text.charAt(here + 1));
      here++;
    }
  } else escapes(literal, text, { start: at + 1, end });
  literal.finish(end);
  return literal.done(Math.min(end + 1, text.length));
}

function heredocBody(
  text: string,
  { opening, from }: { readonly opening: string; readonly from: number },
): ReadString {
  const [, kind = "", quote = "", name = ""] = /^<<([~-]?)(["']?)(\w+)/.exec(opening) ?? [];
  const rows: { start: number; end: number }[] = [];
  let at = from;
  while (at < text.length) {
    const cut = text.indexOf("\n", at);
    const end = cut < 0 ? text.length : cut + 1;
    const row = text.slice(at, end).replace(/\r?\n$/, "");
    if ((kind === "" ? row : row.trimStart()) === name) {
      at = end;
      break;
    }
    rows.push({ start: at, end });
    at = end;
  }
  const literal = new LiteralBuilder(text, from);
  const indent = kind === "~" ? indentOf(rows.map(({ start, end }) => text.slice(start, end))) : 0;
  if (indent === null) literal.isFilled = true;
  for (const { start, end } of rows) {
    const blank = /^[ ]*/.exec(text.slice(start, end))?.[0].length ?? 0;
    const cut = Math.min(indent ?? 0, blank);
    if (cut > 0) literal.replace(start, start + cut, "");
    const carriage = text.slice(start, end).endsWith("\r\n") ? end - 2 : null;
    if (quote !== "'") escapes(literal, text, { start: start + cut, end });
    if (carriage !== null) literal.replace(carriage, carriage + 1, "");
  }
  literal.finish(rows.at(-1)?.end ?? from);
  return literal.done(at);
}

/** The blanks that all lines but empty ones begin with; null where tabs are among them. */
function indentOf(rows: readonly string[]): number | null {
  const full = rows.filter((row) => row.trim() !== "");
  if (full.some((row) => /^ *\t/.test(row))) return null;
  return Math.min(...full.map((row) => row.length - row.trimStart().length), Infinity);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  s: " ",
  e: "\x1b",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** The escapes of a text in double quotes, and what is filled in. */
function escapes(
  literal: LiteralBuilder,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): void {
  for (let at = start; at < end;) {
    if (/^#[{$@]/.test(text.slice(at, at + 2))) literal.isFilled = true;
    if (text.charAt(at) !== "\\") {
      at++;
      continue;
    }
    const numbered = matchAt(
      /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\})/y,
      text,
      at,
    );
    const next = text.charAt(at + 1);
    const length = numbered?.length ?? 2;
    if (numbered !== null) {
      const code = parseInt(numbered.replace(/^\\[xu]\{?/, ""), 16);
      if (code > 0x10ffff) literal.isFilled = true;
      else literal.replace(at, at + length, String.fromCodePoint(code));
    } else if (/[\dxucCM]/.test(next)) literal.isFilled = true;
    else literal.replace(at, at + 2, next === "\n" ? "" : ESCAPES[next] ?? next);
    at += length;
  }
}

/** A text as what stands behind `execute `: in quotes where it is plain, else as a heredoc, else with escapes. */
export function rubyLiteral(
  text: string,
  { indent, keepsLines }: { readonly indent: string; readonly keepsLines: boolean },
): string {
  if (/^[^"\\#\p{Cc}]*$/u.test(text)) return `"${text}"`;
  if (!/(?![\t\n])\p{Cc}/u.test(text)) {
    let name = "SQL";
    while (new RegExp(`^\\s*${name}\\s*$`, "m").test(text)) name += "_";
    if (keepsLines) return `<<-'${name}'\n${text}\n${indent}${name}`;
    const rows = text.split("\n").map((row) => row === "" ? row : `${indent}  ${row}`);
    return `<<~'${name}'\n${rows.join("\n")}\n${indent}${name}`;
  }
  const escaped = text.replaceAll(/["\\#]/g, "\\$&")
    .replaceAll(
      /\p{Cc}/gu,
      (sign) => sign === "\n" ? "\\n" : `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  return `"${escaped}"`;
}
