/** Names in backquotes, as the server writes them in the expressions that it stores. */

import { unquoted } from "../../../sql/name.ts";
import { Scanner } from "../../../sql/scanner.ts";
import { lexicon } from "../lexicon.ts";
import { quote } from "../quote.ts";

/** True where an expression names a column. */
export function mentions(expression: string, column: string): boolean {
  const key = column.toLowerCase();
  return tokensOf(expression).some(({ name }) => name?.toLowerCase() === key);
}

/** The expression with another name for a column. */
export function renamedIn(expression: string, from: string, to: string): string {
  const key = from.toLowerCase();
  return tokensOf(expression)
    .map(({ text, name }) => name?.toLowerCase() === key ? quote(to) : text).join("");
}

interface Piece {
  readonly text: string;
  /** Null for what is not a name in backquotes. */
  readonly name: string | null;
}

function tokensOf(expression: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const scanner = new Scanner(expression, lexicon);
  while (scanner.next()) {
    const text = expression.slice(scanner.start, scanner.end);
    pieces.push({ text, name: text.startsWith("`") ? unquoted(text) : null });
  }
  return pieces;
}
