/** What the words of a statement say that it uses. */

import type { Literal } from "./literals.ts";
import { lineAt, placeOf } from "./line_index.ts";
import { insertsWithout, wordsOfSql } from "./queries.ts";
import { spellingKey } from "./spelling.ts";
import { losesValue, type Names } from "./target.ts";
import type { CodeFile, FoundQuery, Use } from "./use.ts";

/** A statement with its uses; null where it names nothing that is asked for. `at` gives the offset in the file. */
export function queryUses(
  file: CodeFile,
  { value }: Literal,
  names: readonly Names[],
  at: (offset: number) => number,
): FoundQuery | null {
  const words = wordsOfSql(value);
  const uses: Use[] = [];
  const meanings: Use[] = [];
  let isNamed = false;
  const via = file.isLog === true ? "log" : "query";
  for (const each of names) {
    const { target } = each;
    const table = target.table.toLowerCase();
    const hasTable = words.has(table) || isEntityIn(words, each);
    isNamed ||= words.has(table);
    const found = wordOf(each, words);
    const use = (word: string, why: string): readonly Use[] =>
      offsetsOfWord(value, word, target.column !== null && word !== target.table).map((offset) => {
        const { line, column } = placeOf(file.text, at(offset));
        const source = lineAt(file.text, at(offset));
        return {
          target,
          certainty: "likely",
          file: file.path,
          line,
          column,
          via,
          why,
          text: source.trim().slice(0, 200),
        };
      });
    if (target.change === "require") {
      if (target.column !== null && insertsWithout(value, target.table, target.column)) {
        const why =
          `it inserts into ${target.table} without ${target.column}, which must have a value`;
        meanings.push(...use(target.table, why).slice(0, 1));
      }
      continue;
    }
    if (losesValue(target)) {
      const gone = target.values?.gone.map((one) => `'${one.replaceAll("'", "''")}'`) ?? [];
      const text = gone.find((one) => value.includes(one));
      if (text === undefined) continue;
      const having = use(text, `the SQL has the value ${text}`);
      // Where a column lists its values a server takes the others as well, and finds nothing.
      if (target.column === null) uses.push(...having);
      else if (found !== null && hasTable) meanings.push(...having);
      continue;
    }
    if (found === null || !hasTable && !each.isTelling) continue;
    const named = `the SQL names ${target.column === null ? "" : `${target.table}.`}${
      target.column ?? target.table
    }`;
    if (target.change === "retype") {
      meanings.push(...use(found, `${named}, whose type becomes ${target.to}`));
    } else if (target.change === "drop" || target.change === "rename") {
      uses.push(...use(found, named));
    }
  }
  if (uses.length === 0 && meanings.length === 0 && !isNamed) return null;
  const first = uses[0] ?? meanings[0];
  const { line, column } = first ?? placeOf(file.text, at(0));
  return { file: file.path, line, column, sql: value, via, uses, meanings };
}

/** The word by which a statement names a target. */
function wordOf({ target, columns }: Names, words: ReadonlySet<string>): string | null {
  if (target.column === null) {
    return words.has(target.table.toLowerCase()) ? target.table : null;
  }
  if (words.has(target.column.toLowerCase())) return target.column;
  return [...columns].find((name) => words.has(name.toLowerCase())) ?? null;
}

/** Queries over models name those: `SELECT u FROM User u`. */
function isEntityIn(words: ReadonlySet<string>, { tableKeys }: Names): boolean {
  return [...words].some((word) => tableKeys.has(spellingKey(word)));
}

/** Where a word stands in a statement, comments and texts aside; of a column, not where a table of that name is meant. */
function offsetsOfWord(text: string, word: string, isColumn: boolean): readonly number[] {
  const plain = word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = [...text.matchAll(new RegExp(`(?<![\\w$])${plain}(?![\\w$])`, "gi"))];
  if (found.length === 0) return [0];
  if (word.startsWith("'")) return found.map(({ index }) => index);
  const shown = found.filter(({ index }) =>
    !isColumn || !isTableAt(text, index, index + word.length)
  );
  const bare = withoutTexts(text);
  const code = shown.filter(({ index }) => bare.charAt(index) !== " ");
  return code.map(({ index }) => index);
}

/** Whether a word is a table where it stands: behind FROM, JOIN and the like, or before a dot. */
function isTableAt(text: string, start: number, end: number): boolean {
  return /\b(?:from|join|into|update|references|table)\s+(?:\w+\.)?["`[]?$/i.test(
    text.slice(Math.max(0, start - 60), start),
  ) ||
    /^["`\]]?\s*\./.test(text.slice(end, end + 5));
}

/** The statement with blanks in place of its texts and comments. */
function withoutTexts(text: string): string {
  return text.replaceAll(
    /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g,
    (piece) => " ".repeat(piece.length),
  );
}
