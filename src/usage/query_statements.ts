/** The statements of an SQL file that is nobody's schema: queries that a program reads. */

import type { Lexicon } from "../sql/lexicon.ts";
import { Scanner } from "../sql/scanner.ts";

/** A statement of a file. */
export interface FileStatement {
  readonly sql: string;
  readonly offset: number;
}

/** Cuts a text at the semicolons that are tokens of their own, blanks and comments before each left out; in linear time. */
export function queryStatements(text: string, lexicon: Lexicon): readonly FileStatement[] {
  const found: FileStatement[] = [];
  const scanner = new Scanner(text, lexicon);
  let start: number | null = null;
  while (scanner.next()) {
    const { kind } = scanner;
    if (kind === "operator" && text.charAt(scanner.start) === ";") {
      if (start !== null) found.push({ sql: text.slice(start, scanner.start), offset: start });
      start = null;
    } else if (start === null && kind !== "blank" && kind !== "comment") start = scanner.start;
  }
  if (start !== null) found.push({ sql: text.slice(start), offset: start });
  return found;
}
