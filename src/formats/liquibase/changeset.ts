/** A changeset, from whichever kind of changelog, and the scripts that it becomes. */

import type { UsageError } from "../../core/error.ts";
import type { Lexicon } from "../../sql/lexicon.ts";
import { plainRanges } from "../../sql/ranges.ts";
import { ScriptText, type SentPiece } from "../code_script.ts";
import type { Script, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import type { Range } from "../script.ts";
import { isCutInBodies, sentBy, unmarked } from "../transaction_mode.ts";

/** Text of SQL as Liquibase cuts it. */
export interface SqlText {
  readonly pieces: readonly SentPiece[];
  /** Up to where its file is its own. */
  readonly end: number;
  /** What ends a statement; a semicolon when absent. */
  readonly delimiter?: string | undefined;
  /** False where all of it is one statement. */
  readonly cuts: boolean;
}

/** One changeset. */
export interface Changeset extends Range {
  readonly file: SourceFile;
  readonly author: string;
  readonly id: string;
  readonly isApart: boolean;
  /** Reads its statements. Throws UsageError for what aim does not translate. */
  up(): readonly SqlText[];
  /** The way back; null where there is none. */
  down(): readonly SqlText[] | null;
}

/** The statements as a script. Throws UsageError for a parameter without a value. */
export function changesetScript(
  texts: readonly SqlText[],
  { file, isApart }: Pick<Changeset, "file" | "isApart">,
  { dialect, lexicon }: { readonly dialect: string; readonly lexicon: Lexicon },
): Script {
  const out = new ScriptText(file.text);
  for (const text of texts) {
    refuseParameters(file, text, lexicon);
    out.addPieces(text.pieces.flatMap((piece) => withoutReturns(file, piece)), text.end);
  }
  const { done, edits, blocks } = out.finish("");
  const cut = texts.map((text, index) => {
    const { start, end } = blocks[index] ?? { start: 0, end: 0 };
    const own = separated(done.slice(start, end), text);
    return { start, end, ...own };
  });
  let at = 0;
  let text = "";
  for (const one of cut) {
    text += done.slice(at, one.start) + one.text;
    at = one.end;
  }
  const ranges = cut.flatMap(({ start, blocks: own }) =>
    own.map((range) => ({ start: start + range.start, end: start + range.end }))
  );
  return {
    file: file.path,
    text: text + done.slice(at),
    transaction: isApart ? "none" : unmarked("liquibase", dialect),
    ...sentBy("liquibase", dialect),
    ...(isCutInBodies(dialect) && ranges.length > 0 ? { blocks: ranges } : {}),
    ...(edits.length > 0 ? { edits } : {}),
  };
}

/** A piece without carriage returns, which Liquibase takes out before it sends a text; where it is the file's own, in parts. */
function withoutReturns({ text }: SourceFile, piece: SentPiece): readonly SentPiece[] {
  const { start, end, value, of } = piece;
  if (!value.includes("\r")) return [piece];
  if (of !== undefined || text.slice(start, end) !== value) {
    return [{ start, end, value: value.replaceAll("\r", "") }];
  }
  return Array.from(value.matchAll(/[^\r]+/g), ({ 0: part, index }): SentPiece => ({
    start: start + index,
    end: start + index + part.length,
    value: part,
  }));
}

/** The text with semicolons where the delimiter of its own stands at the end of a line, and the pieces between them. */
function separated(
  text: string,
  { delimiter, cuts }: SqlText,
): { readonly text: string; readonly blocks: readonly Range[] } {
  if (!cuts) return { text, blocks: [{ start: 0, end: text.length }] };
  if (delimiter === undefined || delimiter === ";") return { text, blocks: [] };
  const escaped = delimiter.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/^\\\\n/, "^");
  const blocks: Range[] = [];
  let start = 0;
  const out = text.replaceAll(new RegExp(`${escaped}[ \\t\\r]*$`, "gm"), (found, at: number) => {
    blocks.push({ start, end: at });
    start = at + found.length;
    return ";".padEnd(found.length);
  });
  const last = { start, end: text.length };
  return { text: out, blocks: /\S/.test(text.slice(start)) ? [...blocks, last] : blocks };
}

/** Throws UsageError for a parameter outside of strings and comments. */
function refuseParameters(file: SourceFile, { pieces }: SqlText, lexicon: Lexicon): void {
  const text = pieces.map(({ value }) => value).join("");
  if (!text.includes("${")) return;
  for (const { start, end } of plainRanges(text, lexicon)) {
    const found = /\$\{[^}]*\}/.exec(text.slice(start, end));
    if (found !== null) throw parameterError(file, found[0], placeOf(pieces, start + found.index));
  }
}

function parameterError(file: SourceFile, parameter: string, offset: number): UsageError {
  return refusal(
    `Cannot read "${file.path}": "${parameter}" is a parameter`,
    file,
    offset,
    "No property of the changelogs gives it a value; write one, or the value itself",
  );
}

/** The file's offset of an offset in the joined pieces. */
function placeOf(pieces: readonly SentPiece[], offset: number): number {
  let at = 0;
  for (const { start, end, value } of pieces) {
    if (offset < at + value.length) {
      return end - start === value.length ? start + offset - at : start;
    }
    at += value.length;
  }
  return pieces.at(-1)?.end ?? 0;
}
