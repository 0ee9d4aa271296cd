/** The small grammar of requests: what it reads is certain; for anything else it gives null. */

import { isName, listOf, partsOf, Phrase, wordsOfRequest } from "./phrase.ts";
import {
  bareWord,
  type Draft,
  emptyWish,
  flagIn,
  isBareWord,
  typeOf,
  wishIn,
  withTruth,
} from "./read_wish.ts";
import type { ColumnChange, Request, Understood } from "./request.ts";

/** The longest request, in characters. */
const LONGEST = 2000;

/** Reads a request; null for what the grammar does not know. */
export function readRequest(text: string): Understood | null {
  const words = text.length > LONGEST ? null : wordsOfRequest(text);
  if (words === null || words.length === 0) return null;
  const phrase = new Phrase(words);
  phrase.skipAll("please", "then", "now");
  const verb = phrase.take()?.toLowerCase() ?? "";
  const read = VERBS[verb];
  return read === undefined ? null : read(phrase);
}

type Reader = (phrase: Phrase) => Understood | null;

const VERBS: Readonly<Record<string, Reader>> = {
  add: readAdd,
  create: readAdd,
  drop: readDrop,
  remove: readDrop,
  delete: readDrop,
  rename: readRename,
  index: (phrase) => indexOf(phrase, false),
  make: readMake,
  change: readChange,
  set: readSet,
};

const ARTICLES = ["a", "an", "the", "new"] as const;
const IN = ["in", "on", "of", "from", "to"] as const;

function readAdd(phrase: Phrase): Understood | null {
  phrase.skipAll(...ARTICLES);
  if (phrase.skip("unique index on", "unique index to", "unique index for")) {
    return indexOf(phrase, true);
  }
  if (phrase.skip("index on", "index to", "index for")) return indexOf(phrase, false);
  if (phrase.skip("table")) return readTable(phrase);
  if (phrase.skip("view")) return readView(phrase);
  if (phrase.skip("check")) return readCheck(phrase);
  const draft = emptyWish();
  while (flagIn(phrase, draft)) phrase.skipAll(",", "and");
  phrase.skip("column", "field");
  const column = phrase.name();
  if (column === null) return null;
  const [own, ...inside] = [...partsOf(column)].reverse();
  if (own === undefined) return null;
  if (inside.length > 0) {
    const table = inside.reverse().join(".");
    return wishIn(phrase, draft, true) ? added(table, own, draft) : null;
  }
  for (const [before, after] of phrase.splits("to", "in", "on")) {
    const wish = { ...draft };
    after.skipAll("the", "table");
    const table = after.name();
    if (table === null || !wishIn(before, wish, true)) continue;
    after.skip("table");
    if (wishIn(after, wish, false)) return added(table, own, wish);
  }
  return null;
}

function added(table: string, column: string, said: Draft): Understood {
  const wish = withTruth(said);
  const bare = [wish.default, wish.fill].find((value) => value !== null && isBareWord(value));
  if (bare !== undefined && bare !== null) return bareWord(bare);
  const type = wish.type ?? typeOf(wish.fill ?? wish.default);
  if (type === null) {
    return {
      question: `What type has ${table}.${column}?`,
      options: ["text", "integer", "boolean"].map((one) => `add ${column} ${one} to ${table}`),
    };
  }
  const isRequired = wish.isRequired ?? (wish.fill !== null ? true : null);
  return { request: { kind: "add column", table, column, wish: { ...wish, type, isRequired } } };
}

