/** Whether a name of one word is at home with its table: the code names it hardly anywhere else. */

import { type CodeText, isAboutTable, isEntity, type Model } from "./models.ts";
import { spellingKey } from "./spelling.ts";
import type { Names } from "./target.ts";

/** A shorter word means too much. */
const SHORTEST = 4;

/** So many of the files that name the column must be about the table. */
const SHARE = 0.75;

/** Whether the files that name a column which no other table has are almost all about its table. */
export function isAtHome(
  { target, tableKeys, columnKey }: Names,
  codes: readonly CodeText[],
  models: readonly Model[],
): boolean {
  const { column, isShared, isTableName } = target;
  if (column === null || isShared || isTableName === true || columnKey.length < SHORTEST) {
    return false;
  }
  const keys = new Set([...tableKeys, ...models.map(({ name }) => spellingKey(name))]);
  let [all, own] = [0, 0];
  for (const { path, text, tokens } of codes) {
    let isNamed = false;
    let isAbout = isAboutTable(path, keys);
    for (const { kind, start, end } of tokens) {
      const isText = kind === "string";
      const word = isText ? text.slice(start + 1, end - 1) : text.slice(start, end);
      if (kind === "sign" || word.length > 100) continue;
      if (spellingKey(word) === columnKey) isNamed = true;
      else if (!isText && !isAbout && isEntity(word, keys)) isAbout = true;
      if (isNamed && isAbout) break;
    }
    if (!isNamed) continue;
    all++;
    if (isAbout) own++;
  }
  return own > 0 && own >= all * SHARE;
}
