/** The one scanner of SQL: cuts a text into tokens by a dialect's lexicon. */

import type { Lexicon, Quote } from "./lexicon.ts";

/** What a token is; `name`: in quotes; `body`: in dollar quotes; `bad`: what the dialect does not know, or what has no end. */
export type TokenKind =
  | "blank"
  | "comment"
  | "word"
  | "name"
  | "string"
  | "body"
  | "number"
  | "parameter"
  | "operator"
  | "bad";

/** A token of a text, in UTF-16 units, `end` excluded. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** All tokens, blanks and comments among them; together they are the text. */
export function tokensOf(sql: string, lexicon: Lexicon): readonly Token[] {
  const tokens: Token[] = [];
  const scanner = new Scanner(sql, lexicon);
  while (scanner.next()) {
    tokens.push({ kind: scanner.kind, start: scanner.start, end: scanner.end });
  }
  return tokens;
}

/** Where a text begins: behind its byte order mark, if it has one. */
export function afterByteOrderMark(text: string): number {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
}

/**
 * Goes through a text token by token, in linear time and without making objects. After `next()` gave true, `kind`, `start` and
 * `end` are those of the token; a caller may set `end` to go on elsewhere.
 */
export class Scanner {
  kind: TokenKind = "blank";
  start = 0;
  end: number;
  /** Of a `bad` token that reaches to the end of the text for want of its closing mark: what it would be. */
  open: "string" | "name" | "body" | "comment" | null = null;
  /** What the session's setting says of backslashes in plain strings. */
  backslash = false;
  readonly #sql: string;
  readonly #lexicon: Lexicon;
  readonly #classes: Uint8Array;

  constructor(sql: string, lexicon: Lexicon, from = 0) {
    this.#sql = sql;
    this.#lexicon = lexicon;
    this.#classes = classesOf(lexicon);
    this.end = from;
  }

  /** Reads the next token; false at the end of the text. */
  next(): boolean {
    const at = this.start = this.end;
    if (at >= this.#sql.length) return false;
    const code = this.#sql.charCodeAt(at);
    const kind = code < 128 ? this.#classes[code] ?? OTHER : WORD;
    if (kind === WORD) this.#word(at, code);
    else if (kind === BLANK) this.#blank(at);
    else if (kind === LONE) this.#token("operator", at + 1);
    else if (kind === DIGIT) this.#number(at);
    else this.#other(at);
    return true;
  }

  #token(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  #blank(at: number): void {
    let end = at + 1;
    for (let kind = this.#classAt(end); kind === BLANK || kind === INNER_BLANK;) {
      kind = this.#classAt(++end);
    }
    this.#token("blank", end);
  }

