/** What SQLite's error messages mean, and where in the statement the fault stands. */

import { DatabaseError } from "../core/error.ts";
import { MEMORY_HINT } from "./limits.ts";

/** Compiles a text without running it and gives SQLite's message, or null when it compiles. */
export type Compile = (sql: string) => string | null;

/**
 * Makes the error for a refused statement. SQLite's drivers do not tell the offset, so it is found by compiling
 * beginnings of the statement, and left out where that gives no certain place.
 */
export function sqliteFault(
  message: string,
  statement: { readonly sql: string; readonly offset: number },
  compile: Compile,
  cause?: unknown,
): DatabaseError {
  const place = faultOffset(message, statement.sql, compile);
  return new DatabaseError(message, {
    code: codeOf(message),
    offset: place === null ? undefined : statement.offset + place,
    hint: hintFor(message),
    cause,
  });
}

function faultOffset(message: string, sql: string, compile: Compile): number | null {
  if (message === "incomplete input") return sql.trimEnd().length;
  const syntax = /^near "([\s\S]+)": syntax error$/.exec(message)?.[1];
  if (syntax !== undefined) {
    return occurrences(sql, syntax).find((at) => {
      return compile(sql.slice(0, at + syntax.length)) === message;
    }) ?? null;
  }
  const token = /^unrecognized token: "([\s\S]+)"$/.exec(message)?.[1];
  if (token !== undefined) {
    return occurrences(sql, token).find((at) => {
      return compile(sql.slice(0, at))?.startsWith("unrecognized token") !== true &&
        compile(sql.slice(0, at + token.length)) === message;
    }) ?? null;
  }
  const name = NAMED.map((pattern) => pattern.exec(message)?.[1]).find((found) => found);
  if (name === undefined) return null;
  const bare = name.split(".").pop() ?? name;
  const found = occurrences(sql, bare, true);
  return found.length === 1 ? found[0] ?? null : null;
}

/** Messages that name what the statement names. */
const NAMED = [
  /^no such [a-z ]+: (.+)$/,
  /^(?:ambiguous column name|unknown function): (.+?)(?:\(\))?$/,
  /^(?:table|view|index|trigger) "?(.+?)"? already exists$/,
  /^there is already (?:a table|an index) named (.+)$/,
  /^wrong number of arguments to function (.+)\(\)$/,
];

/** Offsets of a word that is not a part of a longer one. */
function occurrences(sql: string, text: string, anyCase = false): readonly number[] {
  const found: number[] = [];
  const source = anyCase ? sql.toLowerCase() : sql;
  const wanted = anyCase ? text.toLowerCase() : text;
  if (wanted === "") return found;
  for (let at = source.indexOf(wanted); at >= 0; at = source.indexOf(wanted, at + 1)) {
    const glued = (isWordPart(wanted.charAt(0)) && isWordPart(source.charAt(at - 1))) ||
      (isWordPart(wanted.charAt(wanted.length - 1)) &&
        isWordPart(source.charAt(at + wanted.length)));
    if (!glued) found.push(at);
  }
  return found;
}

function isWordPart(char: string): boolean {
  return /^[\p{L}\p{N}_$]$/u.test(char);
}

function codeOf(message: string): string {
  if (/constraint failed/.test(message)) return "SQLITE_CONSTRAINT";
  if (message === "not authorized" || message === "authorization denied") return "SQLITE_AUTH";
  if (message === "datatype mismatch") return "SQLITE_MISMATCH";
  return "SQLITE_ERROR";
}

function hintFor(message: string): string | undefined {
  const called = /^no such function: (.+)$/.exec(message)?.[1];
  if (called !== undefined) {
    return `SQLite has no function "${called}"; if your application registers it, write functions = ["${called}/-1"] under [sqlite] in aim.toml, and a stand-in runs in its place`;
  }
  const miscalled = /^wrong number of arguments to function (.+)\(\)$/.exec(message)?.[1];
  if (miscalled !== undefined) {
    return `If your application registers ${miscalled} with more or fewer arguments, say so under [sqlite] in aim.toml: functions = ["${miscalled}/-1"] takes any number`;
  }
  const collation = /^no such collation sequence: (.+)$/.exec(message)?.[1];
  if (collation !== undefined) {
    return `SQLite has no collation "${collation}"; if your application registers it, write collations = ["${collation}"] under [sqlite] in aim.toml, and a stand-in runs in its place`;
  }
  const module = /^no such module: (.+)$/.exec(message)?.[1];
  if (module !== undefined) return `This SQLite is built without the module "${module}"`;
  if (/^(?:out of memory|database or disk is full)$/.test(message)) return MEMORY_HINT;
  if (codeOf(message) === "SQLITE_AUTH" || message === "too many attached databases - max 0") {
    return "A scratch database reads and writes no other files";
  }
  return undefined;
}
