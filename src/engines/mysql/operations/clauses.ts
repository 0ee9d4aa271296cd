/** Columns and keys of MySQL's definitions, read from their tokens: enough for rules, no grammar. */

import type { ColumnClause, ConstraintClause, IndexClause } from "../../../core/operation.ts";
import { unquoted } from "../../../sql/name.ts";
import type { Token } from "../catalog/cursor.ts";

/** Tokens of one clause. */
export type Tokens = readonly Token[];

/** The word of a token in capitals; its sign or value as it is. */
export function wordOf(token: Token | undefined): string {
  return token === undefined ? "" : token.kind === "word" ? token.text.toUpperCase() : token.text;
}

/** True where the tokens begin with these words. */
export function begins(tokens: Tokens, ...words: readonly string[]): boolean {
  return words.every((word, at) => wordOf(tokens[at]) === word);
}

/** A name that begins at a token, with its database where one is written, and what is behind it. */
export function nameAt(tokens: Tokens, at: number): readonly [name: string, next: number] {
  const one = (token: Token | undefined) => unquoted(token?.text ?? "");
  return tokens[at + 1]?.text === "."
    ? [`${one(tokens[at])}.${one(tokens[at + 2])}`, at + 3]
    : [one(tokens[at]), at + 1];
}

/** The token behind the parenthesis that opens at one. */
export function closing(tokens: Tokens, at: number): number {
  let depth = 0;
  for (let next = at; next < tokens.length; next++) {
    const text = tokens[next]?.text;
    if (text === "(") depth++;
    if (text === ")" && --depth === 0) return next + 1;
  }
  return tokens.length;
}

/** Parts between the commas that stand in no parentheses. */
export function parts(tokens: Tokens): readonly Tokens[] {
  const found: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (token.text === "," && depth === 0) found.push([]);
    else found.at(-1)?.push(token);
  }
  return found.filter((part) => part.length > 0);
}

/** Names in the parentheses that open at a token; `(expression)` for what is no name. */
export function namesIn(tokens: Tokens, at: number): readonly string[] {
  if (tokens[at]?.text !== "(") return [];
  return parts(tokens.slice(at + 1, closing(tokens, at) - 1)).map(([first]) =>
    first?.text === "(" ? "(expression)" : unquoted(first?.text ?? "")
  );
}

/** A column: its name, its type and all that is said of it. */
export function columnClause(tokens: Tokens): ColumnClause {
  const [name, start] = nameAt(tokens, 0);
  const [type, end] = typeAt(tokens, start);
  const rest = outside(tokens.slice(end));
  const words = rest.map(wordOf);
  const has = (...wanted: readonly string[]) =>
    words.some((_, at) => wanted.every((word, ahead) => words[at + ahead] === word));
  const after = (word: string) => rest[words.indexOf(word) + 1];
  const isGenerated = has("AS") || has("GENERATED");
  const isKey = has("PRIMARY") || (has("KEY") && !has("UNIQUE"));
  const value = has("DEFAULT") ? after("DEFAULT") : undefined;
  const text = value === undefined ? null : value.text === "(" ? "(expression)" : value.text;
  return {
    name,
    type,
    isRequired: has("NOT", "NULL") || isKey || /^serial/.test(type),
    default: text === null || /^null$/i.test(text) ? null : text,
    generated: !isGenerated ? null : has("STORED") || has("PERSISTENT") ? "stored" : "virtual",
    isIdentity: has("AUTO_INCREMENT") || /^serial/.test(type),
    isUnique: has("UNIQUE"),
    isPrimary: isKey,
    hasCheck: has("CHECK"),
    references: has("REFERENCES") ? nameAt(rest, words.indexOf("REFERENCES") + 1)[0] : null,
    isPlaced: words.at(-1) === "FIRST" || words.at(-2) === "AFTER",
    collation: has("COLLATE") ? unquoted(after("COLLATE")?.text ?? "") : null,
  };
}

/** A type with its sizes, in lower case but for values, and what is behind it. */
function typeAt(tokens: Tokens, start: number): readonly [type: string, next: number] {
  let end = start + 1;
  if (wordOf(tokens[start]) === "DOUBLE" && wordOf(tokens[end]) === "PRECISION") end++;
  if (tokens[end]?.text === "(") end = closing(tokens, end);
  while (["UNSIGNED", "SIGNED", "ZEROFILL", "VARYING"].includes(wordOf(tokens[end]))) end++;
  const text = tokens.slice(start, end).map(({ kind, text }) =>
    kind === "word" ? text.toLowerCase() : text
  );
  return [text.join(" ").replaceAll(/ ?([(),]) ?/g, "$1"), end];
}

/** Tokens that stand in no parentheses, each pair with what is in it as its opening alone. */
function outside(tokens: Tokens): Tokens {
  const found: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token !== undefined) found.push(token);
    if (token?.text === "(") at = closing(tokens, at) - 1;
  }
  return found;
}

/** A constraint of a table, or null for what is none. */
export function constraintClause(tokens: Tokens): ConstraintClause | null {
  const isNamed = begins(tokens, "CONSTRAINT");
  const isNameless = isNamed && CONSTRAINTS.has(wordOf(tokens[1]));
  const named = isNamed && !isNameless ? unquoted(tokens[1]?.text ?? "") : null;
  const rest = tokens.slice(!isNamed ? 0 : isNameless ? 1 : 2);
  const open = rest.findIndex(({ text }) => text === "(");
  const type = typeOf(rest);
  if (type === null) return null;
  const own = rest.slice(0, Math.max(open, 0)).filter(({ kind }) => kind === "name").at(-1);
  const refers = rest.findIndex((token) => wordOf(token) === "REFERENCES");
  const [references, next] = refers < 0 ? [null, 0] : nameAt(rest, refers + 1);
  return {
    type,
    name: named ?? (own === undefined ? null : unquoted(own.text)),
    columns: type === "check" ? [] : namesIn(rest, open),
    references,
    referred: references === null ? [] : namesIn(rest, next),
    isUnvalidated: false,
    index: null,
  };
}

const CONSTRAINTS = new Set(["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"]);

function typeOf(tokens: Tokens): ConstraintClause["type"] | null {
  if (begins(tokens, "PRIMARY", "KEY")) return "primary key";
  if (begins(tokens, "FOREIGN", "KEY")) return "foreign key";
  if (begins(tokens, "UNIQUE")) return "unique";
  return begins(tokens, "CHECK") ? "check" : null;
}

/** An index that is no constraint, from its INDEX or KEY, or null for what is none. */
export function indexClause(
  tokens: Tokens,
): { readonly name: string; readonly index: IndexClause } | null {
  const first = wordOf(tokens[0]);
  const kind = ["FULLTEXT", "SPATIAL", "VECTOR"].includes(first) ? first.toLowerCase() : "";
  const isIndex = first === "INDEX" || first === "KEY";
  if (!isIndex && kind === "") return null;
  const open = tokens.findIndex(({ text }) => text === "(");
  const name = tokens.slice(1, Math.max(open, 1)).find((token) =>
    !["INDEX", "KEY", "IF", "NOT", "EXISTS"].includes(wordOf(token))
  );
  return {
    name: unquoted(name?.text ?? ""),
    index: {
      isUnique: false,
      columns: namesIn(tokens, open),
      method: kind === "" ? "btree" : kind,
      isPartial: false,
    },
  };
}
