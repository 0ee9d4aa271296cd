/** A dialect-blind scan of SQL: what stands inside strings, quoted names and comments, and what outside. */

import type { Range } from "./script.ts";

/** A range that is not plain SQL. */
export interface Quoted extends Range {
  readonly kind: "string" | "name" | "comment" | "body";
}

/** Where the quoted piece that begins at `at` ends, or null when none begins there. Knows '...', E'...', "...", `...`, dollar quotes, -- and nested block comments. */
export function quotedAt(text: string, at: number): Quoted | null {
  const head = text[at];
  if (head === "'") {
    const escapes = /(?:^|\W)e$/i.test(text.slice(Math.max(0, at - 2), at));
    return { start: at, end: endOfQuote(text, at, escapes), kind: "string" };
  }
  if (head === '"' || head === "`") {
    return { start: at, end: endOfQuote(text, at, false), kind: "name" };
  }
  if (head === "-" && text[at + 1] === "-") {
    return { start: at, end: orEnd(text, text.indexOf("\n", at)), kind: "comment" };
  }
  if (head === "/" && text[at + 1] === "*") {
    return { start: at, end: endOfComment(text, at), kind: "comment" };
  }
  if (head !== "$" || /[\w$]/.test(text[at - 1] ?? "")) return null;
  const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(text.slice(at, at + 128));
  if (tag === null) return null;
  const close = text.indexOf(tag[0], at + tag[0].length);
  return { start: at, end: close < 0 ? text.length : close + tag[0].length, kind: "body" };
}

/** All that is not plain SQL, in order. */
export function quotedRanges(text: string): readonly Quoted[] {
  const out: Quoted[] = [];
  const opener = /['"`$]|--|\/\*/g;
  for (let found = opener.exec(text); found !== null; found = opener.exec(text)) {
    const quoted = quotedAt(text, found.index);
    if (quoted === null) continue;
    out.push(quoted);
    opener.lastIndex = quoted.end;
  }
  return out;
}

/** The ranges of `text` that are plain SQL. */
export function plainRanges(text: string): readonly Range[] {
  const out: Range[] = [];
  let at = 0;
  for (const { start, end } of quotedRanges(text)) {
    if (start > at) out.push({ start: at, end: start });
    at = end;
  }
  if (at < text.length) out.push({ start: at, end: text.length });
  return out;
}

/** True for a text that holds nothing but blanks and comments. */
export function isOnlyComments(text: string): boolean {
  let at = 0;
  for (const { start, end, kind } of quotedRanges(text)) {
    if (kind !== "comment" || text.slice(at, start).trim() !== "") return false;
    at = end;
  }
  return text.slice(at).trim() === "";
}

function endOfComment(text: string, at: number): number {
  let depth = 0;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}

function endOfQuote(text: string, from: number, escapes: boolean): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (escapes && text[at] === "\\") at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return text.length;
}

function orEnd(text: string, at: number): number {
  return at < 0 ? text.length : at;
}
