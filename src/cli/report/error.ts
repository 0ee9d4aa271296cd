/** An error as people read it: message, place, frame, hint. */

import { AimError } from "../../core/error.ts";
import type { Place } from "../../core/statement.ts";
import { hanging } from "../help.ts";
import type { Paint } from "../paint.ts";

const WIDEST = 120;

/** The block of an error that aim raised, with its line end. */
export function renderError(error: AimError, paint: Paint, width = Infinity): string {
  const [first = "", ...rest] = error.message.split("\n");
  const behind = (mark: string, text: string) =>
    hanging(text, { first: mark.length + 1, indent: 2, width });
  return [
    `${paint.bold(paint.red("error:"))} ${paint.bold(behind("error:", first))}`,
    ...rest.map((line) => hanging(line, { first: 0, indent: 2, width })),
    ...(error.place ? frame(error.place, error.source, paint) : []),
    ...(error.hint ? [`${paint.cyan("hint:")} ${behind("hint:", error.hint)}`] : []),
  ].map((line) => `${line}\n`).join("");
}

/** The block of a bug: what to send, and with `-v` the stack. */
export function renderBug(error: unknown, { paint, verbose, version }: BugContext): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error && error.stack ? error.stack : message;
  return [
    `${paint.bold(paint.red("error:"))} ${paint.bold(`Bug in aim ${version}: ${message}`)}`,
    ...(verbose ? [stack] : []),
    `${paint.cyan("hint:")} nothing was written; please report it with the output of ${
      verbose ? "this command and of `aim doctor`" : "the same command with -v"
    }`,
  ].map((line) => `${line}\n`).join("");
}

/** What the block of a bug is made with. */
export interface BugContext {
  readonly paint: Paint;
  readonly verbose: boolean;
  readonly version: string;
}

/** `  --> file:line:column`, and the line with the column marked where the line is known. */
function frame(place: Place, source: string | undefined, paint: Paint): readonly string[] {
  const number = String(place.line);
  const margin = " ".repeat(number.length);
  const arrow = `  ${paint.blue("-->")} ${place.file}:${place.line}:${place.column}`;
  if (source === undefined) return [arrow];
  const { text, column } = cut(source.replace(/\r?\n.*$/s, ""), place.column - 1);
  const before = text.slice(0, column).replaceAll(/[^\t]/g, " ");
  return [
    arrow,
    `   ${paint.blue(`${number} |`)} ${text}`,
    `   ${paint.blue(`${margin} |`)} ${before}${paint.red("^".repeat(wordLength(text, column)))}`,
  ];
}

/** A long line cut around the column. */
function cut(line: string, column: number): { text: string; column: number } {
  if (line.length <= WIDEST) return { text: line, column };
  const start = Math.max(0, Math.min(column - 40, line.length - WIDEST));
  const end = start + WIDEST;
  const [head, tail] = [start > 0 ? "…" : "", end < line.length ? "…" : ""];
  return {
    text: `${head}${line.slice(start, end)}${tail}`,
    column: column - start + head.length,
  };
}

/** Characters to mark: the quoted text or word that begins there, else one. */
function wordLength(text: string, column: number): number {
  const rest = text.slice(column);
  return /^"[^"]*"|^'[^']*'|^[\p{L}\p{N}_$]+/u.exec(rest)?.[0].length ?? 1;
}
