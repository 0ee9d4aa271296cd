/** Our reading of SQLite scripts against that of SQLite: where sql.js ends each statement, and what `node:sqlite` makes of the whole. */

import { createRequire } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { split } from "../../src/engines/sqlite/split.ts";
import { tokenizeAll } from "../../src/engines/sqlite/tokens.ts";
import { UsageError } from "../../src/core/error.ts";
import type { Statement } from "../../src/core/statement.ts";
import type { Judge } from "./judge.ts";
import type { Pieces } from "./texts.ts";

/** What SQLite scripts are made of. */
export const PIECES: Pieces = {
  statements: [
    "SELECT {e} , {e}",
    "SELECT {e} AS {n}",
    'SELECT 1 AS "end" , t.begin FROM t',
    "CREATE TABLE {n} ( a int DEFAULT {s} , b text )",
    'CREATE TABLE IF NOT EXISTS trigger ( begin , "end" )',
    "INSERT INTO t VALUES ( {e} , {s} )",
    "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT {e} ; END",
    "CREATE TEMP TRIGGER begin AFTER INSERT ON t WHEN CASE WHEN 1 THEN {s} END BEGIN INSERT INTO t VALUES ( {e} , 1 ) ; SELECT CASE 1 WHEN 1 THEN 2 END ; END",
    "EXPLAIN QUERY PLAN CREATE TRIGGER IF NOT EXISTS x BEFORE UPDATE OF a ON t BEGIN SELECT 1 ; SELECT {e} ; END",
    "CREATE VIEW v AS SELECT CASE a WHEN 1 THEN {e} END FROM t",
    "BEGIN",
    "END",
    "SAVEPOINT s",
    "RELEASE s",
    "PRAGMA user_version = 1",
    "ALTER TABLE t RENAME TO {n}",
    "SELECT ? , ?1 , :a , @b , $c::d(e) , {e}",
  ],
  strings: ["''", "'…'", '"…"', "x'00ff'", "X'0'", "'a''b'", "x''", "x'zz'", "'a' 'b'"],
  names: [
    "a",
    "t",
    '"…"',
    "`…`",
    "[a]",
    "[a;'b]",
    "'t'",
    "\u00e9",
    "\ufeffa",
    "a\ufeff",
    "\u00a0",
    "_$",
    "begin",
    "x\u2028",
    "t.a",
  ],
  numbers: [
    "1",
    "1.5",
    ".5",
    "1.",
    "1e3",
    "1_000",
    "0xff",
    "1..2",
    "1a",
    "0x",
    "1e",
    "1__0",
    ".",
    "1.e",
  ],
  operators: [
    "+",
    "-",
    "*",
    "/",
    "||",
    "=",
    "==",
    "+--c\n",
    "*/*c*/",
    "->>",
    "- -",
    "/ /**/",
    "-/*",
    "<>",
  ],
  gaps: [
    " ",
    "\n",
    "\t",
    "\r",
    "\r\n",
    "\f",
    "\v",
    " \v",
    "\ufeff",
    "--…\n",
    "-- c\r",
    "-- c;\u0085\n",
    "/*…*/",
    "/* ; /* ' */",
    "/**/",
    "/*/*/",
    "/***/",
    "--\n",
  ],
  noise: [
    "\ufeff",
    "\ufeff\v",
    "\u0001",
    "\u00a0",
    "\\",
    "'",
    '"',
    "`",
    "[",
    "]",
    "$$",
    "$a(",
    "#",
    "@",
    ":",
    "?1a",
    "/*",
    "/*/",
    "*/",
    "--",
    "--\r",
    "x'",
    "(",
    ")",
    ";",
    "{",
    "!",
  ],
};

/** What of sql.js is used. */
interface Statements {
  next(): { readonly done?: boolean; readonly value: { getSQL(): string; free(): void } };
  getRemainingSQL(): string;
}
interface Connection {
  run(sql: string): void;
  prepare(sql: string): { free(): void };
  iterateStatements(sql: string): Statements;
}

