/** What stands around a word of code: what it is a member of, what follows it, and which names are near. */

import type { CodeString, CodeToken } from "./code_scanner.ts";
import type { CodeText } from "./models.ts";

/** So many lines away may the table's name stand from the column's. */
export const NEAR = 3;

/** And so many characters. */
const FAR = 4000;

/** The word before a dot, an arrow or two colons; empty for what is no word; null where no such sign is. */
export function receiverOf(text: string, tokens: CodeText["tokens"], index: number): string | null {
  let at = index - 1;
  let signs = "";
  for (; at >= 0; at--) {
    const token = tokens[at];
    if (token === undefined || token.kind !== "sign") break;
    const sign = text.charAt(token.start);
    if (!".->?!:&".includes(sign) || signs.length > 3) break;
    signs = sign + signs;
  }
  if (!/^(?:[?!&]{0,2}\.|\??->|::)$/.test(signs)) return null;
  const token = tokens[at];
  if (token === undefined) return "";
  const before = text.slice(token.start, token.end);
  if (token.kind === "word") return before;
  return before === "]" || before === ")" ? wordBefore(text, tokens, at) : "";
}

/** The word that parentheses or brackets stand behind: `user` of `user(1).name`. */
function wordBefore(text: string, tokens: CodeText["tokens"], close: number): string {
  let depth = 0;
  for (let at = close; at >= 0 && at > close - 40; at--) {
    const token = tokens[at];
    if (token === undefined) return "";
    const sign = token.kind === "sign" ? text.charAt(token.start) : "";
    if (")]".includes(sign) && sign !== "") depth++;
    else if ("([".includes(sign) && sign !== "" && --depth === 0) {
      const before = tokens[at - 1];
      return before?.kind === "word" ? text.slice(before.start, before.end) : "";
    }
  }
  return "";
}

/** The two signs behind a token; empty where words follow. */
export function nextSigns(text: string, tokens: CodeText["tokens"], index: number): string {
  const [first, second] = [tokens[index + 1], tokens[index + 2]];
  const sign = (token: CodeToken | CodeString | undefined) =>
    token?.kind === "sign" ? text.charAt(token.start) : "";
  return sign(first) + sign(second);
}

/** `name:`, `:name`, `name =`, `"name"` as a key or an argument. */
export function isKey(text: string, tokens: CodeText["tokens"], index: number): boolean {
  const before = tokens[index - 1];
  const isSymbol = before?.kind === "sign" && text.charAt(before.start) === ":" &&
    before.end === tokens[index]?.start;
  const next = nextSigns(text, tokens, index);
  const isArgument = before?.kind === "sign" && "(,".includes(text.charAt(before.start));
  return isSymbol || next.startsWith(":") || next === "=>" || isArgument && /^=(?!=)/.test(next);
}

/** Index of the first token that begins at an offset or behind it. */
export function firstFrom(tokens: CodeText["tokens"], offset: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Lines from one offset to another; Infinity for what is far away. */
export function linesBetween(text: string, from: number, to: number): number {
  return to - from > FAR ? Infinity : text.slice(from, to).split("\n").length - 1;
}
