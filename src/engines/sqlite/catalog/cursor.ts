/** Walks over the tokens of a stored statement. */

import { TokenCursor, UnreadableStatement } from "../../common/token_cursor.ts";
import { afterParenthesis, fold, isMark, isWord, type Token, tokenize } from "../tokens.ts";

/** A run of tokens and the text they stand in. */
export interface Fragment {
  readonly tokens: readonly Token[];
  readonly source: string;
}

/** A place in a statement; words are asked for in lower case. */
export class Cursor extends TokenCursor<Token> {
  constructor(sql: string, tokens: readonly Token[] = tokenize(sql)) {
    super(sql, tokens);
  }

  protected override isWord(token: Token | undefined, word: string): boolean {
    return isWord(token, word);
  }

  /** Takes a name: a word, a quoted name or, as SQLite allows, a string. */
  name(): string {
    const token = this.peek();
    if (token?.kind !== "name" && token?.kind !== "quoted" && token?.kind !== "string") {
      throw new UnreadableStatement("a name", token);
    }
    this.at++;
    return token.value;
  }

  /** Takes a name that may stand behind `main.`. */
  qualifiedName(): string {
    const name = this.name();
    return this.takesMark(".") ? this.name() : name;
  }

  /** Takes a word in lower case. */
  word(): string {
    const token = this.token();
    if (token.kind !== "name") throw new UnreadableStatement("a word", token);
    return fold(token.text);
  }

  /** Takes a parenthesised run and gives what is inside. */
  parenthesis(): readonly Token[] {
    if (!this.seesMark("(")) throw new UnreadableStatement("(", this.peek());
    const end = afterParenthesis(this.tokens, this.at);
    if (!isMark(this.tokens[end - 1], ")")) throw new UnreadableStatement(")", undefined);
    const inside = this.tokens.slice(this.at + 1, end - 1);
    this.at = end;
    return inside;
  }

  /** Takes all that is left. */
  rest(): readonly Token[] {
    const rest = this.tokens.slice(this.at);
    this.at = this.tokens.length;
    return rest;
  }

  /** Takes tokens until one of the words stands outside of parentheses. */
  until(...words: readonly string[]): readonly Token[] {
    const start = this.at;
    while (!this.done && !words.some((word) => this.sees(word))) {
      this.at = this.seesMark("(") ? afterParenthesis(this.tokens, this.at) : this.at + 1;
    }
    return this.tokens.slice(start, this.at);
  }

  /** The place, for `since`. */
  mark(): number {
    return this.at;
  }

  /** The tokens taken since a mark. */
  since(mark: number): readonly Token[] {
    return this.tokens.slice(mark, this.at);
  }

  /** A cursor over some of the tokens. */
  over(tokens: readonly Token[]): Cursor {
    return new Cursor(this.sql, tokens);
  }

  /** Tokens with the text that they stand in. */
  fragment(tokens: readonly Token[]): Fragment {
    return { tokens, source: this.source(tokens) };
  }

  /** Takes a list of names in parentheses. */
  names(): readonly string[] {
    return listItems(this.parenthesis()).map((item) => this.over(item).name());
  }

  /** The text that tokens stand in, blanks and comments between them included. */
  source(tokens: readonly Token[]): string {
    const [first, last] = [tokens[0], tokens.at(-1)];
    return first === undefined || last === undefined ? "" : this.sql.slice(first.start, last.end);
  }
}

/** Cuts at commas outside of parentheses. */
export function listItems(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, "(")) depth++;
    else if (isMark(token, ")")) depth--;
    if (depth === 0 && isMark(token, ",")) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}
