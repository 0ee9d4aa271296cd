/** Walks over the tokens of a statement as a server stores it. */

/** What is known of a token everywhere. */
export interface CursorToken {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A stored statement that is not as the server writes them; its object is then reported and not modelled. */
export class UnreadableStatement extends Error {
  constructor(expected: string, found: CursorToken | undefined) {
    super(`Expected ${expected}, found ${found?.text ?? "the end"}`);
    this.name = "UnreadableStatement";
  }
}

/** A place in a statement. Methods that take say what they took and move on; they throw UnreadableStatement for anything else. */
export abstract class TokenCursor<T extends CursorToken> {
  protected readonly sql: string;
  protected readonly tokens: readonly T[];
  protected at = 0;

  constructor(sql: string, tokens: readonly T[]) {
    this.sql = sql;
    this.tokens = tokens;
  }

  /** True for a word, written as this dialect's readers write words. */
  protected abstract isWord(token: T | undefined, word: string): boolean;

  /** True at the end. */
  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** The token that comes next, or one behind it. */
  peek(ahead = 0): T | undefined {
    return this.tokens[this.at + ahead];
  }

  /** True when the next words are these. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, at) => this.isWord(this.peek(at), word));
  }

  /** True when the next token is this sign. */
  seesMark(mark: string): boolean {
    return this.peek()?.kind === "operator" && this.peek()?.text === mark;
  }

  /** Takes the words when all of them come next. */
  takes(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.at += words.length;
    return true;
  }

  /** Takes a sign when it comes next. */
  takesMark(mark: string): boolean {
    if (!this.seesMark(mark)) return false;
    this.at++;
    return true;
  }

  expect(...words: readonly string[]): void {
    if (!this.takes(...words)) throw new UnreadableStatement(words.join(" "), this.peek());
  }

  expectMark(mark: string): void {
    if (!this.takesMark(mark)) throw new UnreadableStatement(mark, this.peek());
  }

  /** Takes one token of any kind. */
  token(): T {
    const token = this.peek();
    if (token === undefined) throw new UnreadableStatement("more", token);
    this.at++;
    return token;
  }
}
