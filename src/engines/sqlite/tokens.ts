/** SQLite's tokens: the same cuts as its own tokenizer makes. */

/** One token; blanks and comments are tokens only when asked for. */
export interface Token {
  /** `name`: a bare word; `quoted`: "x", `x` or [x]; `bad`: what SQLite does not know. */
  readonly kind:
    | "name"
    | "quoted"
    | "string"
    | "blob"
    | "number"
    | "parameter"
    | "operator"
    | "blank"
    | "comment"
    | "bad";
  /** As it stands in the script. */
  readonly text: string;
  /** The meaning of a name or a string: quotes taken off; for other tokens the text. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Cuts a text into tokens without blanks and comments. Never throws: what cannot be a token has the kind `bad`. */
export function tokenize(sql: string): readonly Token[] {
  return tokenizeAll(sql).filter((token) => token.kind !== "blank" && token.kind !== "comment");
}

/** Cuts a text into tokens, blanks and comments among them; their texts add up to the input. */
export function tokenizeAll(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    const token = next(sql, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** True when the token is this bare word, whatever its case. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "name" && token.text.length === word.length &&
    token.text.toLowerCase() === word;
}

/** True when the token is this punctuation. */
export function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === "operator" && token.text === mark;
}

/** Case folding as SQLite does it for names: ASCII only. */
export function fold(name: string): string {
  return CAPITAL.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}

const CAPITAL = /[A-Z]/;

/** Index of the token behind the closing parenthesis of the one at `open`; the number of tokens when it is never closed. */
export function afterParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isMark(tokens[at], "(")) depth++;
    else if (isMark(tokens[at], ")") && --depth === 0) return at + 1;
  }
  return tokens.length;
}

const OPERATORS = ["->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "==", "!="];
const SINGLE = "-()[];+*/%=<>|,&~.";
/** Those that no longer one begins with. */
const LONE = "();,";
const BLANK = /[ \t\n\f\r]+/y;
const NAME = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NAME_START = /[A-Za-z_\u0080-\uffff]/;
const NUMBER =
  /(?:0[xX][0-9a-fA-F](?:_?[0-9a-fA-F])*|(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?)/y;
const NUMBER_TAIL = /[A-Za-z0-9_$\u0080-\uffff]+/y;
const PARAMETER =
  /\?[0-9]*|[@#:$][A-Za-z0-9_$\u0080-\uffff]+(?:::[A-Za-z0-9_$\u0080-\uffff]*)*(?:\([^) \t\n\f\r]*\))?/y;
const BLOB = /[xX]'(?:[0-9a-fA-F]{2})*'/y;

/** What a token can be, by its first character; others are tried in order. */
function next(sql: string, start: number): Token {
  const char = sql.charAt(start);
  if (isLetter(char) && sql.charAt(start + 1) !== "'") return name(sql, start);
  if (LONE.includes(char)) return make("operator", sql, start, start + 1);
  const blank = match(BLANK, sql, start);
  if (blank !== null) return make("blank", sql, start, start + blank.length);
  if (char === "-" && sql.charAt(start + 1) === "-") {
    const line = sql.indexOf("\n", start);
    return make("comment", sql, start, line < 0 ? sql.length : line);
  }
  if (char === "/" && sql.charAt(start + 1) === "*" && start + 2 < sql.length) {
    const close = sql.indexOf("*/", start + 2);
    return make("comment", sql, start, close < 0 ? sql.length : close + 2);
  }
  if (char === "'" || char === '"' || char === "`") return quoted(sql, start, char);
  if (char === "[") {
    const close = sql.indexOf("]", start);
    if (close < 0) return make("bad", sql, start, sql.length);
    return make("quoted", sql, start, close + 1, sql.slice(start + 1, close));
  }
  const blob = match(BLOB, sql, start);
  if (blob !== null) return make("blob", sql, start, start + blob.length);
  if (/[xX]/.test(char)) {
    const close = sql.indexOf("'", start + 2);
    return make("bad", sql, start, close < 0 ? sql.length : close + 1);
  }
  if (NAME_START.test(char)) return name(sql, start);
  const number = match(NUMBER, sql, start);
  if (number !== null) {
    const tail = match(NUMBER_TAIL, sql, start + number.length);
    if (tail === null) return make("number", sql, start, start + number.length);
    return make("bad", sql, start, start + number.length + tail.length);
  }
  const parameter = match(PARAMETER, sql, start);
  if (parameter !== null) return make("parameter", sql, start, start + parameter.length);
  const operator = OPERATORS.find((text) => sql.startsWith(text, start));
  if (operator !== undefined) return make("operator", sql, start, start + operator.length);
  return make(SINGLE.includes(char) ? "operator" : "bad", sql, start, start + 1);
}

function name(sql: string, start: number): Token {
  return make("name", sql, start, start + (match(NAME, sql, start)?.length ?? 1));
}

function isLetter(char: string): boolean {
  return (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || char === "_";
}

function quoted(sql: string, start: number, quote: string): Token {
  for (let at = sql.indexOf(quote, start + 1); at >= 0; at = sql.indexOf(quote, at + 2)) {
    if (sql.charAt(at + 1) === quote) continue;
    const value = sql.slice(start + 1, at).replaceAll(quote + quote, quote);
    return make(quote === "'" ? "string" : "quoted", sql, start, at + 1, value);
  }
  return make("bad", sql, start, sql.length);
}

function match(pattern: RegExp, sql: string, start: number): string | null {
  pattern.lastIndex = start;
  return pattern.exec(sql)?.[0] ?? null;
}

function make(
  kind: Token["kind"],
  sql: string,
  start: number,
  end: number,
  value = sql.slice(start, end),
): Token {
  return { kind, text: sql.slice(start, end), value, start, end };
}
