/** Reading Liquibase's changelogs of formatted SQL. */

import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { fileRefusal, refusal } from "../format_error.ts";
import type { Lexicon } from "../../sql/lexicon.ts";
import { plainRanges } from "../../sql/ranges.ts";
import { blank, lines, type Range } from "../script.ts";
import {
  isCutInBodies,
  sameDialect,
  sentBy,
  taggedDialect,
  unmarked,
} from "../transaction_mode.ts";
import { compareText } from "../versions.ts";
import { CHANGESET, CONDITION, REMARK, ROLLBACK } from "./markers.ts";
import { includedFiles, readRoot } from "./root.ts";

/** True for a file of formatted SQL. */
export function isFormattedSql({ path, text }: SourceFile): boolean {
  return /\.sql$/i.test(path) && /^\ufeff?\s*--\s*liquibase\s+formatted\s+sql/i.test(text);
}

/** The changesets, in the order in which their files are included, else of their files' names. Throws UsageError for what aim cannot know: preconditions, properties, changesets of XML and YAML. */
export function parseLiquibase(
  files: readonly SourceFile[],
  options: ReadOptions,
): History {
  const { dialect } = options;
  const root = readRoot(files);
  const own = root === null
    ? files.filter(isFormattedSql).sort((a, b) => compareText(a.path, b.path))
    : includedFiles(root, files);
  const plain = own.find((file) => !isFormattedSql(file));
  if (plain !== undefined) {
    throw fileRefusal(
      `Cannot read "${plain.path}": its first line is not "--liquibase formatted sql"`,
      plain.path,
      "A file without changesets runs once and is never known again; write it as formatted SQL",
    );
  }
  const notes = files.filter((file) => isFormattedSql(file) && !own.includes(file))
    .map(({ path }) => `${path} is included nowhere and is left out`);
  const changesets = own.flatMap((file) => changesetsOf(file)).filter(({ attributes }) =>
    isMeant(attributes.get("dbms"), dialect)
  );
  const seen = new Set<string>();
  const migrations = changesets.map((one): Migration => {
    const key = `${one.file.path} ${one.author}:${one.id}`;
    if (seen.has(key)) {
      throw refusal(
        `Cannot tell two changesets apart: both are ${one.author}:${one.id}`,
        one.file,
        one.start,
        "Liquibase knows a changeset by its author, id and file; give one another id",
      );
    }
    seen.add(key);
    return migrationOf(one, options);
  });
  return { migrations, notes };
}

/** The SQL of a changeset, named `author:id`, with the delimiters in it; null where the file has none of that name. */
export function changesetSql(file: SourceFile, version: string): string | null {
  const found = changesetsOf(file).find(({ author, id }) => `${author}:${id}` === version);
  return found?.up.map(({ start, end }) => file.text.slice(start, end)).join("") ?? null;
}

interface Changeset extends Range {
  readonly file: SourceFile;
  readonly author: string;
  readonly id: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Ranges of the file that are its SQL. */
  readonly up: readonly Range[];
  readonly down: readonly Range[];
  /** True where it says that nothing is to be done to take it back. */
  readonly isEmptyDown: boolean;
}

function changesetsOf(file: SourceFile): readonly Changeset[] {
  const rows = lines(file.text);
  const heads = rows.filter((row) => CHANGESET.test(row.text));
  return heads.map((head, index): Changeset => {
    const end = heads[index + 1]?.start ?? file.text.length;
    const [, author = "", id = "", rest = ""] = CHANGESET.exec(head.text) ?? [];
    const body = rows.filter((row) => row.start >= head.end && row.start < end);
    const condition = body.find((row) => CONDITION.test(row.text));
    if (condition !== undefined) {
      throw refusal(
        `Cannot read "${file.path}": what "${condition.text.trim()}" does depends on the database`,
        file,
        condition.start,
        "aim replays changesets that always do the same",
      );
    }
    const block = blockOf(file.text, head.end, end);
    const isOutside = ({ start }: Range) =>
      block === null || start < block.start || start >= block.end;
    const rollbacks = body.filter((row) => ROLLBACK.test(row.text) && isOutside(row)).map((row) => {
      const from = /^\s*--\s*rollback[ \t]?/i.exec(row.text)?.[0].length ?? 0;
      return { start: row.start + from, end: row.end };
    });
    const down = block === null ? rollbacks : [...rollbacks, block.inner];
    const said = down.map(({ start, end: to }) => file.text.slice(start, to)).join("").trim();
    return {
      file,
      start: head.start,
      end,
      author: author.replaceAll('"', ""),
      id: id.replaceAll('"', ""),
      attributes: attributesOf(rest),
      up: body.filter((row) =>
        !ROLLBACK.test(row.text) && !REMARK.test(row.text) && isOutside(row)
      ),
      down,
      isEmptyDown: /^(?:empty|not required)?$/i.test(said),
    };
  });
}

