/** Cuts a script into statements as the command line clients do, and where nobody states a delimiter as the server does. */

import { UsageError } from "../../core/error.ts";
import type { Statement } from "../../core/statement.ts";
import { positionAt } from "../../sql/position.ts";
import { afterByteOrderMark, Scanner } from "../../sql/scanner.ts";
import { clientCommand } from "./client_command.ts";
import { CompoundBody } from "./compound_body.ts";
import { conditionalContent, type Family } from "./conditional_comment.ts";
import { lexicon } from "./lexicon.ts";
import { literalLexicon } from "./literal_lexicon.ts";
import { classify } from "./classify.ts";

/** Makes the `split` of a family; see `Engine`. Bodies of routines, triggers, events and packages are one statement with their head. */
export function splitterOf(family: Family): (sql: string, from?: number) => readonly Statement[] {
  return (sql, from = 0) => new Splitter(sql, family, from).run();
}

/** Words kept for `classify`. */
const HEAD = 16;

class Splitter {
  readonly #sql: string;
  readonly #family: Family;
  readonly #statements: Statement[] = [];
  #scanner: Scanner;
  #delimiter = ";";
  #start = -1;
  #end = 0;
  #words: string[] = [];
  #body = new CompoundBody();
  /** True inside a comment whose content the server runs. */
  #inComment = false;
  /** False where the session's mode takes a backslash for a letter. */
  #escapes = true;
  /** True when the mode decides where a string of the statement ends. */
  #follows = false;
  /** The text of the strings of a SET. */
  #values = "";

  constructor(sql: string, family: Family, from: number) {
    this.#sql = sql;
    this.#family = family;
    this.#scanner = new Scanner(sql, lexicon, from === 0 ? afterByteOrderMark(sql) : from);
  }

  run(): readonly Statement[] {
    const zero = this.#sql.indexOf("\0", this.#scanner.end);
    if (zero >= 0) throw this.#refusal(zero, "it holds a zero character");
    while (this.#scanner.next()) this.#take(this.#scanner);
    this.#finish();
    return this.#statements;
  }

  #take(scanner: Scanner): void {
    const { kind, start } = scanner;
    if (kind === "blank") return;
    if (this.#endsAtDelimiter(scanner)) return;
    if (kind === "comment" || scanner.open === "comment") {
      const content = conditionalContent(this.#sql, start, this.#family);
      if (content === null) {
        if (kind !== "comment") throw this.#refusal(start, "the comment has no end");
        return;
      }
      this.#extend(start, content);
      this.#inComment = true;
      scanner.end = content;
      scanner.open = null;
      return;
    }
    if (this.#start < 0 && this.#takesCommand(scanner)) return;
    if (kind === "operator" && this.#takesCommentEnd(scanner)) return;
    if (kind === "bad") this.#bad(scanner);
    else this.#token(scanner);
  }

  /** Ends the statement where the delimiter stands, wherever that is in a token: `END$$` is one word. */
  #endsAtDelimiter({ kind, start, end }: Scanner): boolean {
    if (this.#delimiter === ";" || this.#inComment || kind === "string" || kind === "name") {
      return false;
    }
    const reach = kind === "comment" ? start + 1 : end;
    const at = this.#sql.slice(start, reach + this.#delimiter.length - 1).indexOf(this.#delimiter);
    if (at < 0) return false;
    if (at > 0) this.#extend(start, start + at);
    if (kind === "word" && at > 0) this.#word(this.#sql.slice(start, start + at));
    this.#scanner.end = start + at + this.#delimiter.length;
    this.#finish();
    return true;
  }

  /** Reads a command of the client at the beginning of a statement: DELIMITER is heeded, others cannot be. */
  #takesCommand({ start }: Scanner): boolean {
    const command = clientCommand(this.#sql, start);
    if (command === null) return false;
    if (command.name !== "delimiter") {
      throw this.#refusal(
        start,
        `"${command.text}" is a command of the mysql client, not SQL`,
        "Remove it, or write what it does in SQL",
      );
    }
    if (command.argument === "" || command.argument.includes("\\")) {
      throw this.#refusal(start, "DELIMITER states no delimiter");
    }
    this.#delimiter = command.argument;
    this.#scanner.end = command.end;
    return true;
  }

  #takesCommentEnd(scanner: Scanner): boolean {
    if (!this.#inComment || !this.#sql.startsWith("*/", scanner.start)) return false;
    scanner.end = scanner.start + 2;
    this.#extend(scanner.start, scanner.end);
    this.#inComment = false;
    return true;
  }

  #bad({ start, end, open }: Scanner): void {
    if (open !== null) {
      throw this.#refusal(start, `the ${open === "name" ? "quoted name" : "string"} has no end`);
    }
    // `\g` and `\G` end a statement as a semicolon does.
    if (/^\\[gG]/.test(this.#sql.slice(start, start + 2))) {
      this.#scanner.end = start + 2;
      this.#finish();
    } else this.#extend(start, end);
  }

  #token({ kind, start, end }: Scanner): void {
    const text = this.#sql.slice(start, end);
    if (kind === "operator") {
      const ends = text === ";" && this.#delimiter === ";" && !this.#inComment &&
        !this.#body.isOpen;
      if (ends) return this.#finish();
      this.#body.sign(text);
    } else if (kind === "word") {
      this.#word(text);
    } else {
      if (kind === "string") this.#string(text);
      this.#body.other();
    }
    this.#extend(start, end);
  }

  #word(text: string): void {
    const word = text.toUpperCase();
    if (this.#words.length < HEAD) this.#words.push(word);
    this.#body.word(word);
  }

  #string(text: string): void {
    this.#follows ||= /\\['"\\]/.test(text);
    if (this.#words[0] === "SET" && this.#values.length < 1000) this.#values += text;
  }

  #extend(start: number, end: number): void {
    if (this.#start < 0) this.#start = start;
    this.#end = end;
  }

  #finish(): void {
    if (this.#start >= 0 && this.#words.length > 0) {
      this.#statements.push({
        sql: this.#sql.slice(this.#start, this.#end),
        offset: this.#start,
        ...classify(this.#words),
        ...this.#follows ? { cutWhile: cutWhile(this.#escapes) } : {},
      });
      this.#heedMode();
    }
    this.#start = -1;
    this.#words = [];
    this.#body = new CompoundBody();
    this.#follows = false;
    this.#values = "";
  }

  /** A mode that a script sets decides how the strings behind it end. */
  #heedMode(): void {
    const isMode = this.#words[0] === "SET" &&
      /\bsql_mode\b/i.test(this.#sql.slice(this.#start, this.#end));
    if (!isMode) return;
    const escapes = !/no_backslash_escapes/i.test(this.#values);
    if (escapes === this.#escapes) return;
    this.#escapes = escapes;
    const { end } = this.#scanner;
    this.#scanner = new Scanner(this.#sql, escapes ? lexicon : literalLexicon, end);
  }

  #refusal(at: number, reason: string, hint?: string): UsageError {
    const { source, ...place } = positionAt(this.#sql, at);
    return new UsageError(`Cannot read the SQL: ${reason}`, {
      code: "sql-syntax",
      place: { file: "", ...place },
      source,
      hint,
    });
  }
}

/** A query whose `holds` is true where backslashes are read as they were here. */
function cutWhile(escapes: boolean): string {
  return `SELECT @@SESSION.sql_mode ${escapes ? "NOT " : ""}LIKE '%NO_BACKSLASH_ESCAPES%' AS holds`;
}