/** Both judges in one. */
export async function sqliteJudge(): Promise<Judge> {
  const init = createRequire(import.meta.url)("sql.js/dist/sql-wasm.js") as () => Promise<
    { readonly Database: new () => Connection }
  >;
  const { Database } = await init();
  const connection = new Database();
  connection.run("CREATE TABLE t (a, begin)");
  let count = 0;
  return {
    differs(text) {
      const found = ++count % 5 === 0 ? effectsDiffer(text) : statementsDiffer(connection, text);
      return Promise.resolve(found);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Compiles the whole text statement by statement, without running any, and looks whether ours lie in the same places. */
function statementsDiffer(connection: Connection, text: string): string | null {
  const ours = splitOrNull(text);
  const theirs = compiled(connection, text);
  if (ours === null) return theirs.refused ? null : "split refuses what SQLite takes";
  let from = 0;
  for (const [index, end] of theirs.ends.entries()) {
    const own = ours[index];
    const stop = own === undefined ? 0 : own.offset + own.sql.length;
    if (own === undefined || own.offset < from || stop > end) {
      return `statement ${index + 1}: ours ${JSON.stringify(own)}, SQLite's ${
        JSON.stringify(text.slice(from, end))
      }`;
    }
    const left = [text.slice(from, own.offset), text.slice(stop, end)].find((part) =>
      !isNothing(connection, part)
    );
    if (left !== undefined) return `ours leaves out ${JSON.stringify(left)}`;
    from = end;
  }
  const rest = ours.slice(theirs.ends.length);
  if (!theirs.refused) return rest.length === 0 ? null : `ours has more: ${JSON.stringify(rest)}`;
  const refused = rest.findIndex(({ sql }) => !compiles(connection, sql));
  return refused >= 0 ? null : `SQLite refuses what follows offset ${from}, ours pass`;
}

/** Where each statement ends, up to the first that is refused. */
function compiled(
  connection: Connection,
  text: string,
): { readonly ends: readonly number[]; readonly refused: boolean } {
  const ends: number[] = [];
  const statements = connection.iterateStatements(text);
  try {
    for (;;) {
      const { done, value } = statements.next();
      if (done === true) return { ends, refused: false };
      value.free();
      ends.push(text.length - restOf(statements));
    }
  } catch {
    return { ends, refused: true };
  }
}

function restOf(statements: Statements): number {
  return statements.getRemainingSQL().length;
}

/** True for a text in which SQLite sees no statement and no fault. */
function isNothing(connection: Connection, text: string): boolean {
  if (text === "") return true;
  try {
    connection.prepare(text).free();
    return false;
  } catch (error) {
    return String(error).includes("Nothing to prepare");
  }
}

function compiles(connection: Connection, sql: string): boolean {
  try {
    connection.prepare(sql).free();
    return true;
  } catch {
    return false;
  }
}

/** Runs the whole text and our statements on two databases of the host's SQLite. */
function effectsDiffer(text: string): string | null {
  const last = tokenizeAll(text).at(-1);
  // SQLite keeps such a comment in the text of a view, and then cannot read it.
  const isOpen = last?.kind === "comment" && !/^--|\*\/$/.test(last.text);
  if (text.includes("\0") || isOpen) return null;
  const ours = splitOrNull(text);
  const [whole, each] = [
    effect([text]),
    ours === null ? "refused" : effect(ours.map(({ sql }) => sql)),
  ];
  return whole === each ? null : `effects: whole ${whole}, ours ${each}`;
}

function effect(texts: readonly string[]): string {
  using database = new DatabaseSync(":memory:", { enableDoubleQuotedStringLiterals: true });
  database.exec("CREATE TABLE t (a, begin)");
  try {
    for (const text of texts) database.exec(text);
  } catch {
    return "refused";
  }
  return JSON.stringify(
    database.prepare("SELECT type, name FROM sqlite_schema ORDER BY 1, 2").all(),
  );
}

function splitOrNull(text: string): readonly Statement[] | null {
  try {
    return split(text);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}
