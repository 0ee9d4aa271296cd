/** Uses of tables and columns in code, by names: of models and their members, of variables that are called as the table is. */

import {
  firstFrom,
  isKey,
  linesBetween,
  NEAR,
  nearEntity,
  nextSigns,
  receiverOf,
} from "./around.ts";
import { lineAt, placeOf } from "./line_index.ts";
import type { Literal } from "./literals.ts";
import { type CodeText, isAboutTable, isEntity, lastPart, type Model } from "./models.ts";
import { isFragment, namesWord } from "./queries.ts";
import { singular, spellingKey, wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";
import type { Use } from "./use.ts";

/** The models of each target, by file. */
export type KnownModels = ReadonlyMap<Names, ReadonlyMap<string, readonly Model[]>>;

interface CodeOptions {
  readonly known: KnownModels;
  /** Statements among the strings, which are judged otherwise. */
  readonly taken: readonly Literal[];
}

/** Uses in words of code. */
export function codeUses(code: CodeText, names: Names, { known }: CodeOptions): readonly Use[] {
  const { target } = names;
  if (["values", "value-drop", "value-rename", "nullable"].includes(target.change)) return [];
  const models = known.get(names)?.get(code.path) ?? [];
  if (target.change === "require" || target.change === "retype") {
    return declaredUses(code, names, models);
  }
  return target.column === null
    ? tableUses(code, names, models, allModels(known, names))
    : columnUses(code, names, models, allModels(known, names));
}

/** Uses in a string that is no statement. */
export function stringUses(
  code: CodeText,
  literal: Literal,
  names: Names,
  { known, at }: { readonly known: KnownModels; readonly at: (offset: number) => number },
): readonly Use[] {
  const { target, columns, columnKey } = names;
  if (target.change !== "drop" && target.change !== "rename") return [];
  const { value } = literal;
  if (NO_USE.test(value)) return [];
  const use = (
    offset: number,
    why: string,
  ) => [useAt(code, at(offset), { names, via: "code", why })];
  if (target.column === null) {
    if (lastPart(value) === target.table && isTableText(code, literal, target.table)) {
      return use(0, `a text is the table's name`);
    }
    const place = tableClause(value, target.table);
    return place === null ? [] : use(place, `a piece of SQL names ${target.table}`);
  }
  const { column } = target;
  const spelled = [...columns].find((name) => holds(value, name)) ??
    (spellingKey(value) === columnKey ? value : undefined);
  if (spelled === undefined) return [];
  const offset = value.search(new RegExp(`(?<![A-Za-z0-9])${escape(spelled)}(?![A-Za-z0-9])`));
  const models = known.get(names)?.get(code.path) ?? [];
  const isInside = models.some(({ start, end }) => literal.start >= start && literal.start < end);
  if (isInside && value === column) {
    return use(offset, `a model of ${target.table} names ${column}`);
  }
  if (names.isTelling) return use(offset, `a text names ${spelled}`);
  if (isFragment(value) && namesWord(value, spelled) && entityWord(value, names)) {
    return use(offset, `a piece of SQL names ${target.table} and ${spelled}`);
  }
  if (value !== spelled) return [];
  const near = nearEntity(code, literal.start, names);
  return near === null ? [] : use(offset, `a text is ${spelled}, near ${near}`);
}

/** Definitions of tables, which are history, and keys of translations: `form.user.full_name`. */
const NO_USE = /^\s*(?:create|alter|drop)\s+table\b|^[\w-]+(?:\.[\w-]+){2,}$/i;

/** Whether a text is meant as a table: by its own words, or by what it is given to. */
function isTableText({ text }: CodeText, { start }: Literal, table: string): boolean {
  if (wordsIn(table).length > 1) return true;
  return /(?:table|from|into|join|entity|model|collection|knex|db)\w*\W{0,3}$/i.test(
    text.slice(Math.max(0, start - 40), start),
  );
}

/** Where a piece of SQL names a table as one; null where it does not. */
function tableClause(value: string, table: string): number | null {
  const clause = new RegExp(
    `\\b(?:from|join|into|update|only|references)\\s+["\`[]?(?:\\w+["\`\\]]?\\.["\`[]?)?(?=${
      escape(table)
    }\\b)`,
    "i",
  ).exec(value);
  return clause === null ? null : clause.index + clause[0].length;
}

/** The model's declaration, and the member for the column where it has one. */
function declaredUses(code: CodeText, names: Names, models: readonly Model[]): readonly Use[] {
  const { target } = names;
  return models.flatMap((model): readonly Use[] => {
    const member = memberOffset(code, names, model);
    if (target.change === "retype") {
      const why = `the model ${model.name} has ${target.column}, whose type becomes ${target.to}`;
      return member === null ? [] : [useAt(code, member, { names, via: "model", why })];
    }
    if (member !== null || !hasMembers(code, model)) return [];
    const why = `the model ${model.name} has nothing for ${target.column}, which must have a value`;
    return [useAt(code, model.at, { names, via: "model", why })];
  });
}

/** A model without columns of its own (ActiveRecord, Eloquent) lacks none. */
function hasMembers({ language }: CodeText, { isMapped }: Model): boolean {
  return isMapped && language.name !== "Ruby" && language.name !== "PHP";
}

/** Where a model declares its member for the column; null where it does not. */
export function memberOffset(
  { text, tokens }: CodeText,
  { columnKey }: Names,
  { at, end, members }: Model,
): number | null {
  for (let index = firstFrom(tokens, at + 1); index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined || token.start >= end) break;
    if (token.kind !== "word") continue;
    if (isNamed(text.slice(token.start, token.end), columnKey, members)) return token.start;
  }
  return null;
}

