/** The arguments of psql's backslash commands. */

import type { ShellResult } from "./shell.ts";

/** What arguments may refer to. */
export interface ArgumentContext {
  readonly variable: (name: string) => string | undefined;
  readonly shell: (command: string) => ShellResult;
}

/** The arguments of a command, with quotes taken off, variables and backticks filled in. */
export function psqlArguments(
  text: string,
  context: ArgumentContext,
): { readonly words: readonly string[] } | { readonly refused: string } {
  const words: string[] = [];
  let word: string | null = null;
  const piece =
    /(\s+)|'((?:[^'\\]|\\.|'')*)'|`([^`]*)`|"((?:[^"]|"")*)"|:\{\?(\w+)\}|:'(\w+)'|:"(\w+)"|:(\w+)|(\\\\.*)|([\s\S])/y;
  while (piece.lastIndex < text.length) {
    const found = piece.exec(text);
    if (found === null) break;
    const [, space, quoted, command, name, asked, literal, identifier, bare, rest, sign] = found;
    if (rest !== undefined) break;
    if (space !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    word ??= "";
    if (quoted !== undefined) word += unescape(quoted);
    else if (command !== undefined) {
      const result = context.shell(command);
      if ("refused" in result) return result;
      word += result.output.replace(/\r?\n$/, "");
    } else if (name !== undefined) word += `"${name}"`;
    else if (asked !== undefined) {
      word += context.variable(asked) === undefined ? "FALSE" : "TRUE";
    } else if (literal !== undefined) {
      word += `'${(context.variable(literal) ?? "").replaceAll("'", "''")}'`;
    } else if (identifier !== undefined) word += `"${context.variable(identifier) ?? ""}"`;
    else if (bare !== undefined) word += context.variable(bare) ?? `:${bare}`;
    else word += sign ?? "";
  }
  if (word !== null) words.push(word);
  return { words };
}

/** The first word of a command's text, without its quotes. */
export function quotedWord(text: string): string {
  const found = /^\s*(?:'((?:[^'\\]|\\.|'')*)'|(\S+))/.exec(text);
  return found?.[1] === undefined ? found?.[2] ?? "" : unescape(found[1]);
}

/** psql's true and false: `on`, `yes`, `1` and their starts; null for anything else. */
export function readBoolean(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (word === "1" || word === "on" || begins("true", word) || begins("yes", word)) return true;
  if (word === "0" || begins("off", word, 2) || begins("false", word) || begins("no", word)) {
    return false;
  }
  return null;
}

function begins(full: string, word: string, least = 1): boolean {
  return word.length >= least && full.startsWith(word);
}

function unescape(text: string): string {
  return text.replace(/''|\\([0-7]{1,3})|\\(.)/gs, (mark, octal?: string, sign?: string) => {
    if (mark === "''") return "'";
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
    return ({ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" } as Record<string, string>)[
      sign ?? ""
    ] ??
      sign ?? "";
  });
}
