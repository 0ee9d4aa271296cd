/** What a statement does to tables and columns by its words: enough to see what it drops, renames, deletes and reads; no grammar. */

import type { Lexicon } from "./lexicon.ts";
import { unquoted } from "./name.ts";
import { tokensOf } from "./scanner.ts";

/** How SQL of a dialect is read. */
export interface Reading {
  readonly lexicon: Lexicon;
  /** Names of one key are one name. */
  readonly nameKey: (name: string) => string;
}

/** A statement as words between single blanks: keywords in lower case, names by their keys; strings are `''`. */
export interface Words {
  readonly text: string;
  readonly names: ReadonlySet<string>;
}

/** Cuts a statement into words. */
export function wordsOf(sql: string, { lexicon, nameKey }: Reading): Words {
  const words: string[] = [];
  const names = new Set<string>();
  for (const { kind, start, end } of tokensOf(sql, lexicon)) {
    const token = sql.slice(start, end);
    if (kind === "blank" || kind === "comment") continue;
    if (kind === "string" || kind === "body") {
      words.push("''");
      continue;
    }
    if (kind !== "word" && kind !== "name") {
      words.push(token);
      continue;
    }
    const name = nameKey(kind === "name" ? unquoted(token) : token.toLowerCase());
    names.add(name);
    words.push(kind === "word" ? token.toLowerCase() : `"${name}"`);
  }
  return { text: ` ${words.join(" ")} `, names };
}

/** The table whose rows a statement deletes, or null. */
export function deletedTable({ text }: Words): string | null {
  const match = /^ (?:with .*)?(?:delete from|truncate(?: table)?) (?:only )?(\S+(?: \. \S+)*) /
    .exec(text);
  return match?.[1]?.replaceAll(" ", "").replaceAll('"', "") ?? null;
}

/** True for a statement that writes other values into rows that are there. */
export function writesValues({ text }: Words): boolean {
  return /^ (?:with .*)?(?:update|merge) /.test(text) || / do update set /.test(text);
}

/** True for a statement that gives another name to a table or a column of that key. */
export function renames({ text, names }: Words, key: string, isTable: boolean): boolean {
  if (!names.has(key)) return false;
  const name = namePattern(key);
  return isTable
    ? new RegExp(` alter table (?:if exists )?(?:only )?(?:\\S+ \\. )?${name} rename to `).test(
      text,
    )
    : new RegExp(` rename (?:column )?${name} to `).test(text);
}

/** True for a statement that drops tables. */
export function isDropTable({ text }: Words): boolean {
  return / drop (?:foreign )?table /.test(text);
}

/** True for a statement that reads a name to write rows. */
export function moves({ text, names }: Words, key: string): boolean {
  return names.has(key) && / (?:update|insert into|merge into|create .*table .* as) /.test(text);
}

function namePattern(key: string): string {
  const plain = key.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return `(?:"${plain}"|${plain})`;
}

/** True for a statement that drops anything. */
export function isDrop({ text }: Words): boolean {
  return text.includes(" drop ");
}

/** True for a statement that drops a column of that key from a table that it alters. */
export function dropsColumn({ text, names }: Words, key: string): boolean {
  const own = new RegExp(` drop (?:column )?(?:if exists )?${namePattern(key)} `);
  return names.has(key) && / alter /.test(text) && own.test(text);
}