function isNamed(word: string, columnKey: string, members: readonly string[]): boolean {
  return spellingKey(word) === columnKey || members.includes(word);
}

function allModels(known: KnownModels, names: Names): readonly Model[] {
  return [...known.get(names)?.values() ?? []].flat();
}

function tableUses(
  code: CodeText,
  names: Names,
  models: readonly Model[],
  all: readonly Model[],
): readonly Use[] {
  const { text, tokens, language } = code;
  const { target } = names;
  if (language.isPlain === true) return [];
  const called = new Set(all.map(({ name }) => name));
  // Where a table is renamed, the model's declaration is what must say so; all else keeps the model's name.
  const follows = target.change === "drop";
  const found = models.map((model) =>
    useAt(code, model.at, {
      names,
      via: "model",
      why: `the model ${model.name} is that of the table ${target.table}`,
    })
  );
  const isTelling = wordsIn(target.table).length > 1;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "word") continue;
    if (found.length >= MOST_USES) break;
    const word = text.slice(token.start, token.end);
    const isModel = follows && called.has(word);
    const isTable = word === target.table &&
      (isTelling || isReceived(text, tokens, index) || nextSigns(text, tokens, index) === "::");
    if (!isModel && !isTable) continue;
    const why = isModel ? `it uses the model ${word}` : `it names ${target.table}`;
    found.push(useAt(code, token.start, { names, via: "code", why }));
  }
  return found;
}

/** Clients by which tables are reached: `prisma.user`, `db.users`, `schema.users`. */
function isReceived(text: string, tokens: CodeText["tokens"], index: number): boolean {
  const receiver = receiverOf(text, tokens, index);
  return receiver !== null &&
    /^(?:prisma|db|tx|trx|schema|tables?|client|database|context)$/i.test(receiver);
}

function columnUses(
  code: CodeText,
  names: Names,
  models: readonly Model[],
  all: readonly Model[],
): readonly Use[] {
  const { text, tokens, language } = code;
  const { target, tableKeys } = names;
  const members = [...new Set(all.flatMap(({ members }) => members))];
  const called = new Set(all.map(({ name }) => spellingKey(name)));
  const keys = new Set([...tableKeys, ...called]);
  const found: Use[] = [];
  const isAbout = isAboutTable(code.path, keys);
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
      if (receiver !== null && isEntity(receiver, keys)) {
        add("code", `it uses ${receiver}.${word}`);
        continue;
      }
      const isOther = imported.has(word) ||
        nextSigns(text, tokens, index)[0] === "." && exported.has(word);
      if (receiver === null && isOther && !isKey(text, tokens, index)) continue;
      if (receiver !== null && !isAnything(receiver)) continue;
      const isOwn = !target.isShared || isAbout;
      if (language.isPlain === true && !isAbout || !isOwn && receiver !== null) continue;
      if (isAbout) {
        add("code", `it names ${word} in a file about ${target.table}`);
        continue;
      }
      if (near === null || !isOwn && !isKey(text, tokens, index)) continue;
      if (linesBetween(text, near.at, token.start) <= (isOwn ? OWN_NEAR : NEAR)) {
        add("code", `it names ${word}, near ${near.word}`);
      }
    }
  }
  return found;
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
  readonly form: ReturnType<typeof formOf>;
  readonly isCompound: boolean;
}

/** So many uses of one thing in one file are told. */
const MOST_USES = 1000;

/** The same for a column that no other table has. */
const OWN_NEAR = 15;

function isTellingMember(word: string): boolean {
  return wordsIn(word).length > 1;
}

/** How a word names a column; null when it does not. */
function formOf(
  word: string,
  { columns, columnKey, isTelling }: Names,
  members: readonly string[],
): "name" | "accessor" | "member" | null {
  const key = spellingKey(word);
  if (columns.has(word) || key === columnKey) return "name";
  if (members.includes(word)) return "member";
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
    "length min max count type test tests spec tx from to with and or ref path url url text str string enum option options on off only select checkbox")
    .split(" "),
);

/** Whether a name is made of the table's and the column's: SITE_DESCRIPTION_LENGTH. */
function isCompound(word: string, { tableKeys, columnKey }: Names): boolean {
  const key = spellingKey(word);
  return key.includes(columnKey) &&
    [...tableKeys].some((table) =>
      key.includes(table + columnKey) && hasWordAt(word, table + columnKey)
    );
}

const ACCESSOR =
  /^(?:get|set|is|has|with|(?:find|getall|findall|exists|count|delete|get)by|update|by)$/;

/** Whether the words of a name hold those of a column, whole. */
function hasWordAt(word: string, columnKey: string): boolean {
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

function entityWord(value: string, { tableKeys }: Names): boolean {
  return (value.match(/\w+/g) ?? []).some((word) => isEntity(word, tableKeys));
}

function holds(value: string, name: string): boolean {
  return value.includes(name) &&
    new RegExp(`(?<![A-Za-z0-9])${escape(name)}(?![A-Za-z0-9])`).test(value);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A likely use at an offset of the file. */
export function useAt(
  { path, text }: CodeText,
  offset: number,
  { names, via, why }: { readonly names: Names; readonly via: Use["via"]; readonly why: string },
): Use {
  const { line, column } = placeOf(text, offset);
  const source = lineAt(text, offset).trim();
  return {
    target: names.target,
    certainty: "likely",
    file: path,
    line,
    column,
    via,
    why,
    text: source.slice(0, 200),
  };
}
