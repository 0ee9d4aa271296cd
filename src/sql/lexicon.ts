/** How a dialect cuts SQL into tokens, as data for the scanner. */

/** When a backslash takes the next character along; `setting`: as a setting of the session says, off unless a caller knows better. */
export type Backslash = "always" | "never" | "setting";

/** One way to quote. */
export interface Quote {
  readonly open: string;
  readonly close: string;
  readonly kind: "string" | "name";
  readonly backslash: Backslash;
  /** False where the closing mark cannot be written inside by doubling it. */
  readonly doubled: boolean;
}

/** A letter directly before a string that changes how it is read. */
export interface StringPrefix {
  /** In lower case. */
  readonly letter: string;
  readonly backslash: Backslash;
  readonly doubled: boolean;
}

/** What opens a comment up to the end of the line. */
export interface LineComment {
  readonly open: string;
  /** True where a blank, a control character or the end of the text must follow. */
  readonly spaced: boolean;
}

/** The tokens of a dialect. Letters, the underscore and all characters from U+0080 on begin a word. */
export interface Lexicon {
  /** ASCII characters that are blank where a token may begin. */
  readonly blanks: string;
  /** Further ones that are blank only behind another blank. */
  readonly innerBlanks: string;
  /** True where U+FEFF before a token is blank; elsewhere it begins a word. */
  readonly byteOrderMark: boolean;
  readonly lineComments: readonly LineComment[];
  /** One or two characters, each of which ends a line comment. */
  readonly lineEnds: string;
  readonly nestedComments: boolean;
  /** True where a block comment without an end reaches to the end of the text; elsewhere it is a fault. */
  readonly openComments: boolean;
  readonly quotes: readonly Quote[];
  readonly prefixes: readonly StringPrefix[];
  /** True where a string goes on in a further quoted part on a later line, read as the first part is. */
  readonly continued: boolean;
  /** True for `$tag$ ... $tag$`. */
  readonly dollarQuotes: boolean;
  /** ASCII characters inside a word besides letters, digits and the underscore. */
  readonly wordSigns: string;
  /** Sticky. A letter, a digit or an underscore directly behind it makes it no number. */
  readonly number: RegExp;
  /** True where a sign of `wordSigns` directly behind it does so as well. */
  readonly signsSpoilNumbers: boolean;
  /** Sticky; null where there are none. */
  readonly parameter: RegExp | null;
  /** Operators of several characters, longest first. */
  readonly operators: readonly string[];
  /** Characters that are an operator by themselves; all others that begin nothing are no SQL. */
  readonly signs: string;
}
