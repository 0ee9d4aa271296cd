/** Where an error stands when the database gives no offset: at the first of the names that its message quotes. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { unquoted } from "../../sql/name.ts";
import { Scanner } from "../../sql/scanner.ts";

/** The first of `names` that stands in the statement outside of comments, with its offset; those with dots go by their last part too. */
export function firstNamed(
  names: readonly string[],
  statement: string,
  lexicon: Lexicon,
): { readonly name: string; readonly offset: number } | null {
  const places = placesOf(statement, lexicon);
  for (const full of names) {
    for (const name of [full, full.split(".").at(-1) ?? full]) {
      const offset = places.get(name.replace(/\(.*$/s, "").toLowerCase());
      if (offset !== undefined) return { name: name.replace(/\(.*$/s, ""), offset };
    }
  }
  return null;
}

/** Where each word, name and value stands first, in small letters. */
function placesOf(statement: string, lexicon: Lexicon): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const scanner = new Scanner(statement, lexicon);
  const add = (name: string) => {
    const key = name.toLowerCase();
    if (!places.has(key)) places.set(key, scanner.start);
  };
  while (scanner.next()) {
    const text = statement.slice(scanner.start, scanner.end);
    if (scanner.kind === "word" || scanner.kind === "number") add(text);
    else if (scanner.kind === "name" || scanner.kind === "string") add(unquoted(text));
  }
  return places;
}
