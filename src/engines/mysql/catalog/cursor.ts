/** Walks over the tokens of a statement as SHOW CREATE writes it. */

import { unquoted } from "../../../sql/name.ts";
import { Scanner, type TokenKind } from "../../../sql/scanner.ts";
import { TokenCursor, UnreadableStatement } from "../../common/token_cursor.ts";
import { lexicon } from "../lexicon.ts";

/** A token that is neither blank nor comment. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The tokens of a text; what stands in versioned comments is among them, their marks are not. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  const scanner = new Scanner(sql, lexicon);
  let depth = 0;
  while (scanner.next()) {
    const { kind, start, end } = scanner;
    if (kind === "blank") continue;
    if (kind === "comment" || scanner.open === "comment") {
      VERSIONED.lastIndex = start;
      if (!VERSIONED.test(sql)) continue;
      scanner.end = VERSIONED.lastIndex;
      scanner.open = null;
      depth++;
    } else if (depth > 0 && sql.startsWith("*/", start)) {
      scanner.end = start + 2;
      depth--;
    } else tokens.push({ kind, start, end, text: sql.slice(start, end) });
  }
  return tokens;
}

const VERSIONED = /\/\*M?!\d{0,6}/y;

/** True for a word, in any case. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.text.toUpperCase() === word;
}

/** What a string literal stands for, as the server writes them: doubled quotes, and backslashes that escape. */
function stringValue(text: string): string {
  return text.slice(1, -1).replaceAll(/''|\\(.)/gs, (whole, escaped: string | undefined) => {
    if (escaped === undefined) return whole.slice(1);
    return ESCAPES[escaped] ?? escaped;
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
  Z: "\x1a",
  b: "\b",
};

/** A place in a statement; words are asked for in capitals. */
export class Cursor extends TokenCursor<Token> {
  constructor(sql: string) {
    super(sql, tokenize(sql));
  }

  protected override isWord(token: Token | undefined, word: string): boolean {
    return isWord(token, word);
  }

  /** Takes a name, quoted or not. */
  name(): string {
    const token = this.peek();
    const isQuoted = token?.kind === "name" || (token?.kind === "string" && token.text[0] === '"');
    if (token === undefined || (!isQuoted && token.kind !== "word")) {
      throw new UnreadableStatement("a name", token);
    }
    this.at++;
    return unquoted(token.text);
  }

  /** Takes a word, in capitals. */
  word(): string {
    const token = this.peek();
    if (token?.kind !== "word") throw new UnreadableStatement("a word", token);
    this.at++;
    return token.text.toUpperCase();
  }

  /** Takes a string literal and gives what it stands for. */
  string(): string {
    const token = this.peek();
    if (token?.kind !== "string") throw new UnreadableStatement("a string", token);
    this.at++;
    return stringValue(token.text);
  }

  /** Takes what stands in parentheses, and gives its text. */
  parenthesis(): string {
    const open = this.peek();
    this.expectMark("(");
    for (let depth = 1; depth > 0;) {
      const token = this.token();
      if (token.kind !== "operator") continue;
      if (token.text === "(") depth++;
      else if (token.text === ")") depth--;
    }
    const close = this.peek(-1);
    return this.sql.slice(open?.end, close?.start).trim();
  }

  /** Takes names in parentheses, with commas between. */
  names(): readonly string[] {
    this.expectMark("(");
    const names = [this.name()];
    while (this.takesMark(",")) names.push(this.name());
    this.expectMark(")");
    return names;
  }

  /** The text from a token on up to the one that comes next. */
  since(first: Token | undefined): string {
    return first === undefined ? "" : this.sql.slice(first.start, this.peek(-1)?.end);
  }

  /** The text from the next token on to the end, as it is. */
  rest(): string {
    return this.sql.slice(this.peek()?.start ?? this.sql.length);
  }

  /** The text behind the token that was taken last, up to the end of its line; moves behind it. */
  restOfLine(): string {
    const from = this.peek(-1)?.end ?? 0;
    const line = this.sql.indexOf("\n", from);
    const end = line < 0 ? this.sql.length : line;
    while ((this.peek()?.start ?? end) < end) this.at++;
    return this.sql.slice(from, end).trim();
  }
}
