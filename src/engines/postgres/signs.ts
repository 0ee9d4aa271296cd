/** What the server prints, sign by sign. */

import { Scanner } from "../../sql/scanner.ts";
import { lexicon } from "./lexicon.ts";

/** The first characters of the tokens outside of quotes and comments, blanks among them, with their places. */
export function* signs(
  text: string,
  from: number,
): Generator<{ readonly sign: string; readonly at: number }> {
  const scanner = new Scanner(text, lexicon, from);
  while (scanner.next()) {
    const { kind, start } = scanner;
    if (kind === "string" || kind === "name" || kind === "body" || kind === "comment") continue;
    yield { sign: text.charAt(start), at: start };
  }
}
