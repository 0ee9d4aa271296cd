/** What a request says of one column: its type, whether it is required, its default, the value for rows that are there. */

import type { Phrase } from "./phrase.ts";
import type { ColumnWish, Understood } from "./request.ts";

/** What people call true and false, where the type takes nothing else. */
export function withTruth(wish: Draft): Draft {
  if (!/^bool(?:ean)?$/i.test(wish.type ?? "")) return wish;
  const valueOf = (value: string | null) => TRUTH[value?.toLowerCase() ?? ""] ?? value;
  return { ...wish, default: valueOf(wish.default), fill: valueOf(wish.fill) };
}

const TRUTH: Readonly<Record<string, string>> = {
  on: "true",
  yes: "true",
  off: "false",
  no: "false",
};

/** A wish while it is read. */
export type Draft = { -readonly [K in keyof ColumnWish]: ColumnWish[K] };

/** Nothing is said yet. */
export function emptyWish(): Draft {
  return {
    type: null,
    isRequired: null,
    isUnique: false,
    default: null,
    fill: null,
    references: null,
  };
}

/** Words that end a type or a value. */
const ENDS = [
  ",",
  "required",
  "mandatory",
  "not null",
  "optional",
  "nullable",
  "null",
  "unique",
  "default",
  "defaulting",
  "with default",
  "with a default",
  "references",
  "referencing",
  "for",
  "and",
  "which",
  "that",
];

/** Reads one flag of a column; true when there was one. Two that contradict each other are none. */
export function flagIn(phrase: Phrase, wish: Draft): boolean {
  const required = phrase.skip("required", "mandatory", "not null") !== null;
  if (required || phrase.skip("optional", "nullable", "null") !== null) {
    if (wish.isRequired === !required) return false;
    wish.isRequired = required;
    return true;
  }
  if (phrase.skip("unique") === null) return false;
  wish.isUnique = true;
  return true;
}

/** Reads all that is said of a column; false where anything is not understood. */
export function wishIn(phrase: Phrase, wish: Draft, takesType: boolean): boolean {
  if (takesType && !phrase.isDone) {
    phrase.skip("as", ":");
    phrase.skipAll("a", "an");
    const words = phrase.until(...ENDS);
    if (words.length > 0) wish.type = words.join(" ");
  }
  while (!phrase.isDone) {
    phrase.skipAll(",", "and", "which", "that", "is", "it");
    if (flagIn(phrase, wish)) continue;
    if (phrase.skip("default", "defaulting", "with default", "with a default")) {
      phrase.skip("to", "of", "=");
      const value = valueIn(phrase);
      if (value === null || wish.default !== null) return false;
      wish.default = value;
    } else if (phrase.skip("references", "referencing")) {
      const target = phrase.take();
      if (target === null || wish.references !== null) return false;
      wish.references = phrase.next.startsWith("(") ? `${target}${phrase.take()}` : target;
    } else {
      const value = valueIn(phrase);
      if (value === null || !forOldRows(phrase) || wish.fill !== null) return false;
      wish.fill = value;
    }
  }
  // Rows that are there get the default already, and a column that may be empty needs no value for them.
  return wish.fill === null || (wish.default === null && wish.isRequired !== false);
}

function valueIn(phrase: Phrase): string | null {
  const first = phrase.skip("null") === null ? phrase.until(...ENDS) : ["null"];
  return first.length === 0 ? null : first.join(" ");
}

/** `for the old ones` */
function forOldRows(phrase: Phrase): boolean {
  if (phrase.skip("for") === null) return false;
  phrase.skipAll("the", "all", "those");
  const old = phrase.skip("old", "existing", "present", "current") !== null;
  const rows = phrase.skip("ones", "rows", "others") !== null;
  if (old && !rows && !phrase.isDone && phrase.next !== ",") phrase.take();
  return old;
}

const WORDS = /^(?:true|false|null|current_\w+|localtime\w*)$/i;

/** A word without quotes is a column to SQL; whether a text was meant, nobody knows. */
export function isBareWord(value: string): boolean {
  return /^[A-Za-z_]\w*$/.test(value) && !WORDS.test(value);
}

/** Asks whether a word without quotes is a text. */
export function bareWord(value: string): Understood {
  return {
    question: `Is ${value} a text? Write it in quotes: '${value}'`,
    options: [],
  };
}

/** The type that a value has by its look; null where it may be one of many. */
export function typeOf(value: string | null): string | null {
  if (value === null) return null;
  if (/^(?:true|false)$/i.test(value)) return "boolean";
  if (/^-?\d{1,9}$/.test(value)) return "integer";
  return /^'(?:[^']|'')*'$/.test(value) ? "text" : null;
}
