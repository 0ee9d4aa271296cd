/** Postgres' tokens, as `scan.l` of its source has them; the vertical tab is blank since 16. */

import type { Lexicon } from "../../sql/lexicon.ts";

/** The tokens of Postgres. `standard_conforming_strings` is the setting that a plain string's backslashes follow. */
export const lexicon: Lexicon = {
  blanks: " \t\n\r\f\v",
  innerBlanks: "",
  byteOrderMark: false,
  lineComments: [{ open: "--", spaced: false }],
  lineEnds: "\n\r",
  nestedComments: true,
  openComments: false,
  quotes: [
    { open: "'", close: "'", kind: "string", backslash: "setting", doubled: true },
    { open: '"', close: '"', kind: "name", backslash: "never", doubled: true },
  ],
  prefixes: [
    { letter: "e", backslash: "always", doubled: true },
    { letter: "n", backslash: "setting", doubled: true },
    { letter: "b", backslash: "never", doubled: false },
    { letter: "x", backslash: "never", doubled: false },
  ],
  continued: true,
  dollarQuotes: true,
  wordSigns: "$",
  number:
    /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*(?:\.(?!\.)(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y,
  signsSpoilNumbers: false,
  parameter: /\$[0-9]+/y,
  operators: [".."],
  signs: "~!@#^&|`?+-*/%<>=,()[].;:",
};
