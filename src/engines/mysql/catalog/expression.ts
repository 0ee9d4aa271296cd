/** Expressions as the server writes them. */

import { isWord, type Token, tokenize } from "./cursor.ts";
import { unquoted } from "../../../sql/name.ts";

/** An expression without parentheses around all of it. */
export function withoutParentheses(text: string): string {
  for (let inner = text;;) {
    const trimmed = inner.trim();
    const tokens = tokenize(trimmed);
    if (tokens[0]?.text !== "(" || closing(tokens) !== tokens.length - 1) return trimmed;
    inner = trimmed.slice(1, -1);
  }
}

/** The index of the sign that closes the parenthesis which the first token opens. */
function closing(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex(({ kind, text }) => {
    if (kind !== "operator") return false;
    if (text === "(") depth++;
    else if (text === ")") depth--;
    return depth === 0;
  });
}

/** The text without the name of its own database in front of names: where it is has another name elsewhere. */
export function withoutDatabase(text: string, database: string): string {
  if (!text.includes(`\`${database.replaceAll("`", "``")}\``)) return text;
  const tokens = tokenize(text);
  let kept = "";
  let from = 0;
  for (const [at, token] of tokens.entries()) {
    const isDatabase = token.kind === "name" && unquoted(token.text) === database &&
      tokens[at + 1]?.text === "." && tokens[at - 1]?.text !== "." &&
      (tokens[at + 3]?.text !== "." || tokens[at + 2]?.kind === "name") &&
      tokens[at + 2]?.kind === "name";
    if (!isDatabase) continue;
    kept += text.slice(from, token.start);
    from = tokens[at + 1]?.end ?? token.end;
  }
  return kept + text.slice(from);
}

/** The names that stand in quotes in a text, each once. */
export function quotedNames(text: string): ReadonlySet<string> {
  return new Set(
    tokenize(text).filter(({ kind }) => kind === "name").map((token) => unquoted(token.text)),
  );
}

/** Tables and views that a query reads: quoted names that begin an item of a FROM clause. */
export function relationsIn(query: string): ReadonlySet<string> {
  const tokens = tokenize(query);
  const found = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "name" || tokens[at + 1]?.text === ".") continue;
    const before = tokens[at - 1];
    const isItem = before?.text === "(" || before?.text === "," ||
      ["FROM", "JOIN", "STRAIGHT_JOIN"].some((word) => isWord(before, word));
    if (isItem) found.add(unquoted(token.text));
  }
  return found;
}

/** Functions of the schema that an expression calls: quoted names in front of a parenthesis. */
export function functionsIn(text: string): ReadonlySet<string> {
  const tokens = tokenize(text);
  return new Set(
    tokens.flatMap((token, at) =>
      token.kind === "name" && tokens[at + 1]?.text === "(" ? [unquoted(token.text)] : []
    ),
  );
}
