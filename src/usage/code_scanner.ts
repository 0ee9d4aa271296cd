/** The one scanner of code: cuts a text into words, signs and strings by its language; comments are left out. */

import type { Language, StringForm } from "./language.ts";

/** A piece of code. */
export interface CodeToken {
  readonly kind: "word" | "sign" | "string";
  readonly start: number;
  readonly end: number;
}

/** A string, with what it means. */
export interface CodeString extends CodeToken {
  readonly kind: "string";
  /** Its meaning; an expression inside is `HOLE`. */
  readonly value: string;
  /** Where parts of the value stand in the text, in order. */
  readonly parts: readonly Part[];
}

/** From `at` in a value on, it is what stands in the text from `source` on. */
export interface Part {
  readonly at: number;
  readonly source: number;
}

/** Stands in a value for an expression. */
export const HOLE = "\u0001";

/** So deep can expressions stand in strings in expressions. */
const DEEPEST = 20;

/** All words, signs and strings, in order of where they begin; those inside of expressions in strings as well. Linear in the text. */
export function codeTokens(text: string, language: Language): readonly (CodeToken | CodeString)[] {
  const scanner = new CodeScanner(text, language);
  scanner.code(null, 0);
  return scanner.tokens;
}

/** The offset in the text of an offset in a value. */
export function sourceOffset(parts: readonly Part[], at: number): number {
  let found = parts[0];
  for (const part of parts) {
    if (part.at > at) break;
    found = part;
  }
  return found === undefined ? 0 : found.source + at - found.at;
}

interface Heredoc {
  readonly form: StringForm;
  readonly close: string;
  readonly start: number;
}

class CodeScanner {
  readonly tokens: (CodeToken | CodeString)[] = [];
  readonly #text: string;
  readonly #language: Language;
  readonly #heredocs: Heredoc[] = [];
  /** Up to where no string of a form has an end. */
  readonly #endless = new Map<StringForm, number>();
  #at = 0;

  constructor(text: string, language: Language) {
    this.#text = text;
    this.#language = language;
  }

