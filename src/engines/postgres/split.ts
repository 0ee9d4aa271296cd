/** Cuts a Postgres script into statements, as psql does. */

import { UsageError } from "../../errors.ts";
import type { Statement } from "../../schema.ts";
import { classify } from "./classify.ts";
import { metaCommand } from "./meta_command.ts";
import { whereabouts } from "./whereabouts.ts";

/**
 * Gives the statements of a script in order. Understands strings of all forms, quoted identifiers, dollar quotes, nested
 * comments, `BEGIN ATOMIC` bodies, parentheses (`CREATE RULE ... DO (a; b)`), `COPY ... FROM stdin` data and the psql
 * meta-commands of a dump. Runs in linear time.
 *
 * @throws {UsageError} with line and column, for a string or comment without end and for a meta-command that cannot be skipped.
 */
export function split(sql: string): readonly Statement[] {
  return new Splitter(sql).run();
}

/** Words kept for `classify`; every statement that it must know is told by its first few. */
const HEAD = 24;

class Splitter {
  #sql: string;
  #at = 0;
  #statements: Statement[] = [];
  #backslashEscapes = false;
  #start = -1;
  #end = 0;
  #words: string[] = [];
  #lastWord = "";
  #parens = 0;
  #bodies = 0;
  #copies = false;

  constructor(sql: string) {
    this.#sql = sql;
  }

  run(): readonly Statement[] {
    const sql = this.#sql;
    if (sql.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#at < sql.length) this.#step(sql.charCodeAt(this.#at));
    this.#finish();
    return this.#statements;
  }

  #step(code: number): void {
    const sql = this.#sql;
    const at = this.#at;
    if (code <= 32) {
      this.#at++;
    } else if (isWordStart(code)) {
      this.#word();
    } else if (code === QUOTE) {
      this.#token(this.#string(at, this.#backslashEscapes));
    } else if (code === DOUBLE_QUOTE) {
      this.#token(this.#quotedName(at));
      this.#lastWord = "";
    } else if (code === DOLLAR) {
      this.#token(this.#dollar(at));
    } else if (code === DASH && sql.charCodeAt(at + 1) === DASH) {
      this.#at = lineEnd(sql, at);
    } else if (code === SLASH && sql.charCodeAt(at + 1) === STAR) {
      this.#at = this.#comment(at);
    } else if (code === BACKSLASH) {
      this.#at = metaCommand(sql, at, this.#start < 0);
    } else if (code === SEMICOLON && this.#parens === 0 && this.#bodies === 0) {
      this.#at++;
      this.#finish();
    } else {
      if (code === OPEN) this.#parens++;
      else if (code === CLOSE && this.#parens > 0) this.#parens--;
      this.#token(isDigit(code) ? numberEnd(sql, at) : at + 1);
    }
  }

  /** Takes what lies between the current place and `end` into the statement. */
  #token(end: number): void {
    if (this.#start < 0) this.#start = this.#at;
    this.#at = end;
    this.#end = end;
  }

  #word(): void {
    const sql = this.#sql;
    const at = this.#at;
    const end = wordEnd(sql, at);
    const next = sql.charCodeAt(end);
    if (next === QUOTE && end - at === 1) {
      const letter = sql[at];
      const plain = "bBxX".includes(letter ?? "");
      return this.#token(
        this.#string(end, !plain && (letter === "e" || letter === "E" || this.#backslashEscapes)),
      );
    }
    const opens = this.#start < 0;
    const attribute = !opens && sql.charCodeAt(at - 1) === DOT;
    this.#token(end);
    if (this.#words.length < HEAD || this.#bodies > 0 || this.#isRoutine()) {
      this.#keyword(attribute ? "" : sql.slice(at, end).toUpperCase());
    }
  }

  #keyword(word: string): void {
    if (this.#words.length < HEAD) this.#words.push(word);
    if (this.#lastWord === "FROM" && word === "STDIN" && this.#parens === 0) {
      this.#copies = this.#words[0] === "COPY";
    }
    if (this.#bodies > 0) {
      const named = this.#lastWord === "AS";
      if (word === "CASE" && !named) this.#bodies++;
      else if (word === "END" && !named) this.#bodies--;
    } else if (word === "ATOMIC" && this.#lastWord === "BEGIN" && this.#isRoutine()) {
      this.#bodies = 1;
    }
    this.#lastWord = word;
  }

  #isRoutine(): boolean {
    const [first, second, , fourth] = this.#words;
    if (first !== "CREATE") return false;
    const kind = second === "OR" ? fourth : second;
    return kind === "FUNCTION" || kind === "PROCEDURE";
  }

  /** End of the string whose quote stands at `at`, with the parts that continue it on later lines. */
  #string(at: number, escapes: boolean): number {
    const sql = this.#sql;
    for (let open = at;;) {
      const end = escapes ? escapedEnd(sql, open) : plainEnd(sql, open, "'");
      if (end < 0) throw this.#unterminated(at, "quoted string");
      open = escapes ? continuation(sql, end) : -1;
      if (open < 0) return end;
    }
  }

  #quotedName(at: number): number {
    const end = plainEnd(this.#sql, at, '"');
    if (end < 0) throw this.#unterminated(at, "quoted identifier");
    return end;
  }

  #dollar(at: number): number {
    const sql = this.#sql;
    let mark = at + 1;
    if (isWordStart(sql.charCodeAt(mark))) {
      while (isTagPart(sql.charCodeAt(mark))) mark++;
    }
    if (sql.charCodeAt(mark) !== DOLLAR) {
      return isDigit(sql.charCodeAt(at + 1)) ? numberEnd(sql, at + 1) : at + 1;
    }
    const tag = sql.slice(at, mark + 1);
    const close = sql.indexOf(tag, mark + 1);
    if (close < 0) throw this.#unterminated(at, "dollar-quoted string");
    return close + tag.length;
  }

  #comment(at: number): number {
    const sql = this.#sql;
    let depth = 1;
    for (let i = at + 2; i < sql.length - 1; i++) {
      const code = sql.charCodeAt(i);
      const next = sql.charCodeAt(i + 1);
      if (code === SLASH && next === STAR) {
        depth++;
        i++;
      } else if (code === STAR && next === SLASH) {
        i++;
        if (--depth === 0) return i + 1;
      }
    }
    throw this.#unterminated(at, "comment");
  }

  #finish(): void {
    if (this.#start >= 0) {
      const sql = this.#sql.slice(this.#start, this.#end);
      const facts = { sql, offset: this.#start, ...classify(this.#words, sql) };
      this.#statements.push(this.#copies ? { ...facts, copyData: this.#copyData() } : facts);
      this.#followStringSetting(this.#words, sql);
    }
    this.#start = -1;
    this.#words = [];
    this.#lastWord = "";
    this.#parens = 0;
    this.#bodies = 0;
    this.#copies = false;
  }

  /** The lines after the one that ends the statement, up to `\.`. */
  #copyData(): string {
    const sql = this.#sql;
    const from = nextLine(sql, lineEnd(sql, this.#at));
    for (let line = from;;) {
      const end = lineEnd(sql, line);
      if (isEndOfData(sql, line, end)) {
        this.#at = end;
        return sql.slice(from, line);
      }
      if (end >= sql.length) {
        this.#at = sql.length;
        return sql.slice(from);
      }
      line = nextLine(sql, end);
    }
  }

  #followStringSetting(words: readonly string[], text: string): void {
    const at = words.indexOf("STANDARD_CONFORMING_STRINGS");
    if (words[0] === "SET" && (at === 1 || at === 2)) {
      this.#backslashEscapes = /(?:=|\bTO)\s*'?(?:off|of|false|f|no|n|0)'?\s*$/i.test(text);
    } else if (words[0] === "RESET" && (at === 1 || words[1] === "ALL")) {
      this.#backslashEscapes = false;
    }
  }

  #unterminated(at: number, what: string): UsageError {
    return new UsageError(`Cannot read the SQL: the ${what} has no end`, {
      ...whereabouts(this.#sql, at),
      code: "sql-syntax",
    });
  }
}

