/** As much of psql as migration scripts use: variables, included files, data read by `\copy`, conditions. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { Scanner } from "../../sql/scanner.ts";
import type { Edit, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { blank, type Range, replaceRanges } from "../script.ts";
import { psqlArguments, quotedWord, readBoolean } from "./psql_arguments.ts";
import { type ReadFile, runShell, shellFiles } from "./shell.ts";

/** What a script may reach. */
export interface PsqlContext {
  readonly read: ReadFile;
  readonly variables: ReadonlyMap<string, string>;
  readonly lexicon: Lexicon;
}

/** A script as the server would see it; its text has the file's length but for `edits`. */
export interface Expanded {
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** Does what psql would do before it sends anything. Throws UsageError, with the line, for a command that reaches beyond the project's files. */
export function expandPsql(file: SourceFile, context: PsqlContext): Expanded {
  return new Session(context).expand(file, 0);
}

/** The files that a script reads, by path, so that they can be fetched before `expandPsql`. */
export function psqlFiles(file: SourceFile): readonly string[] {
  const out = [...file.text.matchAll(/`([^`\n]*)`/g)].flatMap((found) =>
    shellFiles(found[1] ?? "")
  );
  for (const found of file.text.matchAll(/^[ \t]*\\([a-z]+)[ \t]+(.*)$/gm)) {
    const [, name = "", rest = ""] = found;
    if (/^(?:i|include)$/.test(name)) out.push(quotedWord(rest));
    if (/^(?:ir|include_relative)$/.test(name)) out.push(beside(file.path, quotedWord(rest)));
    const copy = name === "copy" ? COPY.exec(rest) : null;
    if (copy === null) continue;
    const source = unquoteSql(copy.groups?.["source"] ?? "");
    out.push(...(copy.groups?.["program"] === undefined ? [source] : shellFiles(source)));
  }
  return out;
}

/** Commands that change only what is shown, or that `sqitch` itself would set. */
const SILENT = new Set(
  "echo qecho warn timing pset x t a C f H T restrict unrestrict conninfo p r reset prompt errverbose"
    .split(" "),
);

const COPY =
  /^\s*(?<table>(?:"(?:[^"]|"")*"|[\w.$])+\s*(?:\([^)]*\))?)\s+from\s+(?<program>program\s+)?(?<source>'(?:[^']|'')*'|[^\s;']+)\s*(?<options>.*?)\s*;*\s*$/i;

class Session {
  readonly #read: ReadFile;
  readonly #variables: Map<string, string>;
  readonly #lexicon: Lexicon;
  /** For each open \if: whether its text counts now, whether one of its branches did, and whether the text around it does. */
  readonly #branches: { on: boolean; taken: boolean; readonly outer: boolean }[] = [];
  #quit = false;

  constructor(context: PsqlContext) {
    this.#read = context.read;
    this.#variables = new Map(context.variables);
    this.#lexicon = context.lexicon;
  }

  expand(file: SourceFile, depth: number): Expanded {
    const { text } = file;
    const blanks: Range[] = [];
    const replacements: (Range & { readonly by: string })[] = [];
    let words: string[] = [];
    let skipFrom: number | null = null;
    const scanner = new Scanner(text, this.#lexicon);
    while (scanner.next()) {
      const { start, kind } = scanner;
      const sign = kind === "bad" || kind === "operator" ? text.charAt(start) : "";
      if (scanner.open === null && sign === "\\") {
        const command = this.#command(file, start, depth);
        const end = scanner.end = command.end;
        if (command.by === null) blanks.push({ start, end });
        else if (this.#on()) replacements.push({ start, end, by: command.by });
        if (!this.#on() || this.#quit) skipFrom ??= start;
        else if (skipFrom !== null) {
          blanks.push({ start: skipFrom, end });
          skipFrom = null;
        }
        if (this.#quit) break;
      } else if (!this.#on()) continue;
      else if (kind === "word") words.push(text.slice(start, scanner.end).toLowerCase());
      else if (sign === ";") {
        if (readsData(words)) scanner.end = endOfData(text, start);
        words = [];
      } else if (sign === ":") {
        const value = this.#interpolation(text, start);
        scanner.end = value.end;
        if (value.by !== null) replacements.push({ start, end: value.end, by: value.by });
      }
    }
    if (skipFrom !== null) blanks.push({ start: skipFrom, end: text.length });
    if (depth === 0 && this.#branches.length > 0) {
      throw refusal(`Cannot read "${file.path}": an \\if has no \\endif`, file, text.length);
    }
    const kept = replacements.filter((part) =>
      !blanks.some((range) => range.start <= part.start && part.start < range.end)
    );
    return replaceRanges(blank(text, blanks), kept);
  }

  #on(): boolean {
    return this.#branches.at(-1)?.on ?? true;
  }

  /** Does the command at `start`; `by` is the SQL that it stands for, or null for none. */
  #command(
    file: SourceFile,
    start: number,
    depth: number,
  ): { readonly end: number; readonly by: string | null } {
    const newline = file.text.indexOf("\n", start);
    const whole = file.text.slice(start + 1, newline < 0 ? undefined : newline).replace(/\r$/, "");
    if (whole.startsWith(";")) return { end: start + 2, by: " ;" };
    const line = commandOf(whole);
    const lineEnd = start + 1 + line.length + (whole.startsWith("\\\\", line.length) ? 2 : 0);
    const [, name = line.slice(0, 1), rest = ""] = /^([A-Za-z_]+)\s*(.*)$/s.exec(line) ?? [];
    const refuse = (
      why: string,
      hint = "Write it as SQL, or leave it to a step outside the migrations",
    ) => refusal(`Cannot replay "${file.path}": ${why}`, file, start, hint);
    const args = () => {
      const result = psqlArguments(rest, {
        variable: (word) => this.#variables.get(word),
        shell: (command) => runShell(this.#inShell(command), this.#read),
      });
      if ("refused" in result) throw refuse(result.refused);
      return result.words;
    };
    const done = { end: lineEnd, by: null };
    if (this.#branch(name, args, refuse) || !this.#on()) return done;
    if (SILENT.has(name)) return done;
    switch (name) {
      case "set": {
        const [variable = "", ...values] = args();
        if (variable !== "") this.#variables.set(variable, values.join(""));
        return done;
      }
      case "unset":
        this.#variables.delete(args()[0] ?? "");
        return done;
      case "encoding":
        if (/^(?:utf-?8|unicode)?$/i.test(args()[0] ?? "")) return done;
        throw refuse(`\\encoding ${rest} is not UTF-8`);
      case "q":
      case "quit":
        this.#quit = true;
        return done;
      case "i":
      case "include":
      case "ir":
      case "include_relative": {
        const word = args()[0] ?? "";
        const path = name.startsWith("ir") || name === "include_relative"
          ? beside(file.path, word)
          : word;
        const included = this.#read(path);
        if (included === null) throw refuse(`there is no file "${path}" in the project`);
        if (depth >= 16) throw refuse(`"${path}" includes itself`);
        const inner = this.expand({ path, text: included }, depth + 1);
        this.#quit = false;
        return { end: lineEnd, by: inner.text };
      }
      case "copy":
        return { end: lineEnd, by: this.#copy(rest, refuse) };
      case "g":
        return { end: lineEnd, by: ";" };
      default:
        throw refuse(`psql's \\${name} is not done here`);
    }
  }

  /** Handles \if, \elif, \else and \endif; true when `name` was one of them. */
  #branch(
    name: string,
    args: () => readonly string[],
    refuse: (why: string) => Error,
  ): boolean {
    const top = this.#branches.at(-1);
    const condition = () => {
      const value = readBoolean(args().join(" "));
      if (value === null) throw refuse(`the condition of \\${name} is neither true nor false`);
      return value;
    };
    switch (name) {
      case "if": {
        const outer = this.#on();
        const on = outer && condition();
        this.#branches.push({ on, taken: on, outer });
        return true;
      }
      case "elif":
        if (top === undefined) throw refuse("\\elif stands without \\if");
        top.on = top.outer && !top.taken && condition();
        top.taken ||= top.on;
        return true;
      case "else":
        if (top === undefined) throw refuse("\\else stands without \\if");
        top.on = top.outer && !top.taken;
        top.taken = true;
        return true;
      case "endif":
        if (this.#branches.pop() === undefined) throw refuse("\\endif stands without \\if");
        return true;
      default:
        return false;
    }
  }

  /** `\copy t from 'file'` as COPY with its data inline. */
  #copy(rest: string, refuse: (why: string) => Error): string {
    const { table, program, source = "", options = "" } = COPY.exec(rest)?.groups ?? {};
    if (table === undefined || /^p?stdin$/i.test(source)) {
      throw refuse("only \\copy of a table from a file or a program is done here");
    }
    const word = source.startsWith("'") ? unquoteSql(source) : source;
    const result = program === undefined
      ? { output: this.#read(word) }
      : runShell(word, this.#read);
    if ("refused" in result) throw refuse(result.refused);
    if (result.output === null) throw refuse(`there is no file "${word}" in the project`);
    const data = result.output === "" || result.output.endsWith("\n")
      ? result.output
      : `${result.output}\n`;
    return `COPY ${table} FROM STDIN${options === "" ? "" : ` ${options}`};\n${data}\\.`;
  }

  /** The variable at a colon and its value; `by` is null where psql leaves the text alone. */
  #interpolation(
    text: string,
    start: number,
  ): { readonly end: number; readonly by: string | null } {
    if (text[start + 1] === ":" || text[start + 1] === "=") return { end: start + 2, by: null };
    const found =
      /^:(?:\{\?(\w+)\}|'([\w\u0080-\uffff]+)'|"([\w\u0080-\uffff]+)"|([\w\u0080-\uffff]+))/
        .exec(text.slice(start, start + 200));
    if (found === null) return { end: start + 1, by: null };
    const [all, asked, literal, identifier, bare] = found;
    const end = start + all.length;
    if (asked !== undefined) return { end, by: this.#variables.has(asked) ? "TRUE" : "FALSE" };
    const value = this.#variables.get(literal ?? identifier ?? bare ?? "");
    if (value === undefined) return { end: bare === undefined ? start + 1 : end, by: null };
    if (literal !== undefined) return { end, by: quoteLiteral(value) };
    if (identifier !== undefined) return { end, by: `"${value.replaceAll('"', '""')}"` };
    return { end, by: value };
  }

  /** A shell command with psql's variables filled in. */
  #inShell(command: string): string {
    return command.replace(/:'(\w+)'|(?<![\w:]):(\w+)/g, (mark, quoted?: string, bare?: string) => {
      const value = this.#variables.get(quoted ?? bare ?? "");
      if (value === undefined) return mark;
      return quoted === undefined ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
    });
  }
}

