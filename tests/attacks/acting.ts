/** Characters that act on a terminal or on the order in which text is read. */

/** What nobody may be sent, with the exception of line feeds and tabs. */
export const ACTING =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\u{e0041}/u;

/** Sequences that do harm, by name. */
export const SEQUENCES: Readonly<Record<string, string>> = {
  "clear the screen": "\x1b[2J\x1b[H",
  "hide text": "\x1b[8mhidden\x1b[0m",
  "green": "\x1b[32mproven\x1b[39m",
  "a link": "\x1b]8;;http://evil.invalid\x1b\\click\x1b]8;;\x1b\\",
  "a title": "\x1b]0;title\x07",
  "a device report": "\x1b[6n\x1bP+q544e\x1b\\",
  "C1 introducers": "\x9b2J\x9d0;title\x9c\x90x\x9c",
  "backspaces": "safe\b\b\b\bevil",
  "a carriage return": "evil\rsafe",
  "delete and bell": "\x7f\x07\x00x".replace("\x00", ""),
  "marks of direction": "\u202egnp.\u2066x\u2069\u200f\u061c",
  "separators and tags": "a\u2028b\u2029c\u200bd\ufeffe\u{e0041}",
  "form feed": "a\x0b\x0cb",
};

/** All of them in one text. */
export const ALL_SEQUENCES = Object.values(SEQUENCES).join(" ");
