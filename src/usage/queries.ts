/** SQL in texts of programs: whether a text is a statement, and how it can be handed to a server that only prepares it. */

import { HOLE } from "./code_scanner.ts";

const QUERY =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(?:select\s|insert\s+(?:ignore\s+|or\s+\w+\s+)?into\s|update\s[\s\S]{1,2000}?\sset\s|delete\s+from\s|with\s[\s\S]{1,2000}?\sas\s|merge\s+into\s|replace\s+into\s|values\s*\()/i;

/** Whether a text is a statement that reads or writes rows. */
export function isQuery(text: string): boolean {
  return text.length < LONGEST && QUERY.test(text);
}

/** The longest statement that is looked at, in characters. */
const LONGEST = 20_000;

const CLAUSE =
  /\b(?:select|from|where|join|order\s+by|group\s+by|having|returning|set|values|insert\s+into|on\s+conflict|limit|and|or|not\s+null|is\s+null|asc|desc)\b|[=<>]\s*(?:\?|\$\d|:\w|%s|')|\?\s*$/i;

/** Whether a text is, or may be, a part of a statement: `u.name = ?`, `ORDER BY name`. */
export function isFragment(text: string): boolean {
  return text.length < LONGEST && CLAUSE.test(text);
}

/** How a dialect writes the parameter of a number from 1 on. */
export type WriteParameter = (number: number) => string;

/**
 * A statement with the placeholders of all styles (`$1`, `?`, `:name`, `%s`, `%(name)s`, `@p`, an expression of the program) as the dialect
 * writes them; texts in single quotes and comments are left alone. `drops`: an expression of the program is left out instead.
 */
export function withParameters(sql: string, write: WriteParameter, drops = false): string {
  let number = 0;
  const names = new Map<string, string>();
  const next = () => write(++number);
  const named = (name: string) => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const made = next();
    names.set(name, made);
    return made;
  };
  return sql.replaceAll(TOKEN, (token) => {
    if (token === HOLE) return drops ? " " : next();
    if (token.startsWith("'")) return token.replaceAll(HOLE, "x");
    if (token.startsWith("--") || token.startsWith("/*") || token.startsWith("::")) return token;
    if (token === "?" || /^%[sdvq]$/.test(token)) return next();
    if (/^[$:@?]|^%\(|^\{/.test(token)) return named(token);
    return token;
  }).replace(/;\s*$/, "");
}

const TOKEN = new RegExp(
  `'(?:[^']|'')*'|"[^"]*"|\`[^\`]*\`|--[^\\n]*|/\\*[\\s\\S]*?\\*/|::|:=|@@\\w+|${HOLE}|\\$\\d+|\\?\\d*|%\\(\\w+\\)s|%[sdvq](?!\\w)|(?<![\\w:]):[A-Za-z_]\\w*|(?<!\\w)[@$][A-Za-z_]\\w*|\\{\\w*\\}`,
  "g",
);

/** Whether a statement names something: a word of it, whatever its quotes; texts in single quotes and comments do not count. */
export function namesWord(sql: string, name: string): boolean {
  return wordsOfSql(sql).has(name.toLowerCase());
}

/** So much of a text is looked at. */
const MOST = 50_000;

/** The names and words of a statement, in small letters. */
export function wordsOfSql(sql: string): ReadonlySet<string> {
  const bare = sql.slice(0, MOST).replaceAll(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  return new Set(bare.toLowerCase().match(/[a-z_\u0080-\uffff][\w\u0080-\uffff$]*/g) ?? []);
}

/** Whether a statement inserts rows into a table without giving a column a value. */
export function insertsWithout(sql: string, table: string, column: string): boolean {
  const quote = '["`\\[\\]]?';
  const name = table.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const match = new RegExp(
    `\\binto\\s+(?:${quote}\\w+${quote}\\.)?${quote}${name}${quote}\\s*\\(([^)]*)\\)`,
    "i",
  ).exec(sql);
  return match !== null && !namesWord(match[1] ?? "", column);
}
