/** A statement written anew without the comments of the old one: what differs is put into the old text, so that its comments stay. */

import { diffArrays } from "diff";
import type { Engine } from "../engines/engine.ts";
import { tokensOf } from "../sql/scanner.ts";

/** A token that is no blank and no comment. */
interface Word {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** The old text with what is otherwise in the new one; null where a comment stands in what changes. */
export function woven(old: string, next: string, engine: Engine): string | null {
  const [from, to] = [wordsOf(old, engine), wordsOf(next, engine)];
  const parts = diffArrays(from.map(({ key }) => key), to.map(({ key }) => key));
  let [at, into] = [0, 0];
  let text = "";
  /** Up to where the old text is taken over. */
  let done = 0;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (part === undefined) break;
    const count = part.value.length;
    if (part.added) {
      const put = next.slice(to[into]?.start ?? 0, to[into + count - 1]?.end ?? 0);
      const gap = { start: from[at - 1]?.end ?? 0, end: from[at]?.start ?? old.length };
      const glue = next.slice(to[into + count - 1]?.end ?? 0, to[into + count]?.start);
      const [head, end] = inserted(old, put, { ...gap, done, glue });
      text += head;
      done = end;
      into += count;
    } else if (part.removed) {
      const [start, end] = [from[at]?.start ?? 0, from[at + count - 1]?.end ?? 0];
      if (hasComment(old.slice(start, end), engine)) return null;
      const following = parts[index + 1];
      text += old.slice(done, following?.added ? start : Math.max(done, blanksBefore(old, start)));
      at += count;
      done = end;
      if (following?.added) {
        const added = following.value.length;
        text += next.slice(to[into]?.start ?? 0, to[into + added - 1]?.end ?? 0);
        into += added;
        index++;
      }
    } else {
      at += count;
      into += count;
    }
  }
  text += old.slice(done);
  const isSo = wordsOf(text, engine).map(({ key }) => key).join("\0") ===
    to.map(({ key }) => key).join("\0");
  return isSo ? text : null;
}

/** Between which two tokens something is put, and what the new text has behind it. */
interface Gap {
  readonly start: number;
  readonly end: number;
  readonly done: number;
  readonly glue: string;
}

/** The old text up to and with what is put there, and where it goes on. A comment stays behind what it stands behind. */
function inserted(
  old: string,
  put: string,
  { start, end, done, glue }: Gap,
): readonly [text: string, done: number] {
  const gap = old.slice(start, end);
  const lineEnd = gap.lastIndexOf("\n");
  if (lineEnd < 0) {
    if (/^[,)]/.test(put)) return [`${old.slice(done, start)}${put}`, start];
    if (end === old.length) return [`${old.slice(done)} ${put}`, end];
    return [`${old.slice(done, end)}${put}${glue === "" ? "" : " "}`, end];
  }
  const indent = /^[ \t]*/.exec(old.slice(old.lastIndexOf("\n", start - 1) + 1))?.[0] ?? "";
  const comma = put.startsWith(",") ? "," : "";
  const before = `${old.slice(done, start)}${comma}${gap.slice(0, lineEnd + 1)}`;
  return [`${before}${indent}${put.slice(comma.length).trimStart()}\n`, start + lineEnd + 1];
}

function blanksBefore(text: string, at: number): number {
  return text.slice(0, at).trimEnd().length;
}

function hasComment(text: string, { lexicon }: Engine): boolean {
  return tokensOf(text, lexicon).some(({ kind }) => kind === "comment");
}

function wordsOf(text: string, { lexicon }: Engine): readonly Word[] {
  return tokensOf(text, lexicon)
    .filter(({ kind }) => kind !== "blank" && kind !== "comment")
    .map(({ kind, start, end }) => {
      const own = text.slice(start, end);
      return { key: kind === "word" ? own.toLowerCase() : own, start, end };
    });
}
