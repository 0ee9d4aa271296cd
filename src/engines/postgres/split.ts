/** Cuts a Postgres script into statements, as psql does. */

import { UsageError } from "../../core/error.ts";
import type { Statement } from "../../core/statement.ts";
import { positionAt } from "../../sql/position.ts";
import { afterByteOrderMark, Scanner } from "../../sql/scanner.ts";
import { classify } from "./classify.ts";
import { lexicon } from "./lexicon.ts";
import { metaCommand } from "./meta_command.ts";

/**
 * Gives the statements of a script in order. Understands strings of all forms, quoted identifiers, dollar quotes, nested
 * comments, `BEGIN ATOMIC` bodies, parentheses (`CREATE RULE ... DO (a; b)`), `COPY ... FROM stdin` data and the psql
 * meta-commands of a dump. Begins at `from`; a byte order mark is dropped at the beginning of the text and nowhere else. Runs in
 * linear time.
 *
 * @throws {UsageError} with line and column, for a string or comment without end, a zero character, statements between a COPY and
 * its data, and for a meta-command that cannot be skipped.
 */
export function split(sql: string, from = 0): readonly Statement[] {
  return new Splitter(sql, from).run();
}

/** Words kept for `classify`; every statement that it must know is told by its first few. */
const HEAD = 24;

class Splitter {
  readonly #sql: string;
  readonly #scanner: Scanner;
  readonly #statements: Statement[] = [];
  #start = -1;
  #end = 0;
  #words: string[] = [];
  /** The token before: a word in upper case, an operator's first character, or nothing. */
  #last = "";
  #parens = 0;
  /** True between BEGIN ATOMIC and its END. */
  #inBody = false;
  /** Parentheses around each CASE that is open in the body. */
  #cases: number[] = [];
  #copies = false;
  /** True when `standard_conforming_strings` decides where a string of the statement ends. */
  #follows = false;

  constructor(sql: string, from: number) {
    this.#sql = sql;
    this.#scanner = new Scanner(sql, lexicon, from === 0 ? afterByteOrderMark(sql) : from);
  }

  run(): readonly Statement[] {
    const scanner = this.#scanner;
    const zero = this.#sql.indexOf("\0", scanner.end);
    if (zero >= 0) throw this.#refusal(zero, "it holds a zero character");
    while (scanner.next()) {
      if (scanner.kind !== "blank" && scanner.kind !== "comment") this.#take(scanner);
    }
    this.#finish();
    return this.#statements;
  }