const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const OPEN = 40;
const CLOSE = 41;
const STAR = 42;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const SEMICOLON = 59;
const BACKSLASH = 92;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

function isTagPart(code: number): boolean {
  return isWordStart(code) || isDigit(code);
}

function wordEnd(sql: string, at: number): number {
  let i = at + 1;
  for (let code = sql.charCodeAt(i); isTagPart(code) || code === DOLLAR;) {
    code = sql.charCodeAt(++i);
  }
  return i;
}

function numberEnd(sql: string, at: number): number {
  let i = at + 1;
  while (isTagPart(sql.charCodeAt(i))) i++;
  return i;
}

function lineEnd(sql: string, at: number): number {
  const end = sql.indexOf("\n", at);
  return end < 0 ? sql.length : end;
}

function nextLine(sql: string, end: number): number {
  return Math.min(end + 1, sql.length);
}

function isEndOfData(sql: string, line: number, end: number): boolean {
  return end - line <= 3 && sql.slice(line, end).trimEnd() === "\\.";
}

/** End of a quoted piece whose only escape is the doubled quote; -1 when it has none. */
function plainEnd(sql: string, open: number, quote: string): number {
  for (let i = open + 1;;) {
    const close = sql.indexOf(quote, i);
    if (close < 0) return -1;
    if (sql[close + 1] !== quote) return close + 1;
    i = close + 2;
  }
}

/** End of a string in which a backslash takes the next character along; -1 when it has none. */
function escapedEnd(sql: string, open: number): number {
  for (let i = open + 1; i < sql.length; i++) {
    const code = sql.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) {
      if (sql.charCodeAt(i + 1) !== QUOTE) return i + 1;
      i++;
    }
  }
  return -1;
}

/** The quote of a part that continues a string after a line break, or -1. */
function continuation(sql: string, end: number): number {
  let broken = false;
  for (let i = end; i < sql.length; i++) {
    const code = sql.charCodeAt(i);
    if (code === QUOTE) return broken ? i : -1;
    if (code === 10 || code === 13) broken = true;
    else if (code === DASH && sql.charCodeAt(i + 1) === DASH) i = lineEnd(sql, i) - 1;
    else if (code > 32) return -1;
  }
  return -1;
}
