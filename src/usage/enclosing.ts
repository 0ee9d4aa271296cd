/** What the brackets around a name belong to: `User.create(name: 1)`, `new User { Name = 1 }`, `prisma.user.update({ data: { name } })`. */

import { isKey, nextSigns } from "./around.ts";
import { lineAt } from "./line_index.ts";
import type { CodeText } from "./models.ts";

/** So many brackets are gone out of. */
const MOST_LEVELS = 4;

/** So many words of `prisma.user.update(` are looked at. */
const CHAIN = 6;

/**
 * The word for a table, as `isMeant` knows them, to which a name or a text is given as a key: the call, or what is made, that its brackets belong to; null where it is
 * no key, or of something else.
 */
export function enclosingEntity(
  code: CodeText,
  index: number,
  isMeant: (word: string) => boolean,
): string | null {
  const { text, tokens } = code;
  if (!isGiven(code, index)) return null;
  const open = openBrackets(code);
  let at = open[index] ?? -1;
  for (let levels = 0; at >= 0 && levels < MOST_LEVELS; levels++, at = open[at] ?? -1) {
    const before = chainBefore(code, at);
    if (before === null) return null;
    const word = [...before, ...firstInside(code, at)].find(isMeant);
    if (word !== undefined) return word;
  }
  const start = tokens[index]?.start ?? 0;
  const [, symbol] = /^\s*[\w.]+[!?]? +:(\w+),/.exec(lineAt(text, start)) ?? [];
  return symbol !== undefined && isMeant(symbol) ? symbol : null;
}

/** Whether a name or a text is given something, or stands for itself in a list of names: `name:`, `"name" =>`, `{ Name = 1`, `{ name }`. */
function isGiven(code: CodeText, index: number): boolean {
  const { text, tokens } = code;
  if (isKey(text, tokens, index)) return true;
  const before = signAt(code, index - 1);
  const next = nextSigns(text, tokens, index);
  if (tokens[index]?.kind === "string") return "[(,".includes(before) && before !== "";
  const isInBraces = signAt(code, openBrackets(code)[index] ?? -1) === "{";
  return isInBraces && "{,".includes(before) &&
    (/^=(?![=>])/.test(next) || SHORTHAND.has(code.language.name) && /^[,}]/.test(next));
}

/** Languages in which a name in braces stands for itself and its value. */
const SHORTHAND = new Set(["TypeScript", "JavaScript", "Rust"]);

/** For each token the index of the bracket that it stands in; -1 for none. */
function openBrackets(code: CodeText): Int32Array {
  const before = known.get(code);
  if (before !== undefined) return before;
  const found = new Int32Array(code.tokens.length).fill(-1);
  const open: number[] = [];
  for (const index of code.tokens.keys()) {
    const sign = signAt(code, index);
    if (sign !== "" && ")]}".includes(sign)) open.pop();
    found[index] = open.at(-1) ?? -1;
    if (sign !== "" && "([{".includes(sign)) open.push(index);
  }
  known.set(code, found);
  return found;
}

const known = new WeakMap<CodeText, Int32Array>();

function signAt({ text, tokens }: CodeText, index: number): string {
  const token = tokens[index];
  return token?.kind === "sign" ? text.charAt(token.start) : "";
}

/** The words before an opening bracket, without the signs between them; null where a block of statements opens. */
function chainBefore(code: CodeText, open: number): readonly string[] | null {
  const { text, tokens } = code;
  if (signAt(code, open) === "{" && /^[)>]$/.test(signAt(code, open - 1))) return null;
  const words: string[] = [];
  for (let at = open - 1; at >= 0 && words.length < CHAIN; at--) {
    const token = tokens[at];
    if (token === undefined || token.kind === "string") break;
    if (token.kind === "word") words.push(text.slice(token.start, token.end));
    else if (!".:->?!&".includes(text.charAt(token.start))) break;
  }
  return words;
}

/** What stands first in brackets: `create(:user, …)`. */
function firstInside({ text, tokens }: CodeText, open: number): readonly string[] {
  const [first, second] = [tokens[open + 1], tokens[open + 2]];
  const named = first?.kind === "sign" && text.charAt(first.start) === ":" ? second : first;
  return named === undefined || named.kind === "sign"
    ? []
    : [text.slice(named.start, named.end).replaceAll(/^["'`]|["'`]$/g, "")];
}
