/** Changes of a text that leave all else as it stands: members of a table put in and taken out, with their commas and lines. */

import type { Lexicon } from "../sql/lexicon.ts";
import { type Token, tokensOf } from "../sql/scanner.ts";
import type { SourceFile } from "../formats/format.ts";
import type { Member } from "./schema_text.ts";

/** What stands between two offsets of a file is replaced. */
export interface TextEdit {
  readonly file: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The files with edits made. They do not overlap; of two at one place the first comes first. */
export function withEdits(
  files: readonly SourceFile[],
  edits: readonly TextEdit[],
): readonly SourceFile[] {
  return files.map((file, at) => {
    const own = edits.filter((edit) => edit.file === at).sort((a, b) => a.start - b.start);
    if (own.length === 0) return file;
    let [text, done] = ["", 0];
    for (const edit of own) {
      text += file.text.slice(done, edit.start) + edit.text;
      done = Math.max(done, edit.end);
    }
    return { ...file, text: text + file.text.slice(done) };
  });
}

/** A text of a schema, to be edited. */
export interface EditedText {
  readonly text: string;
  readonly lexicon: Lexicon;
}

type Change = Omit<TextEdit, "file">;

/** Puts a member behind another one, on a line of its own where that one has one. */
export function putBehind(
  edited: EditedText,
  member: Member,
  { isLast, text }: { readonly isLast: boolean; readonly text: string },
): readonly Change[] {
  const indent = indentOf(edited.text, member.start);
  const comma = isLast ? null : commaBehind(edited, member.end);
  const line = indent === null ? null : lineEnd(edited, comma ?? member.end);
  const at = (start: number, words: string) => ({ start, end: start, text: words });
  if (line === null || indent === null) return [at(member.end, `, ${text}`)];
  const eol = edited.text.startsWith("\r\n", line) ? "\r\n" : "\n";
  return isLast
    ? [at(member.end, ","), at(line, `${eol}${indent}${text}`)]
    : [at(line, `${eol}${indent}${text},`)];
}

/** Takes a member out, with its comma and the comment at the end of its line. */
export function takeOut(
  edited: EditedText,
  members: readonly Member[],
  at: number,
): readonly Change[] {
  const [before, member, next] = [members[at - 1], members[at], members[at + 1]];
  if (member === undefined) return [];
  const cut = (start: number, end: number) => ({ start, end, text: "" });
  const indent = indentOf(edited.text, member.start);
  const comma = next === undefined ? null : commaBehind(edited, member.end);
  const line = indent === null ? null : lineEnd(edited, comma ?? member.end);
  if (line !== null && indent !== null) {
    const end = afterLineEnd(edited.text, line);
    const own = cut(member.start - indent.length, end);
    if (next !== undefined || before === undefined) return [own];
    const last = commaBehind(edited, before.end);
    return [...(last === null ? [] : [cut(last - 1, last)]), own];
  }
  if (next !== undefined) return [cut(member.start, next.start)];
  return [cut(before?.end ?? member.start, member.end)];
}

/** The blanks before a place when nothing else stands before it on its line; else null. */
export function indentOf(text: string, offset: number): string | null {
  const before = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*$/.test(before) ? before : null;
}

/** Where the line of a place ends when nothing but blanks and comments stand behind it; else null. */
export function lineEnd({ text, lexicon }: EditedText, offset: number): number | null {
  for (const token of tokensFrom(text, offset, lexicon)) {
    const own = text.slice(token.start, token.end);
    const end = own.search(/\r?\n/);
    if (token.kind === "blank" && end >= 0) return token.start + end;
    if (token.kind === "comment" && end >= 0 && own.startsWith("/*")) return null;
    if (token.kind !== "blank" && token.kind !== "comment") return null;
  }
  return text.length;
}

/** The offset behind the comma that comes next. */
function commaBehind({ text, lexicon }: EditedText, offset: number): number | null {
  for (const token of tokensFrom(text, offset, lexicon)) {
    if (token.kind === "blank" || token.kind === "comment") continue;
    return text.slice(token.start, token.end) === "," ? token.end : null;
  }
  return null;
}

/** The offset behind the semicolon that comes next, or the same offset where none does. */
export function behindSemicolon({ text, lexicon }: EditedText, offset: number): number {
  for (const token of tokensFrom(text, offset, lexicon)) {
    if (token.kind === "blank" || token.kind === "comment") continue;
    return text.slice(token.start, token.end) === ";" ? token.end : offset;
  }
  return offset;
}

/** The offset behind a line's end. */
function afterLineEnd(text: string, offset: number): number {
  return text.startsWith("\r\n", offset) ? offset + 2 : offset + (text[offset] === "\n" ? 1 : 0);
}

/** The tokens behind a place at which one ends. */
function tokensFrom(text: string, offset: number, lexicon: Lexicon): readonly Token[] {
  return tokensOf(text.slice(offset, offset + LOOK_AHEAD), lexicon)
    .map(({ kind, start, end }) => ({ kind, start: start + offset, end: end + offset }));
}

/** How far a comma, a semicolon or the end of a line is looked for, in characters. */
const LOOK_AHEAD = 4000;
