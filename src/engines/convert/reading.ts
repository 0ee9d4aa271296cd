/** How a dialect's SQL is read into the tree. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { unquoted } from "../../sql/name.ts";
import { tokensOf } from "../../sql/scanner.ts";
import type { LogicalType } from "./neutral.ts";
import { type BinaryOperator, type Expression, type Query, Untranslatable } from "./tree.ts";

/** What differs between dialects when they are read. */
export interface Reading {
  readonly lexicon: Lexicon;
  /** A bare name as the catalog keeps it. */
  readonly foldName: (name: string) => string;
  /** The value of a string with its quotes. */
  readonly stringValue: (text: string) => string;
  /** Operators of the dialect and how tightly they bind, where they differ from the usual. */
  readonly operators: Readonly<Record<string, Operator>>;
  /** The division of `/`: whole for whole numbers, or with a fraction. */
  readonly division: "div" | "/";
  readonly typeOf: (text: string) => LogicalType;
  /** Functions as the tree has them; a name that is not here is none that can be said elsewhere. */
  readonly functions: Readonly<Record<string, FunctionReading>>;
  /** What the tree makes of a name in quotes that may be a string; absent where it is always a name. */
  readonly looseStrings?: (name: string) => Expression | null;
}

/** What a function is in the tree: its name there, or what its arguments make. */
export type FunctionReading = string | ((args: readonly Expression[]) => Expression);

/** An operator between two operands, or before a pattern. */
export type Operator = {
  readonly binds: number;
  readonly as:
    | { readonly binary: BinaryOperator }
    | { readonly match: "like" | "ilike" | "regexp" | "iregexp" | "glob"; readonly not: boolean };
};

/** A token that says something. */
export interface Piece {
  readonly kind: "word" | "name" | "string" | "number" | "operator";
  readonly text: string;
  /** In capitals, of a word. */
  readonly upper: string;
}

/** Goes through the tokens of a text. Throws Untranslatable for what is not expected. */
export class TreeCursor {
  readonly reading: Reading;
  readonly #pieces: readonly Piece[];
  #at = 0;
  #depth = 0;

  readonly #queryAt: (cursor: TreeCursor) => Query;

  constructor(sql: string, reading: Reading, queryAt: (cursor: TreeCursor) => Query) {
    this.reading = reading;
    this.#queryAt = queryAt;
    this.#pieces = piecesOf(sql, reading.lexicon);
  }

  /** A level deeper, until the end of the scope. Throws Untranslatable where there are too many. */
  deeper(): Disposable {
    if (++this.#depth > DEEPEST) throw new Untranslatable("it is nested too deep");
    return { [Symbol.dispose]: () => this.#depth-- };
  }

  /** Reads a query here. */
  query(): Query {
    return this.#queryAt(this);
  }

  get isDone(): boolean {
    return this.#at >= this.#pieces.length;
  }

  peek(offset = 0): Piece | undefined {
    return this.#pieces[this.#at + offset];
  }

  take(): Piece {
    const piece = this.#pieces[this.#at++];
    if (piece === undefined) throw new Untranslatable("the text ends too early");
    return piece;
  }

  sees(...words: readonly string[]): boolean {
    return words.every((word, at) => {
      const piece = this.peek(at);
      return piece?.kind === "word" && piece.upper === word;
    });
  }

  takes(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.#at += words.length;
    return true;
  }

  seesMark(mark: string, offset = 0): boolean {
    const piece = this.peek(offset);
    return piece?.kind === "operator" && piece.text === mark;
  }

  takesMark(mark: string): boolean {
    if (!this.seesMark(mark)) return false;
    this.#at++;
    return true;
  }

  expect(...words: readonly string[]): void {
    if (!this.takes(...words)) throw this.unexpected(words.join(" "));
  }

  expectMark(mark: string): void {
    if (!this.takesMark(mark)) throw this.unexpected(mark);
  }

  /** A name, quoted or bare. */
  name(): string {
    const piece = this.take();
    if (piece.kind === "name") return unquoted(piece.text);
    if (piece.kind === "word") return this.reading.foldName(piece.text);
    if (piece.kind === "string" && piece.text.startsWith("'") === false) {
      return unquoted(piece.text);
    }
    throw this.unexpected("a name");
  }

  /** Several with commas, in parentheses. */
  names(): readonly string[] {
    this.expectMark("(");
    const names: string[] = [];
    do names.push(this.name()); while (this.takesMark(","));
    this.expectMark(")");
    return names;
  }

  unexpected(wanted: string): Untranslatable {
    const found = this.peek()?.text ?? "its end";
    return new Untranslatable(`${wanted} was expected at ${found.slice(0, LONGEST)}`);
  }
}

/** Levels of an expression in another. */
const DEEPEST = 200;

/** Of what a message shows of a text, in characters. */
const LONGEST = 30;

function piecesOf(sql: string, lexicon: Lexicon): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const { kind, start, end } of tokensOf(sql, lexicon)) {
    if (kind === "blank" || kind === "comment") continue;
    const text = sql.slice(start, end);
    if (kind === "bad" || kind === "body" || kind === "parameter") {
      throw new Untranslatable(`${text.slice(0, LONGEST)} has no equal`);
    }
    const last = pieces.at(-1);
    // Operators of several signs come as their signs.
    if (kind === "operator" && last?.kind === "operator" && last.text.length < 4) {
      const joined = last.text + text;
      if (JOINED.has(joined) && isAdjacent(sql, start)) {
        pieces[pieces.length - 1] = { ...last, text: joined };
        continue;
      }
    }
    pieces.push({ kind, text, upper: kind === "word" ? text.toUpperCase() : "" });
  }
  return pieces;
}

function isAdjacent(sql: string, start: number): boolean {
  return start > 0 && !/\s/.test(sql.charAt(start - 1));
}

const JOINED = new Set([
  "::",
  "<=",
  ">=",
  "<>",
  "!=",
  "||",
  "~~",
  "!~",
  "!~~",
  "~*",
  "!~*",
  "~~*",
  "!~~*",
  "->",
  "->>",
  "<<",
  ">>",
  "@>",
  "<@",
  "#>",
  "#>>",
  "&&",
  "==",
  "<=>",
  ":=",
]);
