/** Where a name of one word is at home with its table: the code names it hardly anywhere else. */

import type { CodeText, Model } from "./models.ts";
import { singular, spellingKey, wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";

/** A shorter word means too much. */
const SHORTEST = 4;

/** So many of the files that name the column must be about the table. */
const SHARE = 0.75;

/** A name of several words is a stranger to its table when so many files name it, and fewer than this share of them is about the table. */
const STRANGE_FILES = 8;
const STRANGE_SHARE = 0.3;

/**
 * The files in which a column's name tells by itself what is meant; null for all of them. Of one word: those about its table, where almost
 * all that name it are. Of two words: all, unless many files name it and most are about something else, as a word of the trade that the
 * column took over. Of more: all.
 */
export function homeOf(
  names: Names,
  codes: readonly CodeText[],
  models: readonly Model[],
): ReadonlySet<string> | null {
  const { target: { column, isShared, isTableName }, columnKey, isTelling } = names;
  if (column === null || isShared) return NOWHERE;
  if (!isTelling && (isTableName === true || columnKey.length < SHORTEST)) return NOWHERE;
  if (isTelling && wordsIn(column).length >= ENOUGH_WORDS) return null;
  const { all, own } = filesNaming(names, codes, models);
  if (isTelling) return all < STRANGE_FILES || own.size >= all * STRANGE_SHARE ? null : NOWHERE;
  return own.size >= all * SHARE ? own : NOWHERE;
}

/** A name of so many words is hardly one of something else. */
const ENOUGH_WORDS = 3;

const NOWHERE: ReadonlySet<string> = new Set();

/** How many files name a column, and those of them that are about its table. */
function filesNaming(
  { tableKeys, columnKey }: Names,
  codes: readonly CodeText[],
  models: readonly Model[],
): { readonly all: number; readonly own: ReadonlySet<string> } {
  const keys = new Set([
    ...tableKeys,
    ...models.flatMap(({ name }) => [spellingKey(name), spellingKey(singular(name))]),
  ]);
  let all = 0;
  const own = new Set<string>();
  const meanings = new Map<string, "column" | "table" | null>();
  const meaningOf = (word: string) => {
    const before = meanings.get(word);
    if (before !== undefined) return before;
    const meaning = spellingKey(word) === columnKey
      ? "column"
      : holdsKey(word, keys)
      ? "table"
      : null;
    meanings.set(word, meaning);
    return meaning;
  };
  for (const { path, text, tokens } of codes) {
    let isNamed = false;
    let isAbout = path.split(/[/.]/).some((part) => holdsKey(part, keys));
    for (const { kind, start, end } of tokens) {
      const isText = kind === "string";
      const word = isText ? text.slice(start + 1, end - 1) : text.slice(start, end);
      if (kind === "sign" || word.length > 100) continue;
      const meaning = meaningOf(word);
      if (meaning === "column") isNamed = true;
      else if (meaning === "table" && !isText) isAbout = true;
      if (isNamed && isAbout) break;
    }
    if (!isNamed) continue;
    all++;
    if (isAbout) own.add(path);
  }
  return { all, own };
}

/** Whether a table is named anywhere in a name: `test_user_overview`, `UserFilterSet`. */
export function holdsKey(name: string, keys: ReadonlySet<string>): boolean {
  const words = wordsIn(name);
  return words.some((_, from) =>
    words.slice(from, from + MOST_WORDS).some((_, more) =>
      keys.has(words.slice(from, from + more + 1).join("")) ||
      keys.has(spellingKey(singular(words.slice(from, from + more + 1).join("_"))))
    )
  );
}

/** Names of tables have no more words. */
const MOST_WORDS = 4;
