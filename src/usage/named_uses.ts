/** Places that name what goes away and say nothing else of it: another thing of that name, or what a chain of layers made of it. */

import { holdsKey } from "./at_home.ts";
import type { Literal } from "./literals.ts";
import { placeOf } from "./line_index.ts";
import type { CodeText, Model } from "./models.ts";
import { singular, spellingKey, wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";
import { useAt } from "./use_at.ts";
import { MOST_USES, type Use } from "./use.ts";
import { hasWordAt } from "./word_form.ts";

/** What is left to look at. */
interface NamedOptions {
  /** Lines of the file that were found to use the target. */
  readonly found: ReadonlySet<number>;
  /** Statements among the strings, which the server judges; in order. */
  readonly taken: readonly Literal[];
  /** Of the target, in all files. */
  readonly models: readonly Model[];
}

/**
 * Lines of a file that name a target in any spelling, within longer names, comments, texts and templates too. A column of one word, or that
 * other tables have as well, counts in files that name its table.
 */
export function namedUses(
  code: Pick<CodeText, "path" | "text">,
  names: Names,
  { found, taken, models }: NamedOptions,
): readonly Use[] {
  const { target, tableKeys } = names;
  if (target.change !== "drop" && target.change !== "rename") return [];
  const key = spellingKey(target.column ?? singular(target.table));
  const words = wordsIn(target.column ?? singular(target.table));
  if (words.length === 0) return [];
  const keys = new Set([...tableKeys, ...models.map(({ name }) => spellingKey(name))]);
  const isOwn = names.isTelling || words.length > 1 && !target.isShared;
  if (!isOwn && found.size === 0 && !isAbout(code, keys)) return [];
  const places = [...code.text.matchAll(new RegExp(words.join("[-_ ]?"), "gi"))];
  const seen = new Set(found);
  const uses: Use[] = [];
  let query = 0;
  for (const { index } of places) {
    if (uses.length >= MOST_USES) break;
    while ((taken[query]?.end ?? Infinity) <= index) query++;
    if ((taken[query]?.start ?? Infinity) <= index) continue;
    const word = wordAround(code.text, index);
    if (!hasWordAt(word, key) && !hasWordAt(singular(word), key)) continue;
    const { line } = placeOf(code.text, index);
    if (seen.has(line)) continue;
    seen.add(line);
    const why = `it names ${word}`;
    uses.push({ ...useAt(code, index, { names, via: "code", why }), certainty: "named" });
  }
  return uses;
}

/** A longer word is no name. */
const LONGEST = 100;

/** The whole name that a place is in, blanks between its words included. */
function wordAround(text: string, index: number): string {
  const start = index -
    (/[\w$-]{0,80}$/.exec(text.slice(Math.max(0, index - 80), index))?.[0].length ?? 0);
  return /^[\w$-]+(?: \w+)?/.exec(text.slice(start, start + 200))?.[0] ?? "";
}

/** Whether a file names a table, in its path or its text. */
function isAbout(
  { path, text }: Pick<CodeText, "path" | "text">,
  tableKeys: ReadonlySet<string>,
): boolean {
  if (path.split(/[/.]/).some((part) => holdsKey(part, tableKeys))) return true;
  return [...new Set(text.match(/\w+/g))]
    .some((word) => word.length <= LONGEST && holdsKey(word, tableKeys));
}
