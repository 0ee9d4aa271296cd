/** psql's `\i` and `\ir`: where a script includes another file. */

import { UsageError } from "../../core/error.ts";
import { positionAt } from "../../sql/position.ts";
import { Scanner } from "../../sql/scanner.ts";
import type { Include } from "../engine.ts";
import { lexicon } from "./lexicon.ts";

/** The includes of a script, in order. Throws UsageError, with line and column, for one whose file only a running psql could name. */
export function includes(sql: string): readonly Include[] {
  if (!COMMAND.test(sql)) return [];
  const found: Include[] = [];
  let words: string[] = [];
  const scanner = new Scanner(sql, lexicon);
  while (scanner.next()) {
    const { start, kind } = scanner;
    if (kind === "word") words.push(sql.slice(start, scanner.end).toLowerCase());
    if (kind === "operator" && sql.charAt(start) === ";") {
      if (words[0] === "copy" && words.includes("stdin")) scanner.end = endOfData(sql, start);
      words = [];
    }
    const isCommand = (kind === "bad" || kind === "operator") && scanner.open === null &&
      sql.charAt(start) === "\\";
    if (!isCommand) continue;
    const newline = sql.indexOf("\n", start);
    const end = newline < 0 ? sql.length : newline;
    const include = COMMAND.exec(sql.slice(start, end));
    if (include?.index === 0) found.push(read(sql, start, include));
    scanner.end = include?.index === 0 ? found.at(-1)?.end ?? end : end;
  }
  return found;
}

/** The end of the rows that follow a COPY. */
function endOfData(sql: string, from: number): number {
  const end = /^\\\.[ \t]*\r?$/m.exec(sql.slice(from));
  return end === null ? sql.length : from + end.index + end[0].length;
}

const COMMAND =
  /\\(?<command>i|include|ir|include_relative)[ \t]+(?:'(?<quoted>(?:[^'\n]|'')*)'|"(?<named>[^"\n]*)"|(?<bare>[^\s'";][^\s;]*))[ \t]*;?[ \t]*\r?$/m;

function read(sql: string, start: number, match: RegExpExecArray): Include {
  const { command = "", quoted, named, bare } = match.groups ?? {};
  const path = quoted?.replaceAll("''", "'") ?? named ?? bare ?? "";
  if (/^[:`|~]/.test(path)) {
    const { line, column, source } = positionAt(sql, start);
    throw new UsageError(`Cannot include "${path}": only a running psql knows which file it is`, {
      code: "include",
      place: { file: "", line, column },
      source,
      hint: "Write the path out, or name the files by schema in aim.toml",
    });
  }
  const end = start + match[0].trimEnd().length;
  return { start, end, path, isBeside: /^(?:ir|include_relative)$/.test(command) };
}