  #word(at: number, code: number): void {
    const sql = this.#sql;
    if (code === BYTE_ORDER_MARK && this.#lexicon.byteOrderMark) {
      return this.#token("blank", at + 1);
    }
    if (sql.charCodeAt(at + 1) === QUOTE) {
      const prefix = this.#lexicon.prefixes.find(({ letter }) => letter === sql[at]?.toLowerCase());
      if (prefix !== undefined) {
        return this.#quoted(at + 1, { ...STRING, ...prefix });
      }
    }
    this.#token("word", this.#wordEnd(at + 1));
  }

  #wordEnd(at: number): number {
    const sql = this.#sql;
    const classes = this.#classes;
    let end = at;
    for (; end < sql.length; end++) {
      const code = sql.charCodeAt(end);
      if (code >= 128) continue;
      const kind = classes[code] ?? OTHER;
      if (kind !== WORD && kind !== DIGIT && kind !== WORD_SIGN) break;
    }
    return end;
  }

  #number(at: number): void {
    const end = this.#match(this.#lexicon.number, at);
    const ended = this.#classAt(end) === WORD_SIGN && !this.#lexicon.signsSpoilNumbers;
    const tail = ended ? end : this.#wordEnd(end);
    if (end === at) this.#token("bad", Math.max(tail, at + 1));
    else this.#token(tail === end ? "number" : "bad", tail);
  }

  /** What begins with a sign that may mean several things. */
  #other(at: number): void {
    const sql = this.#sql;
    const lexicon = this.#lexicon;
    const sign = sql.charAt(at);
    if (this.#opensLineComment(at)) return this.#token("comment", this.#lineEnd(at));
    if (sign === "/" && sql.charCodeAt(at + 1) === STAR) {
      if (!lexicon.openComments || at + 2 < sql.length) return this.#comment(at);
    }
    const quote = lexicon.quotes.find(({ open }) => open === sign);
    if (quote !== undefined) return this.#quoted(at, quote);
    if (sign === "$" && lexicon.dollarQuotes && this.#dollarQuoted(at)) return;
    if (sign === "." && this.#classAt(at + 1) === DIGIT) {
      const end = this.#match(lexicon.number, at);
      if (end > at) return this.#number(at);
    }
    const parameter = lexicon.parameter === null ? at : this.#match(lexicon.parameter, at);
    if (parameter > at) return this.#token("parameter", parameter);
    const operator = lexicon.operators.find((text) => sql.startsWith(text, at));
    if (operator !== undefined) return this.#token("operator", at + operator.length);
    this.#token(lexicon.signs.includes(sign) ? "operator" : "bad", at + 1);
  }

  #opensLineComment(at: number): boolean {
    return this.#lexicon.lineComments.some(({ open, spaced }) =>
      this.#sql.startsWith(open, at) && (!spaced || this.#isSpaced(at + open.length))
    );
  }

  #isSpaced(at: number): boolean {
    return at >= this.#sql.length || this.#sql.charCodeAt(at) <= 32 ||
      this.#sql.charCodeAt(at) === 127;
  }

  #lineEnd(at: number): number {
    const sql = this.#sql;
    const { lineEnds } = this.#lexicon;
    const first = lineEnds.charCodeAt(0);
    const second = lineEnds.charCodeAt(lineEnds.length - 1);
    let end = at;
    while (end < sql.length && sql.charCodeAt(end) !== first && sql.charCodeAt(end) !== second) {
      end++;
    }
    return end;
  }

  #comment(at: number): void {
    const sql = this.#sql;
    const { nestedComments, openComments } = this.#lexicon;
    for (let i = at + 2, depth = 1; i < sql.length - 1; i++) {
      const code = sql.charCodeAt(i);
      if (code === STAR && sql.charCodeAt(i + 1) === SLASH) {
        i++;
        if (--depth === 0) return this.#token("comment", i + 1);
      } else if (nestedComments && code === SLASH && sql.charCodeAt(i + 1) === STAR) {
        i++;
        depth++;
      }
    }
    if (openComments) this.#token("comment", sql.length);
    else this.#unended("comment");
  }

  /** The piece whose opening mark stands at `open`, with the parts that continue it on later lines. */
  #quoted(open: number, quote: Omit<Quote, "open">): void {
    const escapes = quote.backslash === "always" ||
      quote.backslash === "setting" && this.backslash;
    const goesOn = this.#lexicon.continued && quote.kind === "string" && escapes;
    for (let from = open;;) {
      const end = this.#quoteEnd(from, quote, escapes);
      if (end < 0) return this.#unended(quote.kind);
      from = goesOn ? this.#continuation(end) : -1;
      if (from < 0) return this.#token(quote.kind, end);
    }
  }

  #quoteEnd(open: number, { close, doubled }: Omit<Quote, "open">, escapes: boolean): number {
    const sql = this.#sql;
    if (escapes) {
      const mark = close.charCodeAt(0);
      for (let i = open + 1; i < sql.length; i++) {
        const code = sql.charCodeAt(i);
        if (code === BACKSLASH) i++;
        else if (code === mark) {
          if (!doubled || sql.charCodeAt(i + 1) !== mark) return i + 1;
          i++;
        }
      }
      return -1;
    }
    for (let i = open + 1;;) {
      const end = sql.indexOf(close, i);
      if (end < 0) return -1;
      if (!doubled || sql[end + 1] !== close) return end + 1;
      i = end + 2;
    }
  }

  /** The quote of a part that continues a string after a line break, or -1. */
  #continuation(end: number): number {
    const sql = this.#sql;
    const { lineEnds } = this.#lexicon;
    for (let i = end, broken = false; i < sql.length; i++) {
      if (sql.charCodeAt(i) === QUOTE) return broken ? i : -1;
      if (lineEnds.includes(sql.charAt(i))) broken = true;
      else if (this.#opensLineComment(i)) i = this.#lineEnd(i) - 1;
      else if (this.#classAt(i) !== BLANK) return -1;
    }
    return -1;
  }

  #dollarQuoted(at: number): boolean {
    const sql = this.#sql;
    let mark = at + 1;
    if (this.#classAt(mark) === WORD) {
      while (this.#classAt(mark) === WORD || this.#classAt(mark) === DIGIT) mark++;
    }
    if (sql[mark] !== "$") return false;
    const tag = sql.slice(at, mark + 1);
    const close = sql.indexOf(tag, mark + 1);
    if (close < 0) this.#unended("body");
    else this.#token("body", close + tag.length);
    return true;
  }

  #unended(what: "string" | "name" | "body" | "comment"): void {
    this.open = what;
    this.#token("bad", this.#sql.length);
  }

  #match(pattern: RegExp, at: number): number {
    pattern.lastIndex = at;
    return pattern.test(this.#sql) ? pattern.lastIndex : at;
  }

  #classAt(at: number): number {
    const code = this.#sql.charCodeAt(at);
    return code < 128 ? this.#classes[code] ?? OTHER : code >= 128 ? WORD : OTHER;
  }
}

const BYTE_ORDER_MARK = 0xfeff;
const QUOTE = 39;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;
const STRING: { readonly close: string; readonly kind: "string" } = { close: "'", kind: "string" };

const OTHER = 0;
const WORD = 1;
const DIGIT = 2;
/** Inside a word only. */
const WORD_SIGN = 3;
const BLANK = 4;
const INNER_BLANK = 5;
/** An operator that nothing longer begins with. */
const LONE = 6;

const known = new WeakMap<Lexicon, Uint8Array>();

/** What each ASCII character begins. */
function classesOf(lexicon: Lexicon): Uint8Array {
  const before = known.get(lexicon);
  if (before !== undefined) return before;
  const classes = new Uint8Array(128);
  const set = (signs: string, kind: number) => {
    for (const sign of signs) classes[sign.charCodeAt(0)] = kind;
  };
  set("();,", LONE);
  set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", WORD);
  set("0123456789", DIGIT);
  set(lexicon.wordSigns, WORD_SIGN);
  set(lexicon.blanks, BLANK);
  set(lexicon.innerBlanks, INNER_BLANK);
  known.set(lexicon, classes);
  return classes;
}
