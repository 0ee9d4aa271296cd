/** Cuts one statement into tokens, by the quoting rules of its dialect. For where no parser is at hand, and for comments. */

/** One token. Blanks are none. */
export interface Token {
  readonly kind: "word" | "name" | "string" | "comment" | "sign";
  readonly text: string;
  readonly offset: number;
}

/** What a dialect's quoting has. */
interface Lexis {
  readonly dollarQuotes: boolean;
  /** Strings in which a backslash escapes: all of them, those that begin with E, or none. */
  readonly backslash: "all" | "e" | "none";
  readonly backticks: boolean;
  readonly brackets: boolean;
  readonly hashComments: boolean;
  readonly nestedComments: boolean;
}

/** Cuts SQL into tokens; what is left open at the end is one token. */
export function tokensOf(sql: string, dialect: string): readonly Token[] {
  const lexis = lexisOf(dialect);
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    if (/\s/.test(sql[at] ?? "")) {
      at++;
      continue;
    }
    const [kind, end] = next(sql, at, lexis);
    tokens.push({ kind, text: sql.slice(at, end), offset: at });
    at = end;
  }
  return tokens;
}

/** The statement without the comments that stand outside of its strings. */
export function withoutComments(sql: string, dialect: string): string {
  let bare = "";
  let at = 0;
  for (const token of tokensOf(sql, dialect)) {
    if (token.kind !== "comment") continue;
    bare += sql.slice(at, token.offset) + (token.text.startsWith("/*") ? " " : "");
    at = token.offset + token.text.length;
  }
  return (bare + sql.slice(at)).trim();
}

function lexisOf(dialect: string): Lexis {
  const mysql = dialect === "mysql" || dialect === "mariadb";
  const postgres = dialect === "postgres";
  return {
    dollarQuotes: postgres,
    backslash: mysql ? "all" : postgres ? "e" : "none",
    backticks: !postgres,
    brackets: dialect === "sqlite",
    hashComments: mysql,
    nestedComments: postgres,
  };
}

function next(sql: string, at: number, lexis: Lexis): readonly [Token["kind"], number] {
  const rest = sql.slice(at, at + 80);
  if (rest.startsWith("--") || (lexis.hashComments && rest.startsWith("#"))) {
    const end = sql.indexOf("\n", at);
    return ["comment", end < 0 ? sql.length : end];
  }
  if (rest.startsWith("/*")) return ["comment", commentEnd(sql, at, lexis.nestedComments)];
  const sign = rest[0] ?? "";
  if (sign === "'") return ["string", quoteEnd(sql, at, "'", lexis.backslash === "all")];
  if (sign === '"') return ["name", quoteEnd(sql, at, '"', lexis.backslash === "all")];
  if (sign === "`" && lexis.backticks) return ["name", quoteEnd(sql, at, "`", false)];
  if (sign === "[" && lexis.brackets) {
    const end = sql.indexOf("]", at);
    return ["name", end < 0 ? sql.length : end + 1];
  }
  const prefix = /^[eEbBxXnN]'|^[uU]&'/.exec(rest)?.[0];
  if (prefix !== undefined) {
    const escapes = lexis.backslash === "all" || (lexis.backslash === "e" && /^e/i.test(prefix));
    return ["string", quoteEnd(sql, at + prefix.length - 1, "'", escapes)];
  }
  const dollar = lexis.dollarQuotes
    ? /^\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$/.exec(rest)?.[0]
    : undefined;
  if (dollar !== undefined) {
    const end = sql.indexOf(dollar, at + dollar.length);
    return ["string", end < 0 ? sql.length : end + dollar.length];
  }
  const word = /^[\p{L}_\x80-\uffff][\p{L}\p{N}_$]*/u.exec(sql.slice(at, at + 300))?.[0];
  if (word !== undefined) return ["word", at + word.length];
  const number = /^\d[\w.]*/.exec(rest)?.[0];
  return ["sign", at + (number ?? sign).length];
}

function quoteEnd(sql: string, start: number, quote: string, escapes: boolean): number {
  for (let at = start + 1; at < sql.length; at++) {
    if (escapes && sql[at] === "\\") at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return sql.length;
}

function commentEnd(sql: string, start: number, nested: boolean): number {
  let depth = 1;
  for (let at = start + 2; at < sql.length; at++) {
    if (nested && sql.startsWith("/*", at)) {
      depth++;
      at++;
    } else if (sql.startsWith("*/", at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return sql.length;
}
