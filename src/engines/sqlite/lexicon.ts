/** SQLite's tokens, as `tokenize.c` of its source has them. */

import type { Lexicon } from "../../sql/lexicon.ts";

/** The tokens of SQLite. */
export const lexicon: Lexicon = {
  blanks: " \t\n\f\r",
  innerBlanks: "\v",
  byteOrderMark: true,
  lineComments: [{ open: "--", spaced: false }],
  lineEnds: "\n",
  nestedComments: false,
  openComments: true,
  quotes: [
    { open: "'", close: "'", kind: "string", backslash: "never", doubled: true },
    { open: '"', close: '"', kind: "name", backslash: "never", doubled: true },
    { open: "`", close: "`", kind: "name", backslash: "never", doubled: true },
    { open: "[", close: "]", kind: "name", backslash: "never", doubled: false },
  ],
  prefixes: [{ letter: "x", backslash: "never", doubled: false }],
  continued: false,
  dollarQuotes: false,
  wordSigns: "$",
  number:
    /0[xX][0-9a-fA-F](?:_?[0-9a-fA-F])*|(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y,
  signsSpoilNumbers: true,
  parameter:
    /\?[0-9]*|[@#:$][A-Za-z0-9_$\u0080-\uffff]+(?:::[A-Za-z0-9_$\u0080-\uffff]*)*(?:\([^) \t\n\f\r]*\))?/y,
  operators: ["->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "==", "!="],
  signs: "-()[];+*/%=<>|,&~.",
};
