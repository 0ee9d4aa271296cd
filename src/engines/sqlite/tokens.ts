/** SQLite's tokens: the same cuts as its own tokenizer makes. */

import { lowerAscii, unquoted } from "../../sql/name.ts";
import { Scanner } from "../../sql/scanner.ts";
import { lexicon } from "./lexicon.ts";

/** Case folding as SQLite does it for names: ASCII only. */
export const fold = lowerAscii;

/** One token; blanks and comments are tokens only when asked for. */
export interface Token {
  /** `name`: a bare word; `quoted`: "x", `x` or [x]; `bad`: what SQLite does not know. */
  readonly kind:
    | "name"
    | "quoted"
    | "string"
    | "blob"
    | "number"
    | "parameter"
    | "operator"
    | "blank"
    | "comment"
    | "bad";
  /** As it stands in the script. */
  readonly text: string;
  /** The meaning of a name or a string: quotes taken off; for other tokens the text. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Cuts a text into tokens without blanks and comments. Never throws: what cannot be a token has the kind `bad`. */
export function tokenize(sql: string): readonly Token[] {
  return tokenizeAll(sql).filter((token) => token.kind !== "blank" && token.kind !== "comment");
}

/** Cuts a text from an offset on into tokens, blanks and comments among them; their texts add up to the input. */
export function tokenizeAll(sql: string, from = 0): readonly Token[] {
  const tokens: Token[] = [];
  const scanner = new Scanner(sql, lexicon, from);
  while (scanner.next()) tokens.push(tokenOf(scanner, sql));
  return tokens;
}

/** True when the token is this bare word, whatever its case. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "name" && token.text.length === word.length &&
    token.text.toLowerCase() === word;
}

/** True when the token is this punctuation. */
export function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === "operator" && token.text === mark;
}

/** Index of the token behind the closing parenthesis of the one at `open`; the number of tokens when it is never closed. */
export function afterParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isMark(tokens[at], "(")) depth++;
    else if (isMark(tokens[at], ")") && --depth === 0) return at + 1;
  }
  return tokens.length;
}

const BLOB = /^[xX]'(?:[0-9a-fA-F]{2})*'$/;

function tokenOf({ kind, start, end }: Scanner, sql: string): Token {
  const text = sql.slice(start, end);
  switch (kind) {
    case "word":
      return { kind: "name", text, value: text, start, end };
    case "name":
      return { kind: "quoted", text, value: unquoted(text), start, end };
    case "string": {
      if (text.startsWith("'")) return { kind, text, value: unquoted(text), start, end };
      return { kind: BLOB.test(text) ? "blob" : "bad", text, value: text, start, end };
    }
    case "body":
      return { kind: "bad", text, value: text, start, end };
    default:
      return { kind, text, value: text, start, end };
  }
}
