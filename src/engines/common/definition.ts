/** What a CREATE statement defines at a place in it. */

import { joinName } from "../../core/name.ts";
import type { Lexicon } from "../../sql/lexicon.ts";
import { nameOf, unquoted } from "../../sql/name.ts";
import { Scanner, type Token } from "../../sql/scanner.ts";
import type { Definition } from "../engine.ts";

/** How a dialect reads names. */
export interface NameReading {
  readonly lexicon: Lexicon;
  foldName(name: string): string;
  /** True where CREATE TABLE has indexes among its members: `KEY name (...)`, `UNIQUE INDEX name (...)`. */
  readonly hasIndexMembers?: boolean;
}

/** What the statement defines at `offset`: itself up to the end of its name, then the member that stands there; null for no definition. */
export function definitionAt(sql: string, offset: number, names: NameReading): Definition | null {
  const tokens = codeOf(sql, names.lexicon);
  const head = headOf(tokens, sql);
  if (head === null) return null;
  const { parts, next } = nameAt(tokens, head.name, sql, names);
  const own = {
    kind: head.kind,
    parent: joinName(...parts.slice(0, -1)),
    name: parts.at(-1) ?? "",
  };
  if (parts.length === 0) return null;
  const whole = parts.length === 1 ? { ...own, parent: "" } : own;
  const open = tokens.findIndex((token, at) => at >= next && textOf(token, sql) === "(");
  if (open < 0 || offset < (tokens[open]?.end ?? 0) || !head.hasMembers) return whole;
  const member = memberAt(tokens, { open, offset, sql });
  if (member === null) return whole;
  return memberOf(member, { sql, names, parent: joinName(...parts), isType: head.word === "TYPE" });
}

/** The tokens that are neither blank nor comment. */
function codeOf(sql: string, lexicon: Lexicon): readonly Token[] {
  const tokens: Token[] = [];
  const scanner = new Scanner(sql, lexicon);
  while (scanner.next()) {
    const { kind, start, end } = scanner;
    if (kind !== "blank" && kind !== "comment") tokens.push({ kind, start, end });
  }
  return tokens;
}

function textOf(token: Token | undefined, sql: string): string {
  return token === undefined ? "" : sql.slice(token.start, token.end);
}

function wordOf(token: Token | undefined, sql: string): string {
  return token?.kind === "word" ? textOf(token, sql).toUpperCase() : "";
}

interface Head {
  readonly word: string;
  readonly kind: string | null;
  readonly hasMembers: boolean;
  /** Index of the name's first token. */
  readonly name: number;
}

const BEFORE_KIND = new Set(
  "OR REPLACE GLOBAL LOCAL TEMP TEMPORARY UNLOGGED RECURSIVE UNIQUE FOREIGN MATERIALIZED VIRTUAL CONSTRAINT"
    .split(" "),
);
const KINDS = new Set(
  "TABLE VIEW INDEX TYPE DOMAIN SEQUENCE FUNCTION PROCEDURE SCHEMA TRIGGER".split(" "),
);
const BEFORE_NAME = new Set(["CONCURRENTLY", "IF", "NOT", "EXISTS"]);

function headOf(tokens: readonly Token[], sql: string): Head | null {
  if (wordOf(tokens[0], sql) !== "CREATE") return null;
  let at = 1;
  const before: string[] = [];
  for (; BEFORE_KIND.has(wordOf(tokens[at], sql)); at++) before.push(wordOf(tokens[at], sql));
  const word = wordOf(tokens[at], sql);
  if (!KINDS.has(word)) return null;
  at++;
  while (BEFORE_NAME.has(wordOf(tokens[at], sql))) at++;
  const plain = word === "TABLE" && !before.includes("FOREIGN");
  const isEnum = word === "TYPE" &&
    tokens.slice(at, at + 8).some((token) => wordOf(token, sql) === "ENUM");
  return { word, kind: plain ? "table" : null, hasMembers: plain || isEnum, name: at };
}

/** The parts of the name that begins at a token, and the index of the token behind it. */
function nameAt(
  tokens: readonly Token[],
  at: number,
  sql: string,
  names: NameReading,
): { readonly parts: readonly string[]; readonly next: number } {
  const parts: string[] = [];
  for (let next = at;; next += 2) {
    const token = tokens[next];
    const isName = token?.kind === "word" || token?.kind === "name" || token?.kind === "string";
    if (token === undefined || !isName) return { parts: [], next };
    parts.push(nameOf(textOf(token, sql), names.foldName));
    if (textOf(tokens[next + 1], sql) !== ".") return { parts, next: next + 1 };
  }
}

/** The tokens of the part between commas, inside the parenthesis at `open`, in which `offset` lies; null behind its end. */
function memberAt(
  tokens: readonly Token[],
  { open, offset, sql }: { readonly open: number; readonly offset: number; readonly sql: string },
): readonly Token[] | null {
  let first = open + 1;
  for (let at = open, depth = 0; at < tokens.length; at++) {
    const sign = textOf(tokens[at], sql);
    if (sign === "(") depth++;
    else if (sign === ")") depth--;
    const ends = depth === 0 || depth === 1 && sign === ",";
    if (at > open && ends && offset < (tokens[at]?.end ?? 0)) {
      return sign === ")" && offset >= (tokens[at]?.start ?? 0) ? null : tokens.slice(first, at);
    }
    if (depth === 0) return null;
    if (ends) first = at + 1;
  }
  return tokens.slice(first);
}

/** Words that begin a constraint without a name, or what has none. */
const NAMELESS = new Set("PRIMARY UNIQUE CHECK FOREIGN EXCLUDE LIKE PERIOD".split(" "));

function memberOf(
  member: readonly Token[],
  { sql, names, parent, isType }: {
    readonly sql: string;
    readonly names: NameReading;
    readonly parent: string;
    readonly isType: boolean;
  },
): Definition | null {
  const [first, second] = member;
  if (first === undefined) return null;
  if (isType) {
    if (first.kind !== "string") return null;
    return { kind: "enum value", parent, name: unquoted(textOf(first, sql)) };
  }
  const index = names.hasIndexMembers === true ? indexName(member, sql) : undefined;
  if (index !== undefined) {
    return { kind: "index", parent, name: nameOf(textOf(index, sql), names.foldName) };
  }
  const isConstraint = wordOf(first, sql) === "CONSTRAINT";
  const name = isConstraint ? second : first;
  if (name === undefined || NAMELESS.has(wordOf(first, sql))) return null;
  return {
    kind: isConstraint ? "constraint" : "column",
    parent,
    name: nameOf(textOf(name, sql), names.foldName),
  };
}

/** The name of an index that is a member of a table; undefined for other members, and where it has none. */
function indexName(member: readonly Token[], sql: string): Token | undefined {
  const words = member.slice(0, 3).map((token) => wordOf(token, sql));
  const kinds = words.findIndex((word) => !INDEX_WORDS.has(word));
  return kinds > 0 && textOf(member[kinds], sql) !== "(" ? member[kinds] : undefined;
}

const INDEX_WORDS = new Set(["UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR", "INDEX", "KEY"]);