/** A rollback written as a block comment, with the text in it. */
function blockOf(
  text: string,
  from: number,
  to: number,
): (Range & { readonly inner: Range }) | null {
  const open = /\/\*\s*liquibase\s+rollback/i.exec(text.slice(from, to));
  if (open === null) return null;
  const start = from + open.index;
  const inner = start + open[0].length;
  const close = text.indexOf("*/", inner);
  const end = close < 0 || close > to ? to : close;
  return { start, end: Math.min(end + 2, to), inner: { start: inner, end } };
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/(\w+):("[^"]*"|\S+)/g);
  return new Map(
    [...found].map(([, name = "", value = ""]) => [name.toLowerCase(), value.replaceAll('"', "")]),
  );
}

/** Whether `dbms:postgresql,!sqlite` means a dialect. */
function isMeant(dbms: string | undefined, dialect: string): boolean {
  if (dbms === undefined || dbms === "all") return true;
  const names = dbms.split(",").map((name) => name.trim());
  const means = (name: string) => sameDialect(taggedDialect(name) ?? name, dialect);
  if (names.some((name) => name.startsWith("!") && means(name.slice(1)))) return false;
  const wanted = names.filter((name) => !name.startsWith("!"));
  return wanted.length === 0 || wanted.some(means);
}

function migrationOf(one: Changeset, { dialect, lexicon }: ReadOptions): Migration {
  const { file, attributes, author, id } = one;
  const isApart = attributes.get("runintransaction") === "false";
  const script = (
    ranges: readonly Range[],
    delimiter: string | undefined,
    cuts: boolean,
  ): Script => {
    const { text, blocks } = separated(only(file.text, ranges), delimiter, cuts);
    refuseParameters(file, text, lexicon);
    return {
      file: file.path,
      text,
      transaction: isApart ? "none" : unmarked("liquibase", dialect),
      ...sentBy("liquibase", dialect),
      ...(isCutInBodies(dialect) && blocks.length > 0 ? { blocks } : {}),
    };
  };
  const cuts = (name: string) => attributes.get(name) !== "false";
  return {
    version: `${author}:${id}`,
    name: "",
    up: script(one.up, attributes.get("enddelimiter"), cuts("splitstatements")),
    down: one.isEmptyDown
      ? null
      : script(one.down, attributes.get("rollbackenddelimiter"), cuts("rollbacksplitstatements")),
    files: [file.path],
  };
}

/** The text with all but some ranges blanked. */
function only(text: string, ranges: readonly Range[]): string {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  let at = 0;
  const others: Range[] = [];
  for (const { start, end } of sorted) {
    others.push({ start: at, end: start });
    at = end;
  }
  return blank(text, [...others, { start: at, end: text.length }]);
}

/** The text with semicolons where the delimiter of its own stands at the end of a line, and the pieces between them. */
function separated(
  text: string,
  delimiter: string | undefined,
  cuts: boolean,
): { readonly text: string; readonly blocks: readonly Range[] } {
  if (!cuts) return { text, blocks: [{ start: 0, end: text.length }] };
  if (delimiter === undefined || delimiter === ";") return { text, blocks: [] };
  const escaped = delimiter.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/^\\\\n/, "^");
  const blocks: Range[] = [];
  let start = 0;
  const out = text.replaceAll(new RegExp(`${escaped}[ \\t\\r]*$`, "gm"), (found, at: number) => {
    blocks.push({ start, end: at });
    start = at + found.length;
    return ";".padEnd(found.length);
  });
  const last = { start, end: text.length };
  return { text: out, blocks: /\S/.test(text.slice(start)) ? [...blocks, last] : blocks };
}

/** Throws UsageError for a parameter outside of strings and comments. */
function refuseParameters(file: SourceFile, text: string, lexicon: Lexicon): void {
  if (!text.includes("${")) return;
  for (const { start, end } of plainRanges(text, lexicon)) {
    const found = /\$\{[^}]*\}/.exec(text.slice(start, end));
    if (found === null) continue;
    throw refusal(
      `Cannot read "${file.path}": "${found[0]}" is a parameter`,
      file,
      start + found.index,
      "aim does not know the values of parameters; write them out",
    );
  }
}