  /** Reads code up to the end, or to the closing mark of the expression that it stands in. */
  code(close: string | null, depth: number): void {
    const text = this.#text;
    let open = 0;
    while (this.#at < text.length) {
      const at = this.#at;
      const code = text.charCodeAt(at);
      if (code === NEWLINE && this.#heredocs.length > 0) {
        this.#at++;
        for (const heredoc of this.#heredocs.splice(0)) this.#heredoc(heredoc, depth);
      } else if (this.#comment() || this.#string(depth)) continue;
      else if (code <= 32) this.#at++;
      else if (isWordCode(code)) this.#word();
      else {
        if (close !== null && code === OPEN_BRACE) open++;
        if (close !== null && code === CLOSE_BRACE && open-- === 0) {
          this.#at++;
          return;
        }
        if (code === SLASH && this.#pattern()) continue;
        this.tokens.push({ kind: "sign", start: at, end: at + 1 });
        this.#at++;
      }
    }
  }

  #word(): void {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && isWordCode(this.#text.charCodeAt(end))) end++;
    this.tokens.push({ kind: "word", start, end });
    this.#at = end;
  }

  #comment(): boolean {
    const text = this.#text;
    const at = this.#at;
    for (const [open, close] of this.#language.blockComments) {
      if (!text.startsWith(open, at)) continue;
      const end = text.indexOf(close, at + open.length);
      this.#at = end < 0 ? text.length : end + close.length;
      return true;
    }
    if (!this.#language.lineComments.some((open) => text.startsWith(open, at))) return false;
    // Attributes of PHP begin with #[.
    if (text.startsWith("#[", at) && this.#language.name === "PHP") return false;
    const end = text.indexOf("\n", at);
    this.#at = end < 0 ? text.length : end;
    return true;
  }

  #string(depth: number): boolean {
    for (const form of this.#language.strings) {
      if (this.#at < (this.#endless.get(form) ?? 0)) continue;
      form.open.lastIndex = this.#at;
      const match = form.open.exec(this.#text);
      if (match === null) continue;
      const close = form.close.replace("$1", match[1] ?? "");
      const start = this.#at;
      if (form.isHeredoc) {
        this.#heredocs.push({ form, close, start });
        this.#at += match[0].length;
        return true;
      }
      this.#at += match[0].length;
      if (this.#value(form, close, { start, depth })) return true;
      this.#endless.set(form, this.#at);
      this.#at = start;
    }
    return false;
  }

  /** Reads up to the closing mark; false where the string has no end. */
  #value(
    form: StringForm,
    close: string,
    { start, depth }: { readonly start: number; readonly depth: number },
  ): boolean {
    const text = this.#text;
    const before = this.tokens.length;
    const value = new Value();
    while (this.#at < text.length) {
      const at = this.#at;
      if (text.startsWith(close, at)) {
        if (form.escape === "double" && text.startsWith(close, at + close.length)) {
          value.add(close, at + 1);
          this.#at += 2 * close.length;
          continue;
        }
        this.#at += close.length;
        this.#push(value, { start, before });
        return true;
      }
      const sign = text.charAt(at);
      if (sign === "\n" && form.isLong !== true) break;
      if (sign === "\\" && form.escape === "backslash") {
        value.add(escaped(text.charAt(at + 1)), at + 1);
        this.#at += 2;
      } else if (!this.#hole(form, value, depth)) {
        const end = this.#plainEnd(close.charCodeAt(0));
        value.add(text.slice(at, end), at);
        this.#at = end;
      }
    }
    this.tokens.length = before;
    return false;
  }

  /** The end of what is taken as it is: before the next sign that may mean something. */
  #plainEnd(close: number): number {
    const text = this.#text;
    let end = this.#at + 1;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if (code === close || SPECIAL.has(code)) break;
      end++;
    }
    return end;
  }

  #heredoc({ form, close, start }: Heredoc, depth: number): void {
    const text = this.#text;
    const before = this.tokens.length;
    const value = new Value();
    const end = new RegExp(`^[ \\t]*${close}\\b`, "my");
    while (this.#at < text.length) {
      const at = this.#at;
      if (at === 0 || text.charCodeAt(at - 1) === NEWLINE) {
        end.lastIndex = at;
        const match = end.exec(text);
        if (match !== null) {
          this.#at += match[0].length;
          break;
        }
      }
      if (this.#hole(form, value, depth)) continue;
      value.add(text.charAt(at), at);
      this.#at++;
    }
    this.#push(value, { start, before });
  }

  /** Reads an expression inside of a string, where one begins here. */
  #hole(form: StringForm, value: Value, depth: number): boolean {
    const text = this.#text;
    const at = this.#at;
    for (const hole of form.holes ?? []) {
      if (hole === "name") {
        NAME.lastIndex = at;
        const match = NAME.exec(text);
        if (match === null) continue;
        value.add(HOLE, at);
        this.tokens.push({ kind: "word", start: at + 1, end: at + match[0].length });
        this.#at += match[0].length;
        return true;
      }
      if (!text.startsWith(hole, at) || depth >= DEEPEST) continue;
      if (hole === "{" && text.startsWith("{{", at)) {
        value.add("{", at);
        this.#at += 2;
        return true;
      }
      value.add(HOLE, at);
      this.#at += hole.length;
      this.code("}", depth + 1);
      return true;
    }
    return false;
  }

  #push(
    value: Value,
    { start, before }: { readonly start: number; readonly before: number },
  ): void {
    const { text, parts } = value.done();
    const token: CodeString = { kind: "string", start, end: this.#at, value: text, parts };
    this.tokens.splice(before, 0, token);
  }

  /** Skips a pattern between slashes, where one can begin. */
  #pattern(): boolean {
    if (this.#language.hasPatterns !== true) return false;
    const last = this.tokens.at(-1);
    if (last !== undefined) {
      const text = this.#text.slice(last.start, last.end);
      const isValue = last.kind !== "sign" || text === ")" || text === "]" || text === "}";
      if (isValue && !/^(?:return|typeof|case|in|of|when|and|or|if|unless)$/.test(text)) {
        return false;
      }
    }
    PATTERN.lastIndex = this.#at;
    const match = PATTERN.exec(this.#text);
    if (match === null) return false;
    this.#at += match[0].length;
    return true;
  }
}

/** Of a value: its text, and where its parts stand. */
class Value {
  readonly #pieces: string[] = [];
  readonly #parts: Part[] = [];
  #length = 0;
  #next = -1;

  add(text: string, source: number): void {
    if (source !== this.#next) this.#parts.push({ at: this.#length, source });
    this.#pieces.push(text);
    this.#length += text.length;
    this.#next = source + text.length;
  }

  done(): { readonly text: string; readonly parts: readonly Part[] } {
    return { text: this.#pieces.join(""), parts: this.#parts };
  }
}

function escaped(sign: string): string {
  const plain: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": " ", "": "" };
  return plain[sign] ?? sign;
}

const NEWLINE = 10;
/** A line's end, a backslash, and what begins an expression. */
const SPECIAL = new Set([NEWLINE, 92, 35, 36, 123]);
const SLASH = 47;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const NAME = /\$[A-Za-z_]\w*/y;
const PATTERN = /\/(?![*/ \n])(?:[^\\/\n[]|\\.|\[(?:[^\]\\\n]|\\.){0,200}\]){1,400}\/[a-z]*/y;

function isWordCode(code: number): boolean {
  return code >= 97 && code <= 122 || code >= 65 && code <= 90 || code === 95 ||
    code >= 48 && code <= 57 || code >= 128;
}
