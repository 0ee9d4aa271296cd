/** Statements taken to pieces by their tokens: a copy of rows, a list, a clause. */

import type { Lexicon } from "../../src/sql/lexicon.ts";
import { tokensOf } from "../../src/sql/scanner.ts";

/** A token that is neither blank nor comment. */
export interface Word {
  /** In small letters, where it is a bare word. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A part of a text. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** All words of a statement. */
export function wordsOf(sql: string, lexicon: Lexicon): readonly Word[] {
  return tokensOf(sql, lexicon).filter(({ kind }) => kind !== "blank" && kind !== "comment")
    .map(({ kind, start, end }) => {
      const text = sql.slice(start, end);
      return { text: kind === "word" ? text.toLowerCase() : text, start, end };
    });
}

/** `INSERT INTO table (columns) SELECT items FROM ...`, by its parts. */
export interface Copy {
  readonly columns: readonly Part[];
  readonly select: Part;
  readonly items: readonly Part[];
}

/** The parts of a statement that copies rows; null for any other. */
export function copyIn(sql: string, lexicon: Lexicon): Copy | null {
  const words = wordsOf(sql, lexicon);
  const open = words.findIndex(({ text }) => text === "(");
  const close = closing(words, open);
  const select = words.findIndex(({ text }, at) => at > close && text === "select");
  const from = words.findIndex(({ text }, at) =>
    at > select && text === "from" && depth(words, select, at) === 0
  );
  if (words[0]?.text !== "insert" || open < 0 || close < 0 || select < 0 || from < 0) return null;
  const columns = list(words.slice(open + 1, close));
  const items = list(words.slice(select + 1, from));
  const at = words[select];
  if (at === undefined || columns.length !== items.length) return null;
  return { columns, items, select: at };
}

function closing(words: readonly Word[], open: number): number {
  let level = 0;
  for (let at = Math.max(open, 0); at < words.length; at++) {
    if (words[at]?.text === "(") level++;
    else if (words[at]?.text === ")" && --level === 0) return at;
  }
  return -1;
}

function depth(words: readonly Word[], from: number, to: number): number {
  const texts = words.slice(from, to).map(({ text }) => text);
  return texts.filter((text) => text === "(").length - texts.filter((text) => text === ")").length;
}

/** True where no comma stands outside of parentheses. */
export function isOneAction(words: readonly Word[]): boolean {
  return list(words).length === 1;
}

/** The parts between the commas that stand in no parentheses. */
function list(words: readonly Word[]): readonly Part[] {
  const parts: Part[] = [];
  let level = 0;
  let first: Word | undefined;
  let last: Word | undefined;
  const end = () => {
    if (first !== undefined && last !== undefined) {
      parts.push({ start: first.start, end: last.end });
    }
    first = undefined;
  };
  for (const word of words) {
    if (word.text === "(") level++;
    if (word.text === ")") level--;
    if (word.text === "," && level === 0) end();
    else {
      first ??= word;
      last = word;
    }
  }
  end();
  return parts;
}

/** A text with parts replaced; they do not overlap. */
export function replaced(
  sql: string,
  changes: readonly (Part & { readonly by: string })[],
): string {
  return [...changes].sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, by }) => text.slice(0, start) + by + text.slice(end), sql);
}

/** The part of a statement from a run of words on to the words that may follow it, or to its end. */
export function clauseIn(
  sql: string,
  lexicon: Lexicon,
  { begins, ends }: { readonly begins: string; readonly ends: ReadonlySet<string> },
): (Part & { readonly value: string }) | null {
  const words = wordsOf(sql, lexicon);
  const at = words.findIndex(({ text }, at) => text === begins && depth(words, 0, at) === 0);
  const [first, second] = [words[at], words[at + 1]];
  if (first === undefined || second === undefined) return null;
  let last = second;
  let level = 0;
  for (const word of words.slice(at + 1)) {
    if (level === 0 && word !== second && ends.has(word.text)) break;
    if (word.text === "(") level++;
    if (word.text === ")") level--;
    last = word;
  }
  return { start: first.start, end: last.end, value: sql.slice(second.start, last.end) };
}
