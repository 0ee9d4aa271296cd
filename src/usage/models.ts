/**
 * Classes, structs and schemas of code that stand for a table, whatever the library: what says the table's name in a string at its head
 * (`@Table(name = "t")`, `__tablename__ = "t"`, `@@map("t")`), or is called as the table is.
 */

import type { CodeString, CodeToken } from "./code_scanner.ts";
import type { Language } from "./language.ts";
import { lineAt } from "./line_index.ts";
import { singular, spellingKey, wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";

/** A declaration of a file. */
export interface Declaration {
  readonly name: string;
  /** Where its name stands. */
  readonly at: number;
  /** From its annotations on. */
  readonly start: number;
  readonly end: number;
}

/** A declaration that stands for a table. */
export interface Model extends Declaration {
  /** It says the table's name; else its own name is that of the table. */
  readonly isMapped: boolean;
  /** Names of its members for the column that is asked for, other than spellings of the column. */
  readonly members: readonly string[];
}

/** A file cut into tokens. */
export interface CodeText {
  readonly path: string;
  readonly text: string;
  readonly language: Language;
  readonly tokens: readonly (CodeToken | CodeString)[];
}

const DECLARES = new Set(
  ["class", "struct", "interface", "model", "object", "record", "trait", "type", "enum"],
);

/** A file that is written by hand declares no more. */
const MOST = 500;

/** All declarations of a file. */
export function declarationsIn(code: CodeText): readonly Declaration[] {
  const { text, tokens, language } = code;
  const word = (index: number) => {
    const token = tokens[index];
    return token?.kind === "word" ? text.slice(token.start, token.end) : null;
  };
  const found: Declaration[] = [];
  for (const [index, token] of tokens.entries()) {
    const first = word(index);
    if (first === null) continue;
    if (found.length >= MOST) break;
    const named = namedBy(first, index, word, { text, tokens });
    if (named === null) continue;
    const name = word(named) ?? "";
    const at = tokens[named]?.start ?? token.start;
    const end = language.name === "Python" || language.name === "Ruby"
      ? indentedEnd(text, token.start)
      : blockEnd(text, tokens, named);
    found.push({ name, at, start: headStart(text, token.start), end });
  }
  return found;
}

/** Index of the name that a token declares; null where it declares none. */
function namedBy(
  first: string,
  index: number,
  word: (index: number) => string | null,
  { text, tokens }: Pick<CodeText, "text" | "tokens">,
): number | null {
  const sign = (at: number) => {
    const token = tokens[at];
    return token?.kind === "sign" ? text.charAt(token.start) : "";
  };
  if (DECLARES.has(first)) {
    const name = word(index + 1);
    if (name === null || !/^[A-Za-z_]/.test(name) || DECLARES.has(name)) return null;
    let at = index + 1;
    // Ruby: `class Account::Entry`.
    while (sign(at + 1) === ":" && sign(at + 2) === ":" && word(at + 3) !== null) at += 3;
    return at;
  }
  if (first === "const" && sign(index + 2) === "=" && /table$/i.test(word(index + 3) ?? "")) {
    return index + 1;
  }
  if (first === "table" && sign(index + 1) === "!") {
    return word(index + 3) === null ? null : index + 3;
  }
  return null;
}

/** The end of the braces, or the parentheses, behind a name. */
function blockEnd(text: string, tokens: CodeText["tokens"], from: number): number {
  let depth = 0;
  let last = tokens[from]?.end ?? text.length;
  for (let at = from + 1; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.kind !== "sign") continue;
    const sign = text.charAt(token.start);
    if (sign === ";" && depth === 0) return token.end;
    if ("{([".includes(sign)) depth++;
    else if ("})]".includes(sign)) {
      depth--;
      last = token.end;
      if (depth < 0) return last;
      if (depth > 0) continue;
      if (sign === "}") return last;
      // Members may follow those in parentheses.
      const rest = /^[^\n]*/.exec(text.slice(last, last + 200))?.[0] ?? "";
      if (!rest.includes("{")) return last;
    }
  }
  return last;
}

/** The end of the lines that are indented more than the one of an offset. */
function indentedEnd(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset) + 1;
  const depth = offset - start;
  let at = text.indexOf("\n", offset);
  while (at >= 0) {
    const next = text.indexOf("\n", at + 1);
    const line = text.slice(at + 1, next < 0 ? text.length : next);
    if (line.trim() !== "" && line.length - line.trimStart().length <= depth) return at;
    at = next;
  }
  return text.length;
}

