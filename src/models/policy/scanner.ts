/** The policy by tokens alone: for dialects without a parser, and for statements that a parser does not know yet. */

import type { Allowance, Policy } from "./policy.ts";
import { isAmong } from "./policy.ts";
import type { Lexicon } from "../../sql/lexicon.ts";
import { unquoted } from "../../sql/name.ts";
import { Scanner, type TokenKind } from "../../sql/scanner.ts";

/** The policy of a dialect, by words. */
export function scanningPolicy(lexicon: Lexicon): Policy {
  return {
    statements: (sql, allowance) => {
      const made = new Set<string>();
      for (const [index, text] of sql.entries()) {
        const reason = refusal(text, lexicon, allowance, made);
        if (reason !== null) return { statement: index + 1, reason };
      }
      return null;
    },
    expression: (sql) => {
      const tokens = code(sql, lexicon);
      if (tokens.some(({ text }) => text === ";")) return "it is more than one expression";
      return balanced(tokens) ? forbidden(tokens) : "its parentheses do not match";
    },
  };
}

/**
 * Why a statement that a parser cannot read is refused: by its words, and where they change rows, since nobody can say which.
 * `fault` is what the parser says.
 */
export function unreadRefusal(
  sql: string,
  lexicon: Lexicon,
  { allowance, fault }: { readonly allowance: Allowance; readonly fault: string },
): string | null {
  const line = ` ${words(code(sql, lexicon))} `;
  const changes = / (?:INSERT|UPDATE|DELETE|REPLACE|MERGE|USING) | TABLE .* SELECT /.test(line);
  if (changes && allowance.rows !== undefined) return `it cannot be read: ${fault}`;
  return refusal(sql, lexicon, allowance, new Set());
}

/** Words with which a migration's statement may begin. */
const HEADS = [
  "CREATE",
  "ALTER",
  "DROP",
  "RENAME",
  "COMMENT",
  "INSERT",
  "REPLACE",
  "UPDATE",
  "DELETE",
  "WITH",
];

/** The setting without which MariaDB alters no table with a history. */
const HISTORY = /^SET (?:SESSION )?SYSTEM_VERSIONING_ALTER_HISTORY = (?:KEEP|DEFAULT)$/;

/** Runs of words that no migration has any business with; `*` stands for any one token. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ["LOAD DATA", "it reads files"],
  ["LOAD XML", "it reads files"],
  ["LOAD_FILE", "it reads files"],
  ["INTO OUTFILE", "it writes files"],
  ["INTO DUMPFILE", "it writes files"],
  ["DATA DIRECTORY", "it names a folder of the server"],
  ["INDEX DIRECTORY", "it names a folder of the server"],
  ["ENGINE = FEDERATED", "it reaches another server"],
  ["ENGINE FEDERATED", "it reaches another server"],
  ["ENGINE = CONNECT", "it reaches files and other servers"],
  ["ENGINE CONNECT", "it reaches files and other servers"],
  ["ATTACH", "it opens another database"],
  ["LOAD_EXTENSION", "it loads programs"],
  ["READFILE", "it reads files"],
  ["WRITEFILE", "it writes files"],
  ["PG_READ_FILE", "it reads files"],
  ["LO_IMPORT", "it reads files"],
  ["LO_EXPORT", "it writes files"],
  ["SYS_EXEC", "it runs programs"],
  ["SYS_EVAL", "it runs programs"],
  ["SLEEP (", "it waits"],
  ["BENCHMARK (", "it waits"],
  ["CREATE USER", "it makes a user"],
  ["ALTER USER", "it changes a user"],
  ["DROP USER", "it removes a user"],
  ["RENAME USER", "it renames a user"],
  ["CREATE ROLE", "it makes a role"],
  ["ALTER ROLE", "it changes a role"],
  ["DROP ROLE", "it removes a role"],
  ["CREATE DATABASE", "it makes a database"],
  ["ALTER DATABASE", "it changes the database"],
  ["DROP DATABASE", "it removes a database"],
  ["CREATE SCHEMA", "it makes a database"],
  ["ALTER SCHEMA", "it changes the database"],
  ["DROP SCHEMA", "it removes a database"],
  ["ALTER SYSTEM", "it changes the server"],
  ["ALTER INSTANCE", "it changes the server"],
  ["CREATE SERVER", "it reaches another server"],
  ["ALTER SERVER", "it reaches another server"],
  ["CREATE TABLESPACE", "it writes files"],
  ["ALTER TABLESPACE", "it writes files"],
  ["DROP TABLESPACE", "it removes files"],
  ["CREATE FUNCTION * SONAME", "it loads programs"],
  ["SONAME", "it loads programs"],
  ["CREATE TEMPORARY", "it makes something that is not in the schema"],
  ["CREATE TEMP", "it makes something that is not in the schema"],
  ["PREPARE", "it runs SQL from a string"],
  ["EXECUTE IMMEDIATE", "it runs SQL from a string"],
];

/** The reason why a statement is refused, or null. Names of tables that it makes are added to `made`. */
function refusal(
  sql: string,
  lexicon: Lexicon,
  allowance: Allowance,
  made: Set<string>,
): string | null {
  const raw = piecesOf(sql, lexicon);
  if (/^\s*\\/m.test(sql) && raw[0]?.text.startsWith("\\")) return "it is a client's command";
  const hidden = raw.find(({ kind, text }) => kind === "comment" && /^\/\*M?!/.test(text));
  if (hidden !== undefined) return "it hides a statement in a comment";
  const tokens = code(sql, lexicon);
  const last = tokens.at(-1)?.text === ";" ? tokens.slice(0, -1) : tokens;
  const head = last[0]?.text.toUpperCase() ?? "";
  if (head === "") return "it is empty";
  const isBody = /^CREATE\b/i.test(head) &&
    last.slice(0, 12).some(({ text }) => /^(?:TRIGGER|PROCEDURE|FUNCTION|EVENT)$/i.test(text));
  if (!isBody && last.some(({ text }) => text === ";")) return "it is more than one statement";
  if (HISTORY.test(words(last))) return null;
  if (!HEADS.includes(head)) return `a migration has no business with ${head}`;
  const why = forbidden(last);
  if (why !== null) return why;
  if (words(last).includes("DEFINER =") && !allowance.facts.has("definer")) {
    return "no change asks for a definer";
  }
  const set = last.findIndex(({ text }) => /^SET$/i.test(text));
  const several = last.slice(0, Math.max(0, set)).some(({ text }) => /^(?:,|JOIN)$/i.test(text));
  if (head === "UPDATE" && several) return "it changes rows of more than one table";
  return tableRefusal(last, allowance, made);
}