  #take({ kind, start, end }: Scanner): void {
    if (kind === "word") return this.#word(start, end);
    const sign = kind === "operator" ? this.#sql.charAt(start) : "";
    if (kind === "operator") {
      if (this.#inBody) this.#decideCase(sign);
      if (sign === ";" && this.#parens === 0 && !this.#inBody) return this.#finish();
      if (sign === "(") this.#parens++;
      else if (sign === ")" && this.#parens > 0) this.#parens--;
    } else if (kind === "bad") {
      if (this.#sql.charAt(start) === "\\") {
        this.#scanner.end = metaCommand(this.#sql, start, this.#start < 0);
        return;
      }
      const { open } = this.#scanner;
      if (open !== null) throw this.#refusal(start, `the ${WHOLE[open]} has no end`);
    }
    if (kind === "string") this.#follows ||= this.#followsSetting(start, end);
    this.#last = sign;
    this.#extend(start, end);
  }

  /** True for a string that ends elsewhere, or may, once `standard_conforming_strings` is another. */
  #followsSetting(start: number, end: number): boolean {
    if (!/['nN]/.test(this.#sql.charAt(start))) return false;
    return this.#sql.slice(start, end).includes("\\'");
  }

  #extend(start: number, end: number): void {
    if (this.#start < 0) this.#start = start;
    this.#end = end;
  }

  #word(start: number, end: number): void {
    this.#extend(start, end);
    if (this.#words.length < HEAD || this.#inBody || this.#isRoutine()) {
      this.#keyword(this.#last === "." ? "" : this.#sql.slice(start, end).toUpperCase());
    } else this.#last = "";
  }

  #keyword(word: string): void {
    if (this.#words.length < HEAD) this.#words.push(word);
    if (this.#last === "FROM" && CLIENT_STREAMS.has(word) && this.#parens === 0) {
      this.#copies = this.#words[0] === "COPY";
    }
    if (this.#inBody) this.#bodyWord(word);
    else if (word === "ATOMIC" && this.#last === "BEGIN" && this.#parens === 0) {
      this.#inBody = this.#isRoutine();
      this.#last = this.#inBody ? BODY_START : word;
      return;
    }
    this.#last = word;
  }

  /** CASE and END are labels as well: behind AS, and without it where no CASE or END can be. */
  #bodyWord(word: string): void {
    this.#decideCase(word);
    if (this.#last === "AS") return;
    if (word === "CASE") this.#cases.push(this.#parens);
    else if (word === "END") {
      if (this.#cases.at(-1) === this.#parens) this.#cases.pop();
      else if (this.#last === ";" || this.#last === BODY_START) this.#inBody = false;
    }
  }

  /** Takes a CASE back that was a label, as what follows it tells. */
  #decideCase(next: string): void {
    if (this.#last === "CASE" && BEHIND_LABEL.has(next)) this.#cases.pop();
  }

  #isRoutine(): boolean {
    const [first, second, , fourth] = this.#words;
    if (first !== "CREATE") return false;
    const kind = second === "OR" ? fourth : second;
    return kind === "FUNCTION" || kind === "PROCEDURE";
  }

  #finish(): void {
    if (this.#start >= 0) {
      const sql = this.#sql.slice(this.#start, this.#end);
      const facts = {
        sql,
        offset: this.#start,
        ...classify(this.#words, sql),
        ...(this.#follows ? { cutWhile: cutWhile(this.#scanner.backslash) } : {}),
      };
      this.#statements.push(this.#copies ? { ...facts, copyData: this.#copyData() } : facts);
      this.#followStringSetting(this.#words, sql);
    }
    this.#start = -1;
    this.#words = [];
    this.#last = "";
    this.#parens = 0;
    this.#inBody = false;
    this.#cases = [];
    this.#copies = false;
    this.#follows = false;
  }

  /** The lines after the one that ends the statement, up to `\\.`. */
  #copyData(): string {
    const sql = this.#sql;
    const scanner = this.#scanner;
    const first = lineEnd(sql, scanner.end);
    const rest = sql.slice(scanner.end, first);
    if (!/^[ \t\r\f\v]*(?:--[^\r]*\r?)?$/.test(rest)) {
      throw this.#refusal(
        scanner.end + rest.search(/\S/),
        "the data of a COPY begins on the next line, after which this would run",
        "move what follows the COPY on its line behind the data",
      );
    }
    const from = nextLine(sql, first);
    for (let line = from;;) {
      const end = lineEnd(sql, line);
      if (isEndOfData(sql, line, end)) {
        scanner.end = end;
        return sql.slice(from, line);
      }
      if (end >= sql.length) {
        scanner.end = sql.length;
        return sql.slice(from);
      }
      line = nextLine(sql, end);
    }
  }

  #followStringSetting(words: readonly string[], text: string): void {
    const at = words.indexOf("STANDARD_CONFORMING_STRINGS");
    if (words[0] === "SET" && (at === 1 || at === 2)) {
      this.#scanner.backslash = /(?:=|\bTO)\s*'?(?:off|of|false|f|no|n|0)'?\s*$/i.test(text);
    } else if (words[0] === "RESET" && (at === 1 || words[1] === "ALL")) {
      this.#scanner.backslash = false;
    }
  }

  #refusal(at: number, why: string, hint?: string): UsageError {
    const { line, column, source } = positionAt(this.#sql, at);
    return new UsageError(`Cannot read the SQL: ${why}`, {
      code: "sql-syntax",
      place: { file: "", line, column },
      source,
      hint,
    });
  }
}

const WHOLE = {
  string: "quoted string",
  name: "quoted identifier",
  body: "dollar-quoted string",
  comment: "comment",
} as const;

/** What COPY takes for the client's side, in either direction. */
const CLIENT_STREAMS = new Set(["STDIN", "STDOUT"]);

/** The two words as one token. */
const BODY_START = "BEGIN ATOMIC";

/** What follows a label, and never the word CASE of an expression. */
const BEHIND_LABEL = new Set(
  ", ; ) FROM WHERE INTO UNION INTERSECT EXCEPT GROUP HAVING ORDER LIMIT OFFSET FETCH FOR WINDOW"
    .split(" "),
);

function cutWhile(escapes: boolean): string {
  const value = escapes ? "off" : "on";
  return `SELECT current_setting('standard_conforming_strings') = '${value}' AS holds`;
}

function lineEnd(sql: string, at: number): number {
  const end = sql.indexOf("\n", at);
  return end < 0 ? sql.length : end;
}

function nextLine(sql: string, end: number): number {
  return Math.min(end + 1, sql.length);
}

function isEndOfData(sql: string, line: number, end: number): boolean {
  return end - line <= 3 && /^\\\.\r?$/.test(sql.slice(line, end));
}
