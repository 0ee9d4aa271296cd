/** What was meant by a name that is missing. */

import { didYouMean } from "../../text/nearest.ts";
import type { Lexicon } from "../../sql/lexicon.ts";
import { unquoted } from "../../sql/name.ts";
import { Scanner } from "../../sql/scanner.ts";

/** `did you mean "users"?`, when the script has a name like the missing one; names of three letters and fewer are like too many. */
export function missingNameHint(
  missing: string | null,
  script: string,
  lexicon: Lexicon,
): string | undefined {
  if (missing === null || missing.length < 4) return undefined;
  const names = new Set<string>();
  const scanner = new Scanner(script, lexicon);
  while (scanner.next()) {
    if (scanner.kind !== "word" && scanner.kind !== "name") continue;
    names.add(unquoted(script.slice(scanner.start, scanner.end)));
  }
  return didYouMean(
    missing,
    [...names].filter((name) => name.toLowerCase() !== missing.toLowerCase()),
  );
}
