/** A statement written anew, put into the text of the one that stands there: what both have stays as it is, with its comments. */

import type { Engine } from "../engines/engine.ts";
import { tokensOf } from "../sql/scanner.ts";
import {
  type Code,
  isSame,
  type Member,
  readSchemaText,
  type StatementText,
} from "./schema_text.ts";
import { woven } from "./woven.ts";
import { putBehind, takeOut, type TextEdit, withEdits } from "./text_edits.ts";

/** The statement as it is to stand, or the comment that would be lost. */
export type Merged = { readonly text: string } | { readonly lostComment: string };

/** Merges. Both are one statement without the semicolon. */
export function mergedStatement(old: string, next: string, engine: Engine): Merged {
  const [from, to] = [only(old, engine), only(next, engine)];
  if (from === null || to === null) return whole(old, next, engine);
  if (tokenText(from.code) === tokenText(to.code)) return { text: old };
  if (from.members.length === 0 || to.members.length === 0) return whole(old, next, engine);
  return mergedTable(old, { next, to, engine }) ?? whole(old, next, engine);
}

/** The whole of it, with every comment of the old one. */
function whole(old: string, next: string, engine: Engine): Merged {
  const lost = commentsOf(old, engine).find((comment) => !next.includes(comment));
  if (lost === undefined) return { text: next };
  const kept = woven(old, next, engine);
  return kept === null ? { lostComment: lost } : { text: kept };
}

function commentsOf(text: string, { lexicon }: Engine): readonly string[] {
  return tokensOf(text, lexicon).filter(({ kind }) => kind === "comment")
    .map(({ start, end }) => text.slice(start, end).trim());
}

function only(text: string, engine: Engine): StatementText | null {
  const { statements } = readSchemaText([{ path: "", text }], engine);
  return statements.length === 1 ? statements[0] ?? null : null;
}

function tokenText(code: readonly Code[]): string {
  return code.map(({ text, word }) => word === "" ? text : word).join(" ");
}

interface Wanted {
  readonly next: string;
  readonly to: StatementText;
  readonly engine: Engine;
}

/** Takes out, changes and puts in one member after the other. Null where more than members differ. */
function mergedTable(old: string, { next, to, engine }: Wanted): Merged | null {
  let text = old;
  const read = () => only(text, engine);
  const start = read();
  if (start === null || framesOf(start) !== framesOf(to)) return null;
  const keys = to.members.map(({ code }) => tokenText(code));
  for (const [at, member] of to.members.entries()) {
    const now = read();
    if (now === null) return null;
    if (now.members.some(({ code }) => tokenText(code) === keys[at])) continue;
    const own = next.slice(member.start, member.end);
    const changed = now.members.find(({ column }) =>
      column !== null && member.column !== null && isSame(column, member.column, engine)
    ) ?? replaced(now.members, to.members, at);
    if (changed !== undefined) {
      const merged = whole(text.slice(changed.start, changed.end), own, engine);
      if ("lostComment" in merged) {
        return merged;
      }
      text = edited(text, [{ start: changed.start, end: changed.end, text: own }]);
    } else {
      const before = keys.slice(0, at);
      text = edited(text, added(now.members, { before, text, own, engine }));
    }
  }
  for (;;) {
    const now = read();
    if (now === null) return null;
    const gone = now.members.findIndex(({ code }) => !keys.includes(tokenText(code)));
    if (gone < 0) break;
    text = edited(text, takeOut({ text, lexicon: engine.lexicon }, now.members, gone));
  }
  const done = read();
  const isSo = done !== null && framesOf(done) === framesOf(to) &&
    done.members.length === to.members.length;
  return isSo ? { text } : null;
}

/** The member in the place of a new one, where nothing else came or went: a column that is called otherwise. */
function replaced(now: readonly Member[], to: readonly Member[], at: number): Member | undefined {
  const [old, next] = [now[at], to[at]];
  if (now.length !== to.length || old?.column == null || next?.column == null) return undefined;
  const isElsewhere = to.some(({ column }) => column === old.column);
  return isElsewhere ? undefined : old;
}

/** What stands around the members. */
function framesOf({ code, members }: StatementText): string {
  const [first, last] = [members[0], members.at(-1)];
  if (first === undefined || last === undefined) return "";
  return tokenText(code.filter(({ start, end }) => end <= first.start || start >= last.end));
}

/** A member behind the nearest of those that stand before it in the new text. */
function added(
  members: readonly Member[],
  { before, text, own, engine }: {
    readonly before: readonly string[];
    readonly text: string;
    readonly own: string;
    readonly engine: Engine;
  },
): readonly Omit<TextEdit, "file">[] {
  const at = members.findLastIndex(({ code }) => before.includes(tokenText(code)));
  const place = members[at];
  const first = members[0];
  if (place !== undefined) {
    const isLast = at === members.length - 1;
    return putBehind({ text, lexicon: engine.lexicon }, place, { isLast, text: own });
  }
  if (first === undefined) return [];
  const indent = /\n([ \t]*)$/.exec(text.slice(0, first.start))?.[1];
  const blank = indent === undefined ? " " : `\n${indent}`;
  return [{ start: first.start, end: first.start, text: `${own},${blank}` }];
}

function edited(text: string, edits: readonly Omit<TextEdit, "file">[]): string {
  const [file] = withEdits([{ path: "", text }], edits.map((edit) => ({ ...edit, file: 0 })));
  return file?.text ?? text;
}
