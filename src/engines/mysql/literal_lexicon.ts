/** The tokens of a session in whose `sql_mode` NO_BACKSLASH_ESCAPES stands. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { lexicon } from "./lexicon.ts";

/** See the module's comment. */
export const literalLexicon: Lexicon = {
  ...lexicon,
  quotes: lexicon.quotes.map((quote) => ({ ...quote, backslash: "never" })),
  prefixes: lexicon.prefixes.map((prefix) => ({ ...prefix, backslash: "never" })),
};