/** DML and DROP only on tables that a change touches or that this draft made. */
function tableRefusal(
  tokens: readonly Piece[],
  allowance: Allowance,
  made: Set<string>,
): string | null {
  const text = tokens.map((token) => token.kind === "name" ? unquoted(token.text) : token.text);
  const name = (pattern: RegExp): string | null => {
    const line = text.slice(0, 24).join(" ").replaceAll(/ ?\. ?/g, ".");
    return pattern.exec(line)?.[1] ?? null;
  };
  const fresh = name(/^CREATE TABLE (?!IF NOT EXISTS)([^\s(]+)/i);
  if (fresh !== null) made.add(fresh);
  const renamed = name(/^(?:ALTER TABLE \S+ RENAME (?:TO|AS)?|RENAME TABLE \S+ TO) ?([^\s(,]+)/i);
  if (renamed !== null && !/^(?:COLUMN|INDEX|KEY)$/i.test(renamed)) made.add(renamed);
  const target = name(
    /^(?:INSERT (?:IGNORE |LOW_PRIORITY |DELAYED |HIGH_PRIORITY |OR \w+ )*INTO|REPLACE INTO|UPDATE (?:IGNORE |LOW_PRIORITY |OR \w+ )*|DELETE (?:\w+ )*FROM|DROP TABLE(?: IF EXISTS)?|ALTER TABLE(?: IF EXISTS)?(?: ONLY)?) ?([^\s(,]+)/i,
  );
  if (target === null || isAmong(target, allowance.tables) || isAmong(target, made)) return null;
  return `no change touches the table ${target}`;
}

function forbidden(tokens: readonly Piece[]): string | null {
  const line = ` ${words(tokens)} `;
  for (const [run, reason] of FORBIDDEN) {
    const pattern = run.split(" ")
      .map((word) => word === "*" ? "\\S+" : word.replaceAll(/[()]/g, "\\$&"))
      .join(" ");
    if (new RegExp(` ${pattern} `).test(line)) return reason;
  }
  return null;
}

/** The words and signs in upper case with one blank between; names and strings are left out of sight. */
function words(tokens: readonly Piece[]): string {
  return tokens
    .map(({ kind, text }) => QUOTED.has(kind) ? "?" : text.toUpperCase())
    .join(" ");
}

const QUOTED: ReadonlySet<TokenKind> = new Set(["name", "string", "body"]);

function code(sql: string, lexicon: Lexicon): readonly Piece[] {
  return piecesOf(sql, lexicon).filter(({ kind }) => kind !== "comment");
}

/** A token with its text. Blanks are none. */
interface Piece {
  readonly kind: TokenKind;
  readonly text: string;
}

function piecesOf(sql: string, lexicon: Lexicon): readonly Piece[] {
  const pieces: Piece[] = [];
  const scanner = new Scanner(sql, lexicon);
  while (scanner.next()) {
    const { kind, start, end } = scanner;
    if (kind !== "blank") pieces.push({ kind, text: sql.slice(start, end) });
  }
  return pieces;
}

function balanced(tokens: readonly Piece[]): boolean {
  let depth = 0;
  for (const { text } of tokens) {
    if (text === "(") depth++;
    if (text === ")" && --depth < 0) return false;
  }
  return depth === 0;
}
