/** How a word of code names a column: by its name, an accessor, a member of the model, or together with its table. */

import { singular, spellingKey, wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";

/** How a word names a column; null when it does not. */
export type WordForm = "name" | "accessor" | "member" | null;

/** How a word names a column; null when it does not. */
export function formOf(
  word: string,
  { columns, columnKey, isTelling }: Names,
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
  return isTelling && endsOn(word, columnKey) ? "accessor" : null;
}

/** Whether the words of a name hold those of a column, with none behind them that make it a thing of its own: `isDraft`, not `isDraftActivity`. */
function endsOn(word: string, columnKey: string): boolean {
  const words = [...wordsIn(/\d$/.test(columnKey) ? word : word.replace(/\d+$/, ""))];
  while (words.length > 0) {
    const key = words.join("");
    if (key.endsWith(columnKey) && hasWordAt(words.join("_"), columnKey)) return true;
    const last = words.at(-1) ?? "";
    if (!BEHIND.has(last)) return false;
    words.pop();
  }
  return false;
}

/** What accessors, conditions, parameters and elements of forms put behind a column's name. */
const BEHIND = new Set(
  ("s id ids key keys value values name label column field input param params attr attribute property prop list set array map in eq ne not lt gt " +
    "lte gte like between asc desc was changed before after by at is null nil default error errors control header cell filter sort index idx " +
    "length min max count type test tests spec tx from to with and or ref path url url text str string enum option options on off only select checkbox display")
    .split(" "),
);

/** Whether a name is made of the table's and the column's: SITE_DESCRIPTION_LENGTH. */
export function isCompound(word: string, { tableKeys, columnKey }: Names): boolean {
  const key = spellingKey(word);
  return key.includes(columnKey) &&
    [...tableKeys].some((table) =>
      key.includes(table + columnKey) && hasWordAt(word, table + columnKey)
    );
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
