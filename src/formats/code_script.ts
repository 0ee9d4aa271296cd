/** Scripts whose statements are literals of a program: the program is blanked out, so that places are those of its file. */

import type { CodeToken, LiteralPiece } from "./code_tokens.ts";
import type { Edit, Script, SourceFile } from "./format.ts";
import { blank } from "./script.ts";
import { isCutInBodies, sentBy } from "./transaction_mode.ts";

/** SQL that a program hands to the server in one call. */
export interface CodeStatement {
  /** The literals that make it, one behind the other. */
  readonly literals: readonly CodeToken[];
  /** True where it runs outside of the migration's transaction. */
  readonly isApart: boolean;
}

/** A piece of a statement, which may be the text of another file. */
export interface SentPiece extends LiteralPiece {
  readonly of?: SourceFile;
}

/** Where the statements of a script come from, and how they are sent. */
export interface CodeScript {
  readonly file: SourceFile;
  readonly runner: string;
  readonly dialect: string;
  /** What the runner does around statements that are not apart. */
  readonly transaction: Script["transaction"];
  /** The pieces of a call's text as the runner sends them, where it reads marks of its own in them. */
  readonly sent?: (pieces: readonly LiteralPiece[]) => readonly LiteralPiece[];
}

/** The statements as a script. Where some are apart from the transaction and others are not, `BEGIN` and `COMMIT` stand between them. */
export function codeScript(statements: readonly CodeStatement[], code: CodeScript): Script {
  const { file, runner, dialect, transaction } = code;
  const isMixed = transaction !== "none" && statements.some(({ isApart }) => isApart) &&
    statements.some(({ isApart }) => !isApart);
  const text = new ScriptText(file.text);
  let isOpen = false;
  for (const { literals, isApart } of statements) {
    const before = isMixed && isOpen === isApart ? (isApart ? "COMMIT;" : "BEGIN;") : "";
    if (before !== "") isOpen = !isApart;
    text.add(literals, before, code.sent ?? ((pieces) => pieces));
  }
  const { blocks, edits, done } = text.finish(isOpen ? "COMMIT;" : "");
  const isApart = statements.length > 0 && statements.every((statement) => statement.isApart);
  return {
    file: file.path,
    text: done,
    transaction: isMixed || isApart ? "none" : transaction,
    ...sentBy(runner, dialect),
    ...(isCutInBodies(dialect) && blocks.length > 0 ? { blocks } : {}),
    ...(edits.length > 0 ? { edits } : {}),
  };
}

/** A file's text with everything but some of its pieces blanked, and what stands for their escapes. */
export class ScriptText {
  readonly #source: string;
  #out = "";
  #at = 0;
  readonly #edits: Edit[] = [];
  readonly #blocks: { start: number; end: number }[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** One statement, behind `before`. */
  add(
    literals: readonly CodeToken[],
    before: string,
    sent: (pieces: readonly LiteralPiece[]) => readonly LiteralPiece[],
  ): void {
    const [first] = literals;
    const last = literals.at(-1);
    if (first === undefined || last === undefined) return;
    const pieces = sent(literals.flatMap((literal) => literal.pieces));
    const from = pieces[0]?.start ?? first.end;
    this.#skip(from - (before === "" ? 0 : 1));
    if (before !== "") this.#replace(from, `${before} `);
    this.addPieces(pieces, last.end);
  }

  /** One statement of pieces in the order of their places, the program's own up to `end`; `of` is the file that a piece's value is. */
  addPieces(pieces: readonly SentPiece[], end: number): void {
    if (pieces[0] !== undefined) this.#skip(pieces[0].start);
    const start = this.#out.length;
    for (const { start: from, end: to, value, of } of pieces) {
      if (from > this.#at) this.#replace(from, "");
      if (of === undefined && this.#source.slice(from, to) === value) {
        this.#out += value;
        this.#at = to;
      } else this.#replace(to, value, of);
    }
    this.#blocks.push({ start, end: this.#out.length });
    this.#replace(Math.max(end, this.#at), "\n;");
  }

  finish(after: string): {
    readonly done: string;
    readonly edits: readonly Edit[];
    readonly blocks: readonly { start: number; end: number }[];
  } {
    if (after !== "") this.#replace(this.#at, after);
    this.#skip(this.#source.length);
    return { done: this.#out, edits: this.#edits, blocks: this.#blocks };
  }

  #skip(to: number): void {
    if (to <= this.#at) return;
    const part = this.#source.slice(this.#at, to);
    this.#out += blank(part, [{ start: 0, end: part.length }]);
    this.#at = to;
  }

  /** `by` stands for the file from here to `to`. */
  #replace(to: number, by: string, of?: SourceFile): void {
    const was = this.#source.slice(this.#at, to);
    const start = this.#out.length;
    this.#out += by;
    const cut = was.lastIndexOf("\n");
    const breaks = was.split("\n").length - 1;
    this.#edits.push({
      start,
      end: this.#out.length,
      was: cut < 0 ? was.length : was.length - cut - 1,
      ...(breaks === 0 ? {} : { breaks }),
      ...(of === undefined ? {} : { of }),
    });
    this.#at = to;
  }
}

/** Scripts of one file as one, in an order that need not be that of their places; `scripts` has one at least. */
export function joinedScripts(scripts: readonly Script[]): Script {
  const [first, ...others] = scripts;
  if (first === undefined) throw new Error("There is no script to join");
  if (others.length === 0) return first;
  let text = "";
  const blocks: { start: number; end: number }[] = [];
  const edits = scripts.map((script): Edit => {
    const start = text.length;
    for (const block of script.blocks ?? []) {
      blocks.push({ start: start + block.start, end: start + block.end });
    }
    text += script.text;
    const edited = script.edits === undefined ? {} : { edits: script.edits };
    const of = { path: script.file, text: script.text, ...edited };
    return { start, end: text.length, was: 0, of };
  });
  return { ...first, text, edits, ...(blocks.length > 0 ? { blocks } : {}) };
}
