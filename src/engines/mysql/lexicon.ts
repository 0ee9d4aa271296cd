/** The tokens of MySQL and MariaDB, as their manuals have them ("Lexical Structure"), with the default `sql_mode`. */

import type { Lexicon } from "../../sql/lexicon.ts";

/** The tokens of MySQL. A comment that begins with an exclamation mark is one here, though the server runs what stands in it. */
export const lexicon: Lexicon = {
  blanks: " \t\n\r\f\v",
  innerBlanks: "",
  byteOrderMark: false,
  lineComments: [{ open: "--", spaced: true }, { open: "#", spaced: false }],
  lineEnds: "\n",
  nestedComments: false,
  openComments: false,
  quotes: [
    { open: "'", close: "'", kind: "string", backslash: "always", doubled: true },
    { open: '"', close: '"', kind: "string", backslash: "always", doubled: true },
    { open: "`", close: "`", kind: "name", backslash: "never", doubled: true },
  ],
  prefixes: [
    { letter: "n", backslash: "always", doubled: true },
    { letter: "b", backslash: "never", doubled: false },
    { letter: "x", backslash: "never", doubled: false },
  ],
  continued: false,
  dollarQuotes: false,
  wordSigns: "$",
  number: /0x[0-9a-fA-F]+|0b[01]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y,
  signsSpoilNumbers: false,
  parameter: /\?|@@?[A-Za-z0-9_.$]+/y,
  operators: ["<=>", "->>", "->", "||", "&&", "<<", ">>", "<=", ">=", "<>", "!=", ":="],
  signs: "~!@^&|+-*/%<>=,()[].;:{}",
};
