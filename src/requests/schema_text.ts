/** Where the objects of a schema stand in the text of its files. Offsets are those of a file, in UTF-16 units. */

import { joinName, splitName } from "../core/name.ts";
import type { Engine } from "../engines/engine.ts";
import type { SourceFile } from "../formats/format.ts";
import { nameOf } from "../sql/name.ts";
import type { Range } from "../sql/ranges.ts";
import { type Token, tokensOf } from "../sql/scanner.ts";
import { partsOf } from "./phrase.ts";

/** A token that is neither blank nor comment, with its text. */
export interface Code extends Token {
  readonly text: string;
  /** In capitals for a word without quotes; else empty. */
  readonly word: string;
}

/** A name in a text, and where it stands. */
export interface NameText extends Range {
  /** As the catalog keeps them, from the outermost on. */
  readonly parts: readonly string[];
  /** The token of its last part. */
  readonly last: Range;
}

/** One part between the commas of a table. */
export interface Member extends Range {
  /** The column's name; null for anything else. */
  readonly column: string | null;
  readonly code: readonly Code[];
}

/** A statement of the schema. */
export interface StatementText extends Range {
  readonly file: number;
  readonly code: readonly Code[];
  /** `table`, `index`, `view`, `trigger`, `comment`, `alter`; empty for any other. */
  readonly kind: string;
  /** What it defines; null where it defines nothing of these. */
  readonly own: NameText | null;
  /** The table that it is about. */
  readonly table: NameText | null;
  /** Of a table, its members. */
  readonly members: readonly Member[];
}

/** A schema that is read as text. */
export interface SchemaText {
  readonly files: readonly SourceFile[];
  readonly statements: readonly StatementText[];
  readonly engine: Engine;
}

/** Reads the files of a schema. Throws UsageError for what no server can take. */
export function readSchemaText(files: readonly SourceFile[], engine: Engine): SchemaText {
  const statements = files.flatMap(({ text }, file) =>
    engine.split(text).map(({ sql, offset }) => statementOf(sql, { offset, file, engine }))
  );
  return { files, statements, engine };
}

/** The tokens of a text that are neither blank nor comment. */
function codeOf(text: string, offset: number, { lexicon }: Engine): readonly Code[] {
  return tokensOf(text, lexicon)
    .filter(({ kind }) => kind !== "blank" && kind !== "comment")
    .map(({ kind, start, end }) => {
      const own = text.slice(start, end);
      const word = kind === "word" ? own.toUpperCase() : "";
      return { kind, start: start + offset, end: end + offset, text: own, word };
    });
}

interface Reading {
  readonly offset: number;
  readonly file: number;
  readonly engine: Engine;
}

function statementOf(sql: string, { offset, file, engine }: Reading): StatementText {
  const code = codeOf(sql, offset, engine);
  const base = { file, start: offset, end: offset + sql.length, code, members: [] };
  const head = code.slice(0, 6).map(({ word }) => word);
  const named = (at: number) => nameAt(code, at, engine);
  const nothing = { ...base, kind: "", own: null, table: null };
  if (head[0] === "ALTER" && head[1] === "TABLE") {
    return { ...nothing, kind: "alter", table: named(after(code, 2)) };
  }
  if (head[0] === "COMMENT" && head[1] === "ON" && (head[2] === "TABLE" || head[2] === "COLUMN")) {
    return { ...nothing, kind: "comment", table: named(3) };
  }
  if (head[0] !== "CREATE") return nothing;
  const at = head.findIndex((word) => KINDS.has(word));
  const kind = KINDS.get(head[at] ?? "");
  if (kind === undefined) return nothing;
  const own = named(after(code, at + 1));
  if (kind === "table") {
    return { ...base, kind, own, table: own, members: own === null ? [] : membersOf(code, own) };
  }
  const on = code.findIndex(({ word }) => word === "ON");
  const table = kind === "view" || on < 0 ? null : named(after(code, on + 1));
  return { ...base, kind, own: code[after(code, at + 1)]?.word === "ON" ? null : own, table };

  function membersOf(tokens: readonly Code[], name: NameText): readonly Member[] {
    const open = tokens.findIndex(({ start, text }) => start >= name.end && text === "(");
    if (open < 0 || tokens.slice(0, open).some(({ word }) => word === "AS" || word === "OF")) {
      return [];
    }
    return partsBetween(tokens, open).map((part) => {
      const [first] = part;
      const start = first?.start ?? 0;
      const found = engine.definitionAt(sql, start - offset);
      const column = found?.kind === "column" ? found.name : null;
      return { start, end: part.at(-1)?.end ?? start, code: part, column };
    });
  }
}

const KINDS: ReadonlyMap<string, string> = new Map(
  ["TABLE", "INDEX", "VIEW", "TRIGGER"].map((word) => [word, word.toLowerCase()]),
);

/** The token behind what may stand before a name. */
function after(code: readonly Code[], at: number): number {
  let next = at;
  while (["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"].includes(code[next]?.word ?? "")) next++;
  return next;
}

/** The name that begins at a token; null for none. */
export function nameAt(code: readonly Code[], at: number, engine: Engine): NameText | null {
  const first = code[at];
  const parts: string[] = [];
  for (let next = at;; next += 2) {
    const token = code[next];
    if (first === undefined || token === undefined) return null;
    if (token.kind !== "word" && token.kind !== "name") return null;
    parts.push(nameOf(token.text, engine.foldName));
    if (code[next + 1]?.text !== ".") {
      return { parts, start: first.start, end: token.end, last: token };
    }
  }
}

/** The tokens between the commas of the parenthesis that opens at a token. */
export function partsBetween(
  code: readonly Code[],
  open: number,
): readonly (readonly Code[])[] {
  const parts: Code[][] = [[]];
  for (let at = open, depth = 0; at < code.length; at++) {
    const token = code[at];
    if (token === undefined) break;
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (depth === 0) break;
    if (at === open) continue;
    if (token.text === "," && depth === 1) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** The parts of a name as the catalog keeps them. */
export function foldedParts(name: string, { foldName }: Engine): readonly string[] {
  return partsOf(name).map((part) => nameOf(part, foldName));
}

/** True when two parts of names mean the same. */
export function isSame(a: string, b: string, { nameKey }: Engine): boolean {
  return nameKey(a) === nameKey(b);
}

/** True when a name goes by another, which may leave out its first parts. */
export function goesByParts(
  full: readonly string[],
  name: readonly string[],
  engine: Engine,
): boolean {
  const end = full.slice(-name.length);
  return end.length === name.length &&
    end.every((part, at) => isSame(part, name[at] ?? "", engine));
}

/** True when a catalog's full name, as one text, is that of parts that stand in a schema. */
export function isCalled(full: string, parts: readonly string[], engine: Engine): boolean {
  return goesByParts(splitName(full), parts, engine);
}

/** A name as the user reads it. */
export function shownName(parts: readonly string[]): string {
  return joinName(...parts);
}
