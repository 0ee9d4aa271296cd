/** How code spells a name of the database: `user_accounts` as UserAccount, userAccounts, user-account. */

/** The words of a name, in small letters: `UserAccount_id` gives user, account, id. */
export function wordsIn(name: string): readonly string[] {
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const words = cut(name);
  known.set(name, words);
  return words;
}

/** Names that were cut; the same ones come over and over. */
const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 100_000;

function cut(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    // Initialisms in the plural: contentIDs.
    .replaceAll(/([A-Z]{2,})s(?![a-z])/g, "$1_s")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9\u0080-\uffff]+/)
    .filter((word) => word !== "");
}

/** One key for all spellings of a name: its words, joined. */
export function spellingKey(name: string): string {
  return name.length > LONGEST ? name : wordsIn(name).join("");
}

/** A longer text is no name. */
const LONGEST = 256;

/** The spellings of a name in code: as it is, with underscores, in camel and Pascal case, with hyphens. */
export function spellings(name: string): readonly string[] {
  const words = wordsIn(name);
  if (words.length === 0) return [name];
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const pascal = words.map(capital).join("");
  const go = words.map((word) => INITIALISMS.has(word) ? word.toUpperCase() : capital(word));
  return [
    ...new Set([
      name,
      words.join("_"),
      words[0] + words.slice(1).map(capital).join(""),
      pascal,
      go.join(""),
      words[0] + go.slice(1).join(""),
      words.join("-"),
    ]),
  ];
}

/** Words that Go writes in capitals. */
const INITIALISMS = new Set(
  "api ascii cpu css dns html http https id ip json sql ssh tcp tls ttl udp ui uid uri url utf8 uuid xml"
    .split(" "),
);

/** A name with its last word in the singular, words joined by underscores. */
export function singular(name: string): string {
  const words = wordsIn(name);
  const last = words.at(-1) ?? "";
  return [...words.slice(0, -1), singularWord(last)].join("_");
}

/** A name with its last word in the plural, words joined by underscores. */
export function plural(name: string): string {
  const words = wordsIn(name);
  const last = words.at(-1) ?? "";
  return [...words.slice(0, -1), pluralWord(last)].join("_");
}

const IRREGULAR: readonly (readonly [one: string, many: string])[] = [
  ["person", "people"],
  ["child", "children"],
  ["man", "men"],
  ["woman", "women"],
  ["datum", "data"],
  ["medium", "media"],
  ["index", "indices"],
  ["status", "statuses"],
  ["series", "series"],
  ["news", "news"],
  ["alias", "aliases"],
];

function singularWord(word: string): string {
  const odd = IRREGULAR.find(([one, many]) => word === many || word === one);
  if (odd !== undefined) return odd[0];
  if (/[^aeiou]ies$/.test(word)) return word.replace(/ies$/, "y");
  if (/(?:ss|x|z|ch|sh)es$/.test(word)) return word.replace(/es$/, "");
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

function pluralWord(word: string): string {
  const odd = IRREGULAR.find(([one, many]) => word === one || word === many);
  if (odd !== undefined) return odd[1];
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, "ies");
  if (/(?:s|x|z|ch|sh)$/.test(word)) return /[^su]s$/.test(word) ? word : `${word}es`;
  return `${word}s`;
}

/** A name as a piece of a pattern that means just it. */
export function plainPattern(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
