/** Texts that code holds: its strings, those that are put together from several as one. */

import { type CodeString, type CodeToken, HOLE, type Part } from "./code_scanner.ts";

/** A text of a program. */
export interface Literal {
  readonly value: string;
  readonly parts: readonly Part[];
  /** Of its first string, in the file. */
  readonly start: number;
  readonly end: number;
}

/** The longest text that is looked at, in characters. */
const LONGEST = 100_000;

/** The strings of a file; neighbours that are joined (`"a" + "b"`, `"a" "b"`, `"a" . $x . "b"`) as one, an expression between as a hole. */
export function literalsOf(
  text: string,
  tokens: readonly (CodeToken | CodeString)[],
): readonly Literal[] {
  const literals: Growing[] = [];
  for (const token of tokens) {
    if (!isString(token)) continue;
    const last = literals.at(-1);
    const between = last === undefined ? null : text.slice(last.end, token.start);
    const joint = between === null || between.length > 200 ? null : jointOf(between);
    if (last === undefined || joint === null || last.length > LONGEST) {
      if (last === undefined || token.start >= last.end) literals.push(begun(token));
      continue;
    }
    if (joint !== "") {
      last.parts.push({ at: last.length, source: last.end });
      last.pieces.push(joint);
      last.length += joint.length;
    }
    for (const { at, source } of token.parts) last.parts.push({ at: at + last.length, source });
    last.pieces.push(token.value);
    last.length += token.value.length;
    last.end = token.end;
  }
  return literals.map(({ pieces, parts, start, end }) => ({
    value: pieces.join(""),
    parts,
    start,
    end,
  }));
}

/** A literal that may get further pieces. */
interface Growing {
  readonly pieces: string[];
  readonly parts: Part[];
  readonly start: number;
  end: number;
  length: number;
}

function begun({ value, parts, start, end }: CodeString): Growing {
  return { pieces: [value], parts: [...parts], start, end, length: value.length };
}

/** What stands for the code between two strings that are one text; null where they are not. */
function jointOf(between: string): string | null {
  if (/^\s*(?:[+.&\\]|\.\.|<<)?\s*$/.test(between) && between !== "") return "";
  return /^\s*(?:[+.]|\.\.)\s*[\w$.?!>()[\]'"-]{1,80}\s*(?:[+.]|\.\.)\s*$/.test(between)
    ? HOLE
    : null;
}

function isString(token: CodeToken | CodeString): token is CodeString {
  return token.kind === "string";
}