/** Where annotations directly above a declaration begin. */
function headStart(text: string, offset: number): number {
  let start = text.lastIndexOf("\n", offset - 1) + 1;
  for (let lines = 0; lines < 8 && start > 0; lines++) {
    const before = text.lastIndexOf("\n", start - 2) + 1;
    const line = text.slice(before, start - 1).trim();
    if (!/^[@[#)]|^\w+ *=|,$/.test(line) || /^#\s*(?:include|define)/.test(line)) break;
    start = before;
  }
  return start;
}

/** The declarations of a file that stand for the table of a target. */
export function modelsOf(
  code: CodeText,
  declarations: readonly Declaration[],
  names: Names,
): readonly Model[] {
  const { text, tokens, path } = code;
  const { target: { table, column }, tableKeys } = names;
  const goNames = new Set(
    [...text.matchAll(
      /func \([^)]{0,100}?(\w{1,100})\) ?TableName\(\)[^{]{0,100}\{\s{0,9}return ["`]([^"`]{1,200})["`]/g,
    )]
      .flatMap(([, name = "", said = ""]) => lastPart(said) === table ? [name] : []),
  );
  const said = tokens.filter((token): token is CodeString =>
    token.kind === "string" && lastPart((token as CodeString).value) === table &&
    MAPS.test(lineAt(text, token.start))
  );
  return declarations.flatMap((declared): readonly Model[] => {
    const { name, start, at, end } = declared;
    const head = text.slice(start, at);
    const isMapped = goNames.has(name) || isAttributed(head, table) ||
      isOfApp(name, path, tableKeys) ||
      said.some((string) => string.start >= start && string.start < end);
    if (!isMapped && isOfOther(name, names.otherKeys)) return [];
    if (!isMapped && !isCalledAs(name, path, tableKeys) && !isCarrier(name, tableKeys)) return [];
    const members = column === null ? [] : membersOf(code, declared, column);
    return [{ ...declared, isMapped, members }];
  });
}

/** Lines that say which table is meant. */
const MAPS = /table|entity|map|storage|collection|relation/i;

function isAttributed(head: string, table: string): boolean {
  return [...head.matchAll(/table(?:_name)?\s*=\s*"?(\w+)/g)].some(([, name]) => name === table);
}

/** `User`, `UserEntity`, `users`; in Python also `Check` of the folder `api`, for api_check. */
function isCalledAs(name: string, path: string, keys: ReadonlySet<string>): boolean {
  const plain = name.replace(/(?<=.)(?:Model|Entity|Record|Row|Table|Schema|Dto|DTO)$/, "");
  return keys.has(spellingKey(name)) || keys.has(spellingKey(plain)) || isOfApp(name, path, keys);
}

/** Django: the class Check of the folder api, or of one in it, is api_check; a module of Rails: Product of spree is spree_products. */
function isOfApp(name: string, path: string, keys: ReadonlySet<string>): boolean {
  return /\.(?:py|rb|php)$/.test(path) &&
    path.split("/").slice(-3, -1).some((app) =>
      app !== "" && keys.has(spellingKey(app) + spellingKey(name))
    );
}

/** The members of a declaration that say the column's name in a string. */
function membersOf(
  { text, tokens, language }: CodeText,
  { start, end }: Declaration,
  column: string,
): readonly string[] {
  const members = new Set<string>();
  if (language.name === "Ruby" || language.name === "PHP") return [];
  for (const token of tokens) {
    if (token.start < start || token.end > end || token.kind !== "string") continue;
    const { value } = token as CodeString;
    if (value !== column && !new RegExp(`\\b(?:column|db|bun|gorm):"?${column}\\b`).test(value)) {
      continue;
    }
    if (!DESCRIBES.test(lineAt(text, token.start))) continue;
    const member = memberAt(text, token.start);
    if (member !== null && spellingKey(member) !== spellingKey(column)) members.add(member);
  }
  return [...members];
}

/** Lines that say how a member is kept: an annotation, a tag, a call whose result the member is. */
const DESCRIBES = /^\s*(?:@|\[|#\[)|@map\(|`\w+:"|^\s*\w+\s*[?!]?(?::[^=]*)?[:=]\s*[\w.]+\(/;

/** The member that the line of an annotation, or the next one, declares. */
function memberAt(text: string, offset: number): string | null {
  let line = lineAt(text, offset).trim();
  let at = text.indexOf("\n", offset);
  for (let more = 0; more < 5 && /^(?:[@[]|#\[)/.test(line); more++) {
    const rest = line.replace(/^(?:@[\w.]+(?:\(.*?\))?\s*|#?\[.*?\]\s*)+/, "");
    if (rest !== "" && rest !== line) {
      line = rest;
      break;
    }
    if (at < 0) return null;
    const next = text.indexOf("\n", at + 1);
    line = text.slice(at + 1, next < 0 ? text.length : next).trim();
    at = next;
  }
  const bare = line.replace(
    /^(?:(?:export|public|private|protected|readonly|static|final|internal|override|pub|val|var|let|const)\s+)+/,
    "",
  );
  return /^(\w+)\s*[?!]?\s*:/.exec(bare)?.[1] ??
    /(\w+)\s*(?:=[^=]|\{|;)/.exec(bare)?.[1] ??
    /^(\w+)/.exec(bare)?.[1] ?? null;
}

/** A table's name without its schema. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Whether a path says that a file is about a table: `users.ts`, `user_form.py`, `PlaylistStoreRequest.php`, `PageHashDao.kt`. */
export function isAboutTable(path: string, keys: ReadonlySet<string>): boolean {
  return path.split(/[/.]/).some((part) =>
    isEntity(part, keys) || isCarrier(part, keys) || isBareOf(part, keys, WORKS) ||
    beginsWith(part, keys) || holdsWords(part, keys)
  );
}

/**
 * Whether a name is that of something which carries a table's columns around: `CreateUserDto`, `UserForm`, `PlaylistStoreRequest`; or one
 * that begins with a table's of several words, and is nothing that works with it: `PageHashKnown`.
 */
function isCarrier(name: string, keys: ReadonlySet<string>): boolean {
  return isBareOf(name, keys, CARRIES) ||
    beginsWith(name, keys) && !WORKS.has(wordsIn(name).at(-1) ?? "");
}

/** Whether a name is that of a table, with words of a list and verbs around it. */
function isBareOf(name: string, keys: ReadonlySet<string>, more: ReadonlySet<string>): boolean {
  if (name.length > LONGEST) return false;
  const words = wordsIn(name);
  const bare = words.filter((word) => !more.has(word) && !VERBS.has(word));
  if (bare.length === 0 || bare.length === words.length) return false;
  const own = bare.join("_");
  return keys.has(spellingKey(own)) || keys.has(spellingKey(singular(own)));
}

function beginsWith(name: string, keys: ReadonlySet<string>): boolean {
  if (name.length > LONGEST) return false;
  const words = wordsIn(name);
  return words.some((_, at) => at > 1 && keys.has(words.slice(0, at).join("")));
}

/** Whether a name is that of another table, or of something of it: `DatasetItemsView` where there are dataset_items. */
export function isOfOther(name: string, otherKeys: ReadonlySet<string>): boolean {
  return otherKeys.size > 0 && holdsWords(name, otherKeys);
}

/** Whether a table of several words is named anywhere in a name: `CleanupOrphanedPageHashes`. */
function holdsWords(name: string, keys: ReadonlySet<string>): boolean {
  if (name.length > LONGEST) return false;
  const words = wordsIn(name);
  return words.some((_, from) =>
    [2, 3, 4].some((count) => {
      const part = words.slice(from, from + count);
      return part.length === count &&
        (keys.has(part.join("")) || keys.has(spellingKey(singular(part.join("_")))));
    })
  );
}

/** What classes are called that hold values of a row. */
const CARRIES = new Set(
  ("dto request response resource form serializer serialiser schema input output params payload factory type types props model entity filter " +
    "filterset item state admin decorator presenter transformer projection criteria seeder")
    .split(" "),
);

/** What classes and files are called that work with rows. */
const WORKS = new Set(
  ("repository service controller dao store lifecycle manager handler spec test tests view views admin dialog card page screen table list api " +
    "helper util utils job task worker client provider mapper validator policy")
    .split(" "),
);

const VERBS = new Set(
  "create update edit store new add delete remove list get show save import export patch or and"
    .split(" "),
);

/** A longer word is no name. */
const LONGEST = 256;

/** Whether a word stands for a table, or for something that works with it and with no other. */
export function isMeant(
  word: string,
  keys: ReadonlySet<string>,
  otherKeys: ReadonlySet<string>,
): boolean {
  return (isEntity(word, keys) || isBareOf(word, keys, WORKS)) && !isOfOther(word, otherKeys);
}

/** Whether a word is a variable, a class or an accessor that stands for a table: `user`, `currentUser`, `Users`. */
export function isEntity(word: string, keys: ReadonlySet<string>): boolean {
  if (word.length > LONGEST) return false;
  const key = spellingKey(word);
  if (keys.has(key) || keys.has(spellingKey(singular(word)))) return true;
  const words = word.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase().split("_");
  return words.length > 1 && words.some((_, at) => at > 0 && keys.has(words.slice(at).join("")));
}