function quoteLiteral(value: string): string {
  const doubled = value.replaceAll("'", "''");
  return value.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}

function unquoteSql(word: string): string {
  return word.startsWith("'") ? word.slice(1, -1).replaceAll("''", "'") : word;
}

/**
 * What of the line is the command and its arguments: up to a backslash outside of quotes, behind which another command begins,
 * or SQL again when there are two. `copy` takes the whole line.
 */
function commandOf(line: string): string {
  if (/^copy\b/.test(line)) return line;
  return /^(?:'(?:[^'\\]|\\.|'')*'|`[^`]*`|"(?:[^"]|"")*"|[^\\])*/.exec(line)?.[0] ?? line;
}

/** True for the words of a COPY whose data stands in the script. */
function readsData(words: readonly string[]): boolean {
  if (words[0] !== "copy") return false;
  const from = words.indexOf("from");
  return from > 0 && ["stdin", "stdout"].includes(words[from + 1] ?? "");
}

/** The end of the inline data of a COPY whose semicolon stands at `semicolon`. */
function endOfData(text: string, semicolon: number): number {
  const close = /\n\\\.\r?(?=\n|$)/.exec(text.slice(semicolon));
  return close === null ? text.length : semicolon + close.index + close[0].length;
}

function beside(path: string, name: string): string {
  if (name.startsWith("/")) return name;
  const parts = path.split("/").slice(0, -1);
  for (const part of name.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
