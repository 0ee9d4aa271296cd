/** How a word of code names a column: by its name, an accessor, a member of the model, or together with its table. */

import { singular, spellingKey, wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";

/** How a word names a column; null when it does not. */
export type WordForm = "name" | "accessor" | "member" | null;

/** How a word names a column; null when it does not. */
export function formOf(
  word: string,
  { columns, columnKey, tableKeys, isTelling }: Names,
  members: readonly string[],
): WordForm {
  const key = spellingKey(word);
  if (columns.has(word) || key === columnKey) return "name";
  if (members.includes(word)) return "member";
  // A list of its values: `runner_ids`.
  if (isTelling && spellingKey(singular(word)) === columnKey) return "accessor";
  if (!key.includes(columnKey)) return null;
  const rest = key.slice(0, key.length - columnKey.length);
  if (key.endsWith(columnKey) && ACCESSOR.test(rest) && hasWordAt(word, columnKey)) {
    return "accessor";
  }
  return isTelling && endsOn(word, { columnKey, tableKeys }) ? "accessor" : null;
}

/**
 * Whether the words of a name hold those of a column, with none around them that make it a thing of its own: `showIsDraft`, `orderIsDraft`,
 * not `isDraftActivity` or `globalIsDraft`.
 */
function endsOn(word: string, { columnKey, tableKeys }: Pick<Names, "columnKey" | "tableKeys">) {
  const words = [...wordsIn(/\d$/.test(columnKey) ? word : word.replace(/\d+$/, ""))];
  let isPlural = false;
  while (words.length > 0) {
    const front = frontOf(words, columnKey);
    if (front !== null) return isFront(front, tableKeys);
    const last = words.at(-1) ?? "";
    // A list of them: `isDraftIDs`. With `Id` it is a column of its own.
    if (!BEHIND.has(last) && !(last === "id" && isPlural)) return false;
    isPlural = last === "s";
    words.pop();
  }
  return false;
}

/** The words before those of a column, with which a name ends; null where it does not. */
function frontOf(words: readonly string[], columnKey: string): readonly string[] | null {
  let joined = "";
  for (let at = words.length - 1; at >= 0 && joined.length < columnKey.length; at--) {
    joined = words[at] + joined;
    if (joined === columnKey) return words.slice(0, at);
  }
  return null;
}

/** Whether what stands before a column's name leaves it what it is: nothing, its table, or what is done with it. */
function isFront(front: readonly string[], tableKeys: ReadonlySet<string>): boolean {
  const [first = ""] = front;
  return first.length < 2 || FRONT.has(first) || tableKeys.has(front.join("")) ||
    tableKeys.has(spellingKey(singular(front.join("_"))));
}

/** What accessors, flags and copies put before a column's name. */
const FRONT = new Set(
  ("get set is has with without find where by to from on no not use show hide toggle enable disable check validate validates verify needs need update " +
    "change edit save load read write parse format import export add remove clear reset handle assert expect test should filter sort order group count " +
    "sum max min new old prev previous prior next last current original initial updated changed my the this that include exclude select render display fill")
    .split(" "),
);

/** What accessors, conditions, parameters and elements of forms put behind a column's name. */
const BEHIND = new Set(
  ("s ids key keys value values label column field input param params attr attribute property prop list set array map in eq ne not lt gt " +
    "lte gte like between asc desc was changed before after by at is null nil default error errors control header cell filter sort index idx " +
    "length min max count type test tests spec tx from to with and or ref path url url text str string enum option options on off only select checkbox display")
    .split(" "),
);

/**
 * Whether a name is made of the table's and the column's: SITE_DESCRIPTION_LENGTH, siteDescription; not a type (`SiteDescription`), nor
 * another table.
 */
export function isCompound(word: string, { tableKeys, otherKeys, columnKey }: Names): boolean {
  if (/^[A-Z][a-z]/.test(word) || !spellingKey(word).includes(columnKey)) return false;
  const words = [...wordsIn(word)];
  while (words.length > 0) {
    const front = frontOf(words, columnKey);
    if (front !== null) {
      return front.length > 0 && !otherKeys.has(words.join("")) &&
        (tableKeys.has(front.join("")) || tableKeys.has(spellingKey(singular(front.join("_")))));
    }
    if (!BEHIND.has(words.at(-1) ?? "")) return false;
    words.pop();
  }
  return false;
}

const ACCESSOR =
  /^(?:get|set|is|has|with|(?:find|getall|findall|exists|count|delete|get)by|update|by)$/;

/** Whether the words of a name hold those of a column, whole. */
export function hasWordAt(word: string, columnKey: string): boolean {
  const words = wordsIn(word);
  for (let from = 0; from < words.length; from++) {
    let joined = "";
    for (let to = from; to < words.length && joined.length < columnKey.length; to++) {
      joined += words[to];
      if (joined === columnKey) return true;
    }
  }
  return false;
}
