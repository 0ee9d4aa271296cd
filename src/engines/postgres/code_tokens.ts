/** The tokens of a statement without its blanks and comments. */

import { lowerAscii, nameOf } from "../../sql/name.ts";
import { tokensOf } from "../../sql/scanner.ts";
import { lexicon } from "./lexicon.ts";

/** A token that means something. */
export interface CodeToken {
  readonly start: number;
  readonly end: number;
  /** A name or a sign as it counts: a bare word in capitals, a name in quotes as it is, with them. */
  readonly text: string;
  readonly isName: boolean;
  readonly isString: boolean;
}

/** The tokens of a statement in order; an operator of several signs is one. */
export function codeTokens(sql: string): readonly CodeToken[] {
  const tokens: CodeToken[] = [];
  for (const { kind, start, end } of tokensOf(sql, lexicon)) {
    if (kind === "blank" || kind === "comment") continue;
    const written = sql.slice(start, end);
    const isName = kind === "word" || kind === "name";
    const isString = kind === "string" || kind === "body";
    const text = isName ? counted(written) : written;
    const last = tokens.at(-1);
    if (last?.end === start && OPERATOR.test(last.text) && OPERATOR.test(text)) {
      tokens[tokens.length - 1] = { ...last, end, text: last.text + text };
    } else tokens.push({ start, end, text, isName, isString });
  }
  return tokens;
}

const OPERATOR = /^[-+*/<>=~!@#%^&|`?:]+$/;

/** `users`, `USERS` and `"users"` are one name. */
function counted(written: string): string {
  const name = nameOf(written, lowerAscii);
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name.toUpperCase() : `"${name}"`;
}
