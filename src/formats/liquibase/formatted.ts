/** Changesets of formatted SQL. */

import type { SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { lines, type Range } from "../script.ts";
import type { Changeset, SqlText } from "./changeset.ts";
import { isMeant } from "./dbms.ts";
import { CHANGESET, CONDITION, PRECONDITION, PROPERTY, REMARK, ROLLBACK } from "./markers.ts";
import { filledPieces, type Parameters } from "./parameters.ts";

/** True for a file of formatted SQL. */
export function isFormattedSql({ path, text }: SourceFile): boolean {
  return /\.sql$/i.test(path) && /^\ufeff?\s*--\s*liquibase\s+formatted\s+sql/i.test(text);
}

/** A changeset of formatted SQL, with what its first line says. */
export interface FormattedChangeset extends Changeset {
  readonly dbms: string | undefined;
  readonly isIgnored: boolean;
  /** True where it runs under conditions that only a database can judge. */
  readonly isConditional: boolean;
}

/** What `--property name:... value:... dbms:...` lines of a file say, in order. */
export function formattedProperties(
  { text }: SourceFile,
): readonly ReadonlyMap<string, string>[] {
  return lines(text).filter((row) => PROPERTY.test(row.text)).map((row) => attributesOf(row.text));
}

/** The changesets of a file. Throws UsageError for lines that aim does not know. */
export function formattedChangesets(
  file: SourceFile,
  parameters: Readonly<Parameters>,
): readonly FormattedChangeset[] {
  const rows = lines(file.text);
  const heads = rows.filter((row) => CHANGESET.test(row.text));
  return heads.map((head, index) => {
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
    const attributes = attributesOf(rest);
    const { up, down } = partsOf(file, { start: head.end, end }, body);
    const cut = (key: "" | "rollback") => ({
      delimiter: attributes.get(key === "" ? "enddelimiter" : "rollbackenddelimiter"),
      cuts: attributes.get(`${key}splitstatements`) !== "false",
    });
    const text = (ranges: readonly Range[], how: ReturnType<typeof cut>): SqlText => ({
      pieces: filledPieces(
        ranges.map((range) => ({ ...range, value: file.text.slice(range.start, range.end) })),
        parameters,
      ),
      end: ranges.at(-1)?.end ?? head.end,
      ...how,
    });
    const said = down.map(({ start, end: to }) => file.text.slice(start, to)).join("").trim();
    return {
      file,
      start: head.start,
      end,
      author: author.replaceAll('"', ""),
      id: id.replaceAll('"', ""),
      dbms: attributes.get("dbms"),
      isIgnored: attributes.get("ignore") === "true",
      isConditional: body.some((row) => PRECONDITION.test(row.text)),
      isApart: attributes.get("runintransaction") === "false",
      up: () => [text(up, cut(""))],
      down: () => /^(?:empty|not required)?$/i.test(said) ? null : [text(down, cut("rollback"))],
    };
  });
}

/** The SQL of a changeset, named `author:id`, with the delimiters in it; null where the file has none of that name. */
export function changesetSql(file: SourceFile, version: string): string | null {
  const found = formattedChangesets(file, new Map())
    .find(({ author, id }) => `${author}:${id}` === version);
  if (found === undefined) return null;
  return found.up().flatMap(({ pieces }) => pieces).map(({ value }) => value).join("");
}

type Row = ReturnType<typeof lines>[number];

/** Ranges of the file that are its SQL, and those that take it back. */
function partsOf(
  file: SourceFile,
  { start, end }: Range,
  body: readonly Row[],
): { readonly up: readonly Range[]; readonly down: readonly Range[] } {
  const block = blockOf(file.text, start, end);
  const isOutside = (row: Range) =>
    block === null || row.start < block.start || row.start >= block.end;
  const rollbacks = body.filter((row) => ROLLBACK.test(row.text) && isOutside(row)).map((row) => {
    const from = /^\s*--\s*rollback[ \t]?/i.exec(row.text)?.[0].length ?? 0;
    return { start: row.start + from, end: row.end };
  });
  const isSaid = ({ text }: Row) =>
    [ROLLBACK, REMARK, PROPERTY, PRECONDITION].some((pattern) => pattern.test(text));
  return {
    up: body.filter((row) => !isSaid(row) && isOutside(row)),
    down: block === null
      ? rollbacks
      : [...rollbacks, block.inner].sort((a, b) => a.start - b.start),
  };
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

/** True for a changeset that is meant for a dialect. */
export function isForDialect({ dbms, isIgnored }: FormattedChangeset, dialect: string): boolean {
  return !isIgnored && isMeant(dbms, dialect);
}
