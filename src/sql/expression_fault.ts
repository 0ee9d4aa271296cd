/** Whether a text can be one expression at all: it is put into statements. */

import type { Lexicon } from "./lexicon.ts";
import { tokensOf } from "./scanner.ts";

/** What keeps a text from being one expression, in words; null when nothing does by its tokens. */
export function expressionFault(text: string, lexicon: Lexicon): string | null {
  const open: string[] = [];
  for (const { kind, start, end } of tokensOf(text, lexicon)) {
    const token = text.slice(start, end);
    if (kind === "bad") return `it cannot be read at ${token.slice(0, LONGEST)}`;
    if (kind === "comment") return "it holds a comment";
    if (kind !== "operator") continue;
    if (token === ";") return "it holds a semicolon";
    if (token === "(" || token === "[") open.push(token);
    else if (token === ")" || token === "]") {
      if (open.pop() !== (token === ")" ? "(" : "[")) return `a ${token} closes nothing`;
    }
  }
  const last = open.at(-1);
  return last === undefined ? null : `a ${last} is not closed`;
}

/** Of what is shown of a text, in characters. */
const LONGEST = 20;
