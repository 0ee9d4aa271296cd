/** Expressions in the words of their author: `price >= 0` for `(price >= (0)::numeric)`, `s IN ('a', 'b')` for `= ANY (ARRAY[...])`. */

import type { Statement } from "../../core/statement.ts";
import { tokensOf } from "../../sql/scanner.ts";
import { type CodeToken, codeTokens } from "./code_tokens.ts";
import { lexicon } from "./lexicon.ts";

/** A statement with those expressions that the script has in other words; null for a statement without any. */
export function withAuthoredExpressions(sql: string, script: readonly Statement[]): string | null {
  if (!HAS_EXPRESSION.test(sql)) return null;
  const tokens = codeTokens(sql);
  const places = expressionsIn(tokens);
  if (places.length === 0) return null;
  const written = writtenIn(script);
  let [text, at] = ["", 0];
  for (const { start, end, key } of places) {
    // Of one in another, the outer one is taken.
    const own = start < at ? undefined : written.get(key);
    if (own === undefined) continue;
    text += sql.slice(at, start) + own;
    at = end;
  }
  return text + sql.slice(at);
}

const HAS_EXPRESSION =
  /\b(?:CHECK|USING|AS|WHEN)\s*\(|\bDEFAULT\b|^CREATE (?:UNIQUE )?INDEX .* WHERE /is;

/** Where an expression stands, and what it says apart from brackets, casts and spelling. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly key: string;
}

const byScript = new WeakMap<readonly Statement[], ReadonlyMap<string, string>>();

/** The expressions of a script by what they say, the last of each. */
function writtenIn(script: readonly Statement[]): ReadonlyMap<string, string> {
  const known = byScript.get(script);
  if (known !== undefined) return known;
  const written = new Map<string, string>();
  for (const { sql } of script) {
    if (!HAS_EXPRESSION.test(sql)) continue;
    for (const { start, end, key } of expressionsIn(codeTokens(sql))) {
      const text = onOneLine(sql.slice(start, end));
      if (text !== null) written.set(key, text);
    }
  }
  byScript.set(script, written);
  return written;
}

/** An expression whose lines are put together; null for one with comments. */
function onOneLine(sql: string): string | null {
  const tokens = tokensOf(sql, lexicon);
  if (tokens.some(({ kind }) => kind === "comment")) return null;
  return tokens.map(({ kind, start, end }) =>
    kind === "blank" && /[\r\n]/.test(sql.slice(start, end)) ? " " : sql.slice(start, end)
  ).join("");
}

const BEFORE_BRACKET = new Set(["CHECK", "USING", "AS", "WHEN"]);

function expressionsIn(tokens: readonly CodeToken[]): readonly Place[] {
  const isIndex = tokens[0]?.text === "CREATE" &&
    tokens.slice(1, 3).some(({ text }) => text === "INDEX");
  return tokens.flatMap(({ text }, at) => {
    if (BEFORE_BRACKET.has(text) && tokens[at + 1]?.text === "(") {
      return placeOf(tokens, at + 2, closing(tokens, at + 1), "");
    }
    if (text === "DEFAULT") {
      return placeOf(tokens, at + 1, endOfDefault(tokens, at + 1), "DEFAULT ");
    }
    return isIndex && text === "WHERE" ? placeOf(tokens, at + 1, tokens.length, "") : [];
  });
}

function placeOf(
  tokens: readonly CodeToken[],
  first: number,
  end: number,
  kind: string,
): readonly Place[] {
  const own = tokens.slice(first, end);
  const [start, last] = [own[0], own.at(-1)];
  if (start === undefined || last === undefined) return [];
  return [{ start: start.start, end: last.end, key: kind + keyOf(own) }];
}

/** The index of the bracket that closes the one at `open`. */
function closing(tokens: readonly CodeToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const sign = tokens[at]?.text;
    if (sign === "(") depth++;
    else if (sign === ")" && --depth === 0) return at;
  }
  return tokens.length;
}

/** Words that stand behind a default. */
const BEHIND_DEFAULT = new Set(
  "NOT NULL CHECK UNIQUE PRIMARY REFERENCES CONSTRAINT GENERATED COLLATE ON DEFERRABLE".split(" "),
);

function endOfDefault(tokens: readonly CodeToken[], first: number): number {
  let at = first;
  for (; at < tokens.length; at++) {
    const text = tokens[at]?.text ?? "";
    if (text === "(") at = closing(tokens, at);
    else if (text === ")" || text === "," || text === ";") break;
    else if (at > first && BEHIND_DEFAULT.has(text)) break;
  }
  return Math.min(at, tokens.length);
}

const SPELLINGS: Readonly<Record<string, string>> = {
  "!=": "<>",
  "~~": "LIKE",
  "!~~": "NOT LIKE",
  "~~*": "ILIKE",
  "!~~*": "NOT ILIKE",
};

/** Words that a string may stand behind and that name no type. */
const NO_TYPES = new Set(
  "AND OR NOT IN LIKE ILIKE BETWEEN THEN ELSE WHEN IS FROM SIMILAR TO COLLATE ESCAPE AS".split(" "),
);

/** What an expression says: no brackets, no casts, one spelling of what has several. */
function keyOf(tokens: readonly CodeToken[]): string {
  const words: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { text = "", isName = false } = tokens[at] ?? {};
    if ("()[]".includes(text) || text === "ARRAY") continue;
    if (text === "::") at = endOfType(tokens, at + 1) - 1;
    else if (isName && tokens[at + 1]?.isString === true && !NO_TYPES.has(text)) continue;
    else words.push(SPELLINGS[text] ?? text);
  }
  return words.join(" ")
    .replaceAll(/(\S+) BETWEEN (\S+) AND (\S+)/g, "$1 >= $2 AND $1 <= $3")
    .replaceAll("= ANY ", "IN ")
    .replaceAll("<> ALL ", "NOT IN ");
}

/** The index behind the type that begins at `first`. */
function endOfType(tokens: readonly CodeToken[], first: number): number {
  let at = first + 1;
  const is = (text: string) => tokens[at]?.text === text;
  while (is(".")) at += 2;
  if (is("VARYING") || is("PRECISION")) at++;
  if (is("(")) at = closing(tokens, at) + 1;
  if (is("WITH") || is("WITHOUT")) at += 3;
  while (is("[")) at += 2;
  return at;
}
