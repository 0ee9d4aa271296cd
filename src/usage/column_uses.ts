/** Uses of a column in words of code: of models and their members, of variables that are called as the table is. */

import { isKey, linesBetween, NEAR, nextSigns, receiverOf } from "./around.ts";
import { boundNames } from "./bound_names.ts";
import { type CodeText, isAboutTable, isEntity, isMeant, isOfOther, type Model } from "./models.ts";
import { singular, spellingKey, wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";
import { useAt } from "./use_at.ts";
import { MOST_USES, type Use } from "./use.ts";
import { enclosingEntity } from "./enclosing.ts";
import { formOf, isCompound, type WordForm } from "./word_form.ts";

/** The places, at most `MOST_USES`. `models` are those of the table in this text, `all` those of the whole program. */
export function columnUses(
  code: CodeText,
  names: Names,
  models: readonly Model[],
  all: readonly Model[],
): readonly Use[] {
  const { text, tokens, language } = code;
  const { target, tableKeys, otherKeys } = names;
  const members = [...new Set(all.flatMap(({ members }) => members))];
  const called = new Set(all.map(({ name }) => spellingKey(name)));
  const keys = new Set([...tableKeys, ...called]);
  const found: Use[] = [];
  const isAbout = isAboutTable(code.path, keys) &&
    !isOfOther(code.path.slice(code.path.lastIndexOf("/") + 1), otherKeys);
  const isOwnWord = (word: string) => isMeant(word, keys, otherKeys);
  const isBound = boundNames(code, keys);
  const imported = importedNames(text);
  const exported = exportedNames(text);
  let near: { readonly word: string; readonly at: number } | null = null;
  const meanings = new Map<string, Meaning>();
  const meaningOf = (word: string): Meaning => {
    const before = meanings.get(word);
    if (before !== undefined) return before;
    const form = formOf(word, names, members);
    const meaning = {
      isEntity: isEntity(word, keys),
      form,
      isCompound: form === null && target.isShared && isCompound(word, names),
    };
    meanings.set(word, meaning);
    return meaning;
  };
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "word") continue;
    if (found.length >= MOST_USES) break;
    const word = text.slice(token.start, token.end);
    const meaning = meaningOf(word);
    if (meaning.isEntity) near = { word, at: token.start };
    const { form } = meaning;
    if (form === null) {
      if (meaning.isCompound) {
        found.push(useAt(code, token.start, { names, via: "code", why: `it names ${word}` }));
      }
      continue;
    }
    const model = models.find(({ start, end }) => token.start >= start && token.start < end);
    const add = (via: Use["via"], why: string) =>
      found.push(useAt(code, token.start, { names, via, why }));
    if (model !== undefined) {
      add("model", `the model ${model.name} of ${target.table} has ${word}`);
    } else if (names.isTelling && form !== "member" || form === "member" && isTellingMember(word)) {
      add("code", `it names ${word}`);
    } else {
      const receiver = receiverOf(text, tokens, index);
      if (receiver !== null && OF_LISTS.has(word.toLowerCase()) && isList(receiver)) continue;
      if (receiver !== null && (isEntity(receiver, keys) || isBound(receiver, token.start))) {
        add("code", `it uses ${receiver}.${word}`);
        continue;
      }
      const isOther = imported.has(word) ||
        nextSigns(text, tokens, index)[0] === "." && exported.has(word);
      if (receiver === null && isOther && !isKey(text, tokens, index)) continue;
      if (receiver !== null && !isAnything(receiver)) continue;
      const isOwn = !target.isShared || isAbout;
      if (language.isPlain === true && !isAbout || !isOwn && receiver !== null) continue;
      if (isPathPart(text, token)) continue;
      const own = receiver === null ? enclosingEntity(code, index, isOwnWord) : null;
      if (own !== null) {
        add("code", `${own} is given ${word}`);
      } else if (isAbout) {
        // A variable or a parameter may well be called so there.
        const isBare = target.isShared && receiver === null && !isKey(text, tokens, index);
        if (!isBare) add("code", `it names ${word} in a file about ${target.table}`);
      } else if (isOwn && near !== null) {
        if (linesBetween(text, near.at, token.start) <= NEAR) {
          add("code", `it names ${word}, near ${near.word}`);
        }
      }
    }
  }
  return found;
}

/** `/template/header.jsp`, `</template>`: a folder, an element. */
function isPathPart(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
) {
  return text.charAt(start - 1) === "/" || text.charAt(end) === "/" && text.charAt(end + 1) !== "/";
}

/** Names that a file takes from others: they are what they are there. */
function importedNames(text: string): ReadonlySet<string> {
  const lists = text.matchAll(
    /^\s*(?:import\s+([^;"'()]{1,2000}?)\s+from\s|from\s+\S+\s+import\s+\(?([^)\n]{1,2000}))/gm,
  );
  return new Set(
    [...lists].flatMap(([, script = "", python = ""]) => (script + python).match(/\w+/g) ?? []),
  );
}

/** What a file makes for others. */
function exportedNames(text: string): ReadonlySet<string> {
  const made = text.matchAll(/^export\s+(?:const|let|function|class|enum)\s+(\w+)/gm);
  return new Set([...made].map(([, name = ""]) => name));
}

/** Properties that every list has. */
const OF_LISTS = new Set(["count", "length", "size"]);

function isList(receiver: string): boolean {
  return spellingKey(singular(receiver)) !== spellingKey(receiver);
}

/** Whether a receiver may be a row of any table, or is none that is named: `this`, `row`, `data`, `x`. */
function isAnything(receiver: string): boolean {
  return receiver.length < 3 || ANYTHING.has(receiver.toLowerCase().replace(/^[$@_]+/, ""));
}

const ANYTHING = new Set(
  ("this self static super item items element row rows record entry object obj data result results res req request body params param input " +
    "dto form values value props args arg model entity instance doc document current old next prev event payload json attrs attributes fields " +
    "options opts update updates updated create created insert first last one found existing expected actual other response query where")
    .split(" "),
);

/** What a word says. */
interface Meaning {
  readonly isEntity: boolean;
  readonly form: WordForm;
  readonly isCompound: boolean;
}

function isTellingMember(word: string): boolean {
  return wordsIn(word).length > 1;
}
