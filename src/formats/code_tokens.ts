/** Source text of a programming language as tokens, as far as literal strings of SQL need it. Nothing is ever run. */

import type { Range } from "../sql/ranges.ts";

/** A piece of a literal: the characters that a range of the file stands for. */
export interface LiteralPiece extends Range {
  readonly value: string;
}

/** A token; comments and blanks are left out. */
export interface CodeToken extends Range {
  readonly kind: "word" | "number" | "sign" | "string";
  /** As it is written; of a string, what it stands for. */
  readonly text: string;
  /** Of a string, in order. */
  readonly pieces: readonly LiteralPiece[];
  /** Of a string: true where code fills something in, so that its value is not known. */
  readonly isFilled: boolean;
  /** True for the first token of a line. */
  readonly startsLine: boolean;
}

/** What a reader of strings gives: where the literal ends, and what it says. */
export interface ReadString {
  readonly end: number;
  readonly pieces: readonly LiteralPiece[];
  readonly isFilled: boolean;
}

/** What differs from language to language. */
export interface CodeLanguage {
  /** The end of the comment that begins at `at`, or null. */
  commentEnd(text: string, at: number): number | null;
  /** The literal that begins at `at`, or null. */
  stringAt(text: string, at: number): ReadString | null;
  /** Where the text goes on behind a line break, where that is not the next line (heredocs). */
  afterLine?(at: number): number;
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*[!?]?/uy;
const NUMBER = /\d[\w.]*/y;

/** All tokens of a text. */
export function codeTokens(text: string, language: CodeLanguage): readonly CodeToken[] {
  const tokens: CodeToken[] = [];
  let startsLine = true;
  const push = (token: Pick<CodeToken, "kind" | "start" | "end" | "text">, read?: ReadString) => {
    const { pieces = [], isFilled = false } = read ?? {};
    tokens.push({ ...token, pieces, isFilled, startsLine });
    startsLine = false;
  };
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length;) {
    const sign = text.charAt(at);
    if (/\s/.test(sign)) {
      at++;
      if (sign !== "\n") continue;
      startsLine = true;
      at = language.afterLine?.(at) ?? at;
      continue;
    }
    const comment = language.commentEnd(text, at);
    if (comment !== null) {
      if (text.slice(at, comment).includes("\n")) startsLine = true;
      at = comment;
      continue;
    }
    const string = language.stringAt(text, at);
    const start = at;
    if (string !== null) {
      at = Math.max(string.end, start + 1);
      const value = string.pieces.map((piece) => piece.value).join("");
      push({ kind: "string", start, end: at, text: value }, string);
      continue;
    }
    const found = matchAt(WORD, text, at) ?? matchAt(NUMBER, text, at);
    const kind = found === null ? "sign" : /^\d/.test(found) ? "number" : "word";
    at += found?.length ?? 1;
    push({ kind, start, end: at, text: text.slice(start, at) });
  }
  return tokens;
}

/** What `pattern`, which is sticky, matches at a place; null when nothing. */
export function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Puts the pieces of a literal together: plain text as it stands, escapes as what they mean. */
export class LiteralBuilder {
  readonly pieces: LiteralPiece[] = [];
  isFilled = false;
  #from: number;
  readonly #text: string;

  constructor(text: string, from: number) {
    this.#text = text;
    this.#from = from;
  }

  /** What stands in the range means `value`. */
  replace(start: number, end: number, value: string): void {
    this.finish(start);
    this.pieces.push({ start, end, value });
    this.#from = end;
  }

  /** Ends the plain text before `at`; what follows begins there. */
  finish(at: number): void {
    if (at > this.#from) {
      this.pieces.push({ start: this.#from, end: at, value: this.#text.slice(this.#from, at) });
    }
    this.#from = at;
  }

  /** The literal, which ends at `end`. */
  done(end: number): ReadString {
    return { end, pieces: this.pieces, isFilled: this.isFilled };
  }
}

/** Pieces without some signs of their text, given by offset. */
export function withoutSigns(
  pieces: readonly LiteralPiece[],
  dropped: ReadonlySet<number>,
): readonly LiteralPiece[] {
  if (dropped.size === 0) return pieces;
  const out: LiteralPiece[] = [];
  let offset = 0;
  for (const { start, end, value } of pieces) {
    const isPlain = end - start === value.length;
    let from = 0;
    let kept = "";
    for (let at = 0; at <= value.length; at++) {
      if (at < value.length && !dropped.has(offset + at)) continue;
      const part = value.slice(from, at);
      if (isPlain && part !== "") out.push({ start: start + from, end: start + at, value: part });
      kept += part;
      from = at + 1;
    }
    if (!isPlain) out.push({ start, end, value: kept });
    offset += value.length;
  }
  return out;
}

/** The index of the sign that closes the one at `open`, or -1. */
export function closingOf(tokens: readonly CodeToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== "sign") continue;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text) && --depth === 0) return at;
  }
  return -1;
}

/** True where the tokens from `at` on are these words and signs. */
export function isAt(
  tokens: readonly CodeToken[],
  at: number,
  expected: readonly string[],
): boolean {
  return expected.every((text, index) => {
    const token = tokens[at + index];
    return token !== undefined && token.kind !== "string" && token.text === text;
  });
}
