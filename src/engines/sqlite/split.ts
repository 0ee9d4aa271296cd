/** Cuts a script into statements as SQLite's own shell does, trigger bodies included. */

import { UsageError } from "../../core/error.ts";
import type { Statement } from "../../core/statement.ts";
import { positionAt } from "../../sql/position.ts";
import { isMark, isWord, type Token, tokenizeAll } from "./tokens.ts";

/**
 * Cuts a SQLite script into statements, from an offset on. Throws UsageError, with its place, for a command of the sqlite3 shell
 * (`.read`) and for a zero character, at which SQLite stops reading.
 */
export function split(sql: string, from = 0): readonly Statement[] {
  const statements: Statement[] = [];
  let words: Token[] = [];
  let trigger = false;
  let begun = false;
  const finish = () => {
    const first = words[0];
    const last = words.at(-1);
    if (first !== undefined && last !== undefined) {
      statements.push({
        sql: sql.slice(first.start, last.end),
        offset: first.start,
        ...nature(words),
      });
    }
    words = [];
    trigger = false;
    begun = false;
  };

  refuseZero(sql, from);
  for (const token of tokenizeAll(sql, from)) {
    if (token.kind === "blank" || token.kind === "comment") continue;
    if (words.length === 0) refuseShellCommand(sql, token);
    if (isMark(token, ";") && (!begun || isBodyOver(words))) {
      finish();
      continue;
    }
    words.push(token);
    trigger ||= words.length <= LONGEST_HEAD && isTriggerHead(words);
    begun ||= trigger && isWord(token, "begin");
  }
  finish();
  return statements;
}

/** The body's END follows a semicolon; that of a CASE never does. */
function isBodyOver(words: readonly Token[]): boolean {
  return isWord(words.at(-1), "end") && isMark(words.at(-2), ";");
}

/** `EXPLAIN QUERY PLAN CREATE TEMP TRIGGER`, in words. */
const LONGEST_HEAD = 6;

function isTriggerHead(words: readonly Token[]): boolean {
  if (!isWord(words.at(-1), "trigger")) return false;
  const before = words.at(-2);
  if (isWord(before, "create")) return true;
  return (isWord(before, "temp") || isWord(before, "temporary")) && isWord(words.at(-3), "create");
}

const CONTROL: Readonly<Record<string, Statement["control"]>> = {
  begin: "begin",
  commit: "commit",
  end: "commit",
  rollback: "rollback",
  savepoint: "savepoint",
  release: "savepoint",
};

/** Settings that do nothing, or are refused, inside a transaction. */
const OUTSIDE_PRAGMAS = new Set(["foreign_keys", "journal_mode", "synchronous", "wal_checkpoint"]);

function nature(
  words: readonly Token[],
): Pick<Statement, "transactional" | "control" | "batchable"> {
  const verb = words[0]?.kind === "name" ? words[0].text.toLowerCase() : "";
  const control = isWord(words[0], "rollback") && words.some((word) => isWord(word, "to"))
    ? "savepoint"
    : Object.hasOwn(CONTROL, verb)
    ? CONTROL[verb]
    : undefined;
  if (control !== undefined) return { transactional: true, control };
  if (verb === "pragma") {
    const name = isMark(words[2], ".") ? words[3] : words[1];
    return { transactional: !OUTSIDE_PRAGMAS.has(name?.value.toLowerCase() ?? "") };
  }
  if (verb === "create" && isDefinition(words)) {
    return { transactional: true, batchable: "definition" };
  }
  return { transactional: !["vacuum", "attach", "detach"].includes(verb) };
}

/** True for what a CREATE makes in the database itself: nothing temporary, and no module's own affair. */
function isDefinition([, second, third]: readonly Token[]): boolean {
  return ["table", "index", "view", "trigger"].some((word) => isWord(second, word)) ||
    (isWord(second, "unique") && isWord(third, "index"));
}

function refuseZero(sql: string, from: number): void {
  const at = sql.indexOf("\0", from);
  if (at < 0) return;
  const { source, ...place } = positionAt(sql, at);
  throw new UsageError("Cannot read the SQL: it holds a zero character", {
    code: "sql-syntax",
    place: { file: "", ...place },
    source,
  });
}

function refuseShellCommand(sql: string, token: Token): void {
  if (!isMark(token, ".")) return;
  const { source, ...place } = positionAt(sql, token.start);
  if (source.slice(0, place.column - 1).trim() !== "") return;
  const command = source.slice(place.column - 1).trim();
  if (!/^\.[a-z]/i.test(command)) return;
  throw new UsageError(`Cannot run "${command}": it is a command of the sqlite3 shell, not SQL`, {
    code: "shell-command",
    hint: /^\.read\b/i.test(command)
      ? 'Name the files in aim.toml, in order, instead: schema = ["tables.sql", "views.sql"]'
      : "Remove it, or write what it does in SQL",
    place: { file: "", ...place },
    source,
  });
}
