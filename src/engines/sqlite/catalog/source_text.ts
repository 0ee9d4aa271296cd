/** Text as its author wrote it, on one line and without quotes that are not needed. */

import { quote } from "../quote.ts";
import { afterParenthesis, fold, isMark, isWord, type Token } from "../tokens.ts";

/**
 * A part of a table's or an index's statement with its author's words, their case and order. Comments go, blanks become
 * one, and quotes around names stay only where they are needed or may make a string.
 */
export function sourceText(tokens: readonly Token[], known: ReadonlySet<string>): string {
  const names = placesOfNames(tokens);
  return joined(
    tokens,
    (token, at) => token.kind === "quoted" ? bare(tokens, at, { known, names }) : token.text,
  );
}

/** The tokens with one blank wherever something stood between them. */
export function joined(
  tokens: readonly Token[],
  textOf: (token: Token, at: number) => string = (token) => token.text,
): string {
  return tokens.map((token, at) => {
    const before = tokens[at - 1];
    const gap = before !== undefined && before.end < token.start ? " " : "";
    return gap + textOf(token, at);
  }).join("");
}

function bare(
  tokens: readonly Token[],
  at: number,
  { known, names }: { readonly known: ReadonlySet<string>; readonly names: ReadonlySet<number> },
): string {
  const token = tokens[at];
  if (token === undefined) return "";
  const isName = !token.text.startsWith('"') || names.has(at) || known.has(fold(token.value)) ||
    isMark(tokens[at - 1], ".") || isMark(tokens[at + 1], ".");
  if (!isName) return token.text;
  const text = quote(token.value);
  if (text.startsWith('"')) return text;
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  const glued = [before?.end === token.start && before, after?.start === token.end && after]
    .some((other) => other && /[A-Za-z0-9_$"'`\]\u0080-\uffff]/.test(other.text));
  return glued ? token.text : text;
}

/** Places where only a name can stand, so that double quotes make no string. */
function placesOfNames(tokens: readonly Token[]): ReadonlySet<number> {
  const places = new Set<number>();
  for (const [at, token] of tokens.entries()) {
    if (["constraint", "references", "collate"].some((word) => isWord(token, word))) {
      places.add(at + 1);
    }
    if (isWord(token, "references") && isMark(tokens[at + 2], "(")) {
      const end = afterParenthesis(tokens, at + 2);
      for (let inside = at + 3; inside < end; inside++) places.add(inside);
    }
  }
  return places;
}
