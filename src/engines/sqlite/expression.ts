/** Expressions, queries and bodies as canonical text: equal for texts that differ by quotes, blanks, comments and case only. */

import { KEYWORDS, RESERVED, STRUCTURAL } from "./keywords.ts";
import { afterParenthesis, fold, isMark, isWord, type Token } from "./tokens.ts";

/** What the names in a text can mean. */
export interface NameScope {
  /** Folded names of the columns and relations that can be meant. */
  readonly known: ReadonlySet<string>;
  /**
   * True when nothing else can be named, so that "x" without such a column is a string, as SQLite takes it;
   * false for queries, which bring names of their own.
   */
  readonly closed: boolean;
}

/** Canonical text of a run of tokens. It means in SQLite what the tokens mean, letter case of names aside. */
export function canonical(tokens: readonly Token[], scope: NameScope): string {
  const own = scope.closed ? null : ownNames(tokens);
  let text = "";
  let before: Token | undefined;
  for (const [at, token] of tokens.entries()) {
    const piece = canonicalToken(tokens, at, scope, own);
    text += (needsBlank(tokens[at - 2], before, token) ? " " : "") + piece;
    before = token;
  }
  return text;
}

/** Without parentheses that enclose all of it; those of a subquery stay. */
export function withoutOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (isMark(inner[0], "(") && afterParenthesis(inner, 0) === inner.length) {
    const first = inner[1];
    if (first === undefined || ["select", "values", "with"].some((word) => isWord(first, word))) {
      break;
    }
    if (hasCommaOutside(inner.slice(1, -1))) break;
    inner = inner.slice(1, -1);
  }
  return inner;
}

/** Canonical text of one name. */
export function canonicalName(name: string): string {
  const folded = fold(name);
  if (/^[a-z_][a-z0-9_]*$/.test(folded) && !KEYWORDS.has(folded)) return folded;
  return `"${folded.replaceAll('"', '""')}"`;
}

function canonicalToken(
  tokens: readonly Token[],
  at: number,
  scope: NameScope,
  own: ReadonlySet<string> | null,
): string {
  const token = tokens[at];
  if (token === undefined) return "";
  if (token.kind === "number") return token.text.toLowerCase();
  if (token.kind === "blob") return `x${token.text.slice(1).toLowerCase()}`;
  if (token.kind === "name") {
    const folded = fold(token.text);
    if (RESERVED.has(folded)) return folded.toUpperCase();
    if (!KEYWORDS.has(folded)) return folded;
    if (isQualified(tokens, at)) return canonicalName(folded);
    if (STRUCTURAL.has(folded)) return folded.toUpperCase();
    return scope.known.has(folded) ? canonicalName(folded) : folded.toUpperCase();
  }
  if (token.kind !== "quoted") return token.text;
  if (!token.text.startsWith('"') || isQualified(tokens, at)) return canonicalName(token.value);
  const folded = fold(token.value);
  if (scope.known.has(folded) || own?.has(folded) || ROWID.has(folded)) {
    return canonicalName(token.value);
  }
  if (own !== null) return token.text;
  return `'${token.value.replaceAll("'", "''")}'`;
}

const ROWID = new Set(["rowid", "oid", "_rowid_"]);

/** Names that a query makes itself (aliases, common tables) or uses where only a name can stand. */
function ownNames(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "name" && token.kind !== "quoted") continue;
    const before = tokens[at - 1];
    const bare = token.kind === "name" || !token.text.startsWith('"');
    if (bare || NAME_FOLLOWS.some((word) => isWord(before, word))) names.add(fold(token.value));
  }
  return names;
}

const NAME_FOLLOWS = ["as", "from", "join", "into", "update", "with", "recursive", "collate"];

function isQualified(tokens: readonly Token[], at: number): boolean {
  return isMark(tokens[at - 1], ".") || isMark(tokens[at + 1], ".");
}

function hasCommaOutside(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, "(")) depth++;
    else if (isMark(token, ")")) depth--;
    else if (depth === 0 && isMark(token, ",")) return true;
  }
  return false;
}

/** A blank between two tokens, as a person sets it. */
function needsBlank(
  earlier: Token | undefined,
  before: Token | undefined,
  token: Token,
): boolean {
  if (before === undefined) return false;
  if (isMark(before, "(") || isMark(before, ".")) return false;
  if (isMark(token, ")") || isMark(token, ",") || isMark(token, ".") || isMark(token, ";")) {
    return false;
  }
  if (isMark(token, "(")) return !isCallee(before);
  const sign = before.kind === "operator" && ["-", "+", "~"].includes(before.text);
  if (sign && !(token.kind === "operator" && token.text === before.text)) {
    return endsOperand(earlier);
  }
  return true;
}

/** True when a parenthesis right behind it is a call's or a type's. */
function isCallee(token: Token): boolean {
  if (token.kind === "quoted") return true;
  return token.kind === "name" && !NO_CALLEE.has(token.text.toLowerCase());
}

const NO_CALLEE = new Set([...RESERVED, "over", "filter", "like", "glob", "match", "regexp", "by"]);

/** True when a sign behind it stands between two operands. */
function endsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === "operator") return token.text === ")";
  if (token.kind !== "name") return true;
  const word = token.text.toLowerCase();
  return !RESERVED.has(word) || word === "null";
}