function readTable(phrase: Phrase): Understood | null {
  const word = phrase.take() ?? "";
  const glued = /^([^(]+)(\(.*\))$/s.exec(word);
  const name = glued?.[1] ?? word;
  phrase.skip("with", "with columns", ":");
  const rest = glued?.[2] ?? phrase.until().join(" ");
  if (!phrase.isDone || !isName(name)) return null;
  const members = listOf(/^\(.*\)$/s.test(rest) ? rest.slice(1, -1) : rest);
  const known = members.length > 0 && members.every((member) => /^\S+\s+\S/.test(member));
  return known ? { request: { kind: "add table", name, members } } : null;
}

/** `add view recent as select id from notes` */
function readView(phrase: Phrase): Understood | null {
  const name = phrase.name();
  if (name === null || phrase.skip("as") === null) return null;
  const words = phrase.until();
  const query = words.join(" ").replaceAll(" ,", ",");
  return /^(?:select|with|values)$/i.test(words[0] ?? "") && words.length > 1
    ? { request: { kind: "add view", name, query } }
    : null;
}

/** `add check (total >= 0) to orders` */
function readCheck(phrase: Phrase): Understood | null {
  phrase.skip("that");
  for (const [before, after] of phrase.splits("to", "on")) {
    after.skipAll("the", "table");
    const table = after.name();
    const words = before.until().join(" ").replaceAll(" ,", ",");
    if (table === null || !after.isDone || words === "") continue;
    const condition = /^\([^()]*\)$/.test(words) ? words.slice(1, -1) : words;
    return { request: { kind: "add check", table, condition } };
  }
  return null;
}

function readDrop(phrase: Phrase): Understood | null {
  phrase.skipAll("the");
  const isDefault = phrase.skip("default of", "default from", "default on");
  if (isDefault) return changed(phrase, { what: "no default" });
  const what = phrase.skip("table", "index", "view", "trigger");
  if (what === "table" || what === "index" || what === "view" || what === "trigger") {
    const name = phrase.name();
    return name !== null && phrase.isDone ? { request: { kind: "drop", what, name } } : null;
  }
  const isColumn = phrase.skip("column", "field") !== null;
  const place = columnIn(phrase);
  if (place === null || !phrase.isDone) return null;
  if (place.table === null && !isColumn) {
    return { request: { kind: "drop", what: null, name: place.column } };
  }
  return { request: { kind: "drop column", ...place } };
}

interface ColumnPlace {
  readonly table: string | null;
  readonly column: string;
}

/** `email`, `users.email`, `email of users`. */
function columnIn(phrase: Phrase): ColumnPlace | null {
  phrase.skipAll("the", "column", "field");
  const name = phrase.name();
  if (name === null) return null;
  const parts = partsOf(name);
  const column = parts.at(-1) ?? name;
  if (parts.length > 1) return { table: parts.slice(0, -1).join("."), column };
  phrase.skip("column", "field");
  if (!["in", "on", "of", "from"].includes(phrase.next)) return { table: null, column };
  phrase.take();
  phrase.skipAll("the", "table");
  const table = phrase.name();
  if (table !== null) phrase.skip("table");
  return table === null ? null : { table, column };
}

function readRename(phrase: Phrase): Understood | null {
  phrase.skipAll("the");
  const what = phrase.skip("table", "column", "field");
  const place = columnIn(phrase);
  if (place === null || phrase.skip("to", "as", "into") === null) return null;
  const to = phrase.name();
  if (to === null || partsOf(to).length > 1) return null;
  const { column: from } = place;
  let { table } = place;
  if (table === null && phrase.skip(...IN) !== null) {
    phrase.skipAll("the", "table");
    table = phrase.name();
    if (table === null || what === "table") return null;
  }
  if (!phrase.isDone) return null;
  if (what === "table") {
    const name = table === null ? from : `${table}.${from}`;
    return { request: { kind: "rename", what: "table", table: null, from: name, to } };
  }
  const kind = what === null && table === null ? null : "column";
  return { request: { kind: "rename", what: kind, table, from, to } };
}

/** `users(email, name)`, `email on users`, `users by email, name`. */
function indexOf(phrase: Phrase, isUnique: boolean): Understood | null {
  phrase.skipAll("the", "table");
  const words = phrase.until("on", "of", "in", "by", "called", "named");
  const table = /^([^(]+?)\s*\((.*)\)$/s.exec(words.join(" "));
  const made = (name: string, list: string): Understood | null => {
    const columns = listOf(list.replaceAll(/\s+and\s+/gi, ","));
    phrase.skip("called", "named");
    const own = phrase.name();
    if (!isName(name) || columns.length === 0 || !columns.every(isName) || !phrase.isDone) {
      return null;
    }
    return { request: { kind: "add index", table: name, columns, isUnique, name: own } };
  };
  if (table !== null) return made(table[1] ?? "", table[2] ?? "");
  const turn = phrase.skip("on", "of", "in", "by");
  if (turn === null) return null;
  phrase.skipAll("the", "table");
  const other = phrase.until("called", "named").join(" ");
  return turn === "by" || isColumnList(other, words)
    ? made(words.join(" "), other)
    : made(other, words.join(" "));
}

/** `on` stands before the columns only where several of them follow. */
function isColumnList(text: string, before: readonly string[]): boolean {
  return before.length === 1 && /,|\sand\s/i.test(text);
}

function readMake(phrase: Phrase): Understood | null {
  const place = columnIn(phrase);
  if (place === null) return null;
  const wish = emptyWish();
  phrase.skipAll("a", "an");
  if (flagIn(phrase, wish)) {
    const tail = place.table === null ? tableIn(phrase) : place.table;
    phrase.skip(",");
    if (!phrase.isDone && (wish.isRequired !== true || !wishIn(phrase, wish, false))) return null;
    const others = wish.default !== null || wish.references !== null;
    if (others || (wish.isUnique && wish.isRequired !== null)) return null;
    if (wish.fill !== null && isBareWord(wish.fill)) return bareWord(wish.fill);
    const change: ColumnChange = wish.isUnique
      ? { what: "unique" }
      : wish.isRequired === true
      ? { what: "required", fill: wish.fill }
      : { what: "optional" };
    return { request: { kind: "change column", column: place.column, table: tail, change } };
  }
  if (phrase.skip("default to", "default") !== null) return newDefault(phrase, place);
  const type = phrase.until(",", "in", "on").join(" ");
  return TYPES.test(type) ? ofType(phrase, place, type) : null;
}

/** Types that are known by their names: behind "make", anything else may be no type at all. */
const TYPES =
  /^(?:big|small|medium|tiny)?(?:int|serial)\b|^(?:integer|bigint|smallint|numeric|decimal|real|double|float|text|var|char|bool|date|time|interval|uuid|json|bytea|blob|bit|inet|citext)/i;

function ofType(phrase: Phrase, place: ColumnPlace, type: string): Understood | null {
  const table = place.table ?? tableIn(phrase);
  if (!phrase.isDone || !/^[\p{L}_"]/u.test(type)) return null;
  return {
    request: {
      kind: "change column",
      column: place.column,
      table,
      change: { what: "type", sql: type },
    },
  };
}

function newDefault(phrase: Phrase, place: ColumnPlace): Understood | null {
  const value = phrase.until("in", "on", ",").join(" ");
  const table = place.table ?? tableIn(phrase);
  if (value === "" || !phrase.isDone) return null;
  if (isBareWord(value)) return bareWord(value);
  const change: ColumnChange = { what: "default", sql: value };
  return { request: { kind: "change column", column: place.column, table, change } };
}

/** The table that is named behind; null for none. */
function tableIn(phrase: Phrase): string | null {
  if (phrase.skip("in", "on", "of") === null) return null;
  phrase.skipAll("the", "table");
  return phrase.name();
}

/** `change [the type of] price in items to bigint` */
function readChange(phrase: Phrase): Understood | null {
  phrase.skipAll("the");
  if (phrase.skip("default of", "default for")) return setDefault(phrase);
  phrase.skip("type of");
  const place = columnIn(phrase);
  if (place === null || phrase.skip("to type", "to", "into") === null) return null;
  return ofType(phrase, place, phrase.until(",", "in", "on").join(" "));
}

/** `set [the] default of status in orders to 'new'` */
function readSet(phrase: Phrase): Understood | null {
  phrase.skipAll("the");
  if (phrase.skip("default of", "default for")) return setDefault(phrase);
  const place = columnIn(phrase);
  if (place === null || phrase.skip("default to", "default") === null) return null;
  return newDefault(phrase, place);
}

function setDefault(phrase: Phrase): Understood | null {
  const place = columnIn(phrase);
  if (place === null || phrase.skip("to", "=") === null) return null;
  return newDefault(phrase, place);
}

function changed(phrase: Phrase, change: ColumnChange): Understood | null {
  const place = columnIn(phrase);
  if (place === null || !phrase.isDone) return null;
  const request: Request = { kind: "change column", ...place, change };
  return { request };
}
