/** What a migration says of the data that it destroys, and what answers to choices say of it. */

import type { Choice } from "../../../core/choice.ts";
import { lastName } from "../../../core/name.ts";
import type { Draft } from "../../../core/plan.ts";
import type { RanStatement, RowFinding } from "../../../core/proof.ts";
import type { Reversible } from "../../../core/statement.ts";
import { isWordIn } from "./scope.ts";

/** What was said. */
export interface Said {
  /** In words: `the values of column public.users.email`. */
  readonly losses: readonly string[];
  /** Full names of columns whose values an answer says. */
  readonly answered: ReadonlySet<string>;
  /** Statements that say a loss of their own, in the words of a model. */
  readonly statements: readonly string[];
}

/** Nothing. */
export const UNSAID: Said = { losses: [], answered: new Set(), statements: [] };

/** Classes of a way back that promise that no row or value is lost. */
const KEEPS_ALL: readonly Reversible[] = ["exact", "column-order", "fails-on-new-data"];

/** Reads what a draft and the answers to its choices say. */
export function saidBy(draft: Draft | null, choices: readonly Choice[]): Said {
  const answered = new Set(choices.flatMap(answeredColumns));
  if (draft === null || KEEPS_ALL.includes(draft.reversible)) return { ...UNSAID, answered };
  const losing = draft.up.filter(({ destroys }) => destroys !== undefined);
  return {
    losses: losing.flatMap(({ destroys }) => destroys ?? []),
    answered,
    statements: draft.author === "model" ? losing.map(({ sql }) => sql) : [],
  };
}

function answeredColumns({ id, kind, answer, evidence }: Choice): readonly string[] {
  if (kind !== "data" || answer?.expression === undefined) return [];
  const { columns } = evidence;
  const named = Array.isArray(columns) ? columns.map(String) : [];
  return [id.slice(id.indexOf(":") + 1), ...named];
}

/** Whether a finding, or a loss, was said. */
export function isSaid(
  { losses, answered, statements }: Said,
  { table, column, statement }: Pick<RowFinding, "table" | "column"> & {
    readonly statement?: RanStatement | null;
  },
): boolean {
  if (column !== null && answered.has(`${table}.${column}`)) return true;
  if (statement && statements.some((sql) => sameSql(sql, statement.sql))) return true;
  return losses.some((words) => tells(words, table, column));
}

/** Whether words are about the rows of a table, or about a column of it. */
function tells(words: string, table: string, column: string | null): boolean {
  const [name, last] = [table, lastName(table)].map((text) => escape(text));
  const rows = new RegExp(
    `\\brows of (?:(?:virtual )?table )?(?:${name}|(?:\\S+\\.)?${last})(?![\\w.])`,
  );
  if (rows.test(words)) return true;
  if (column === null) return false;
  const key = escape(column);
  // The attribute of a type is a column of the tables that are made of it.
  if (/\battribute /.test(words)) return isWord(words, key);
  // What stands behind a dot is of the table before it.
  return isWord(words, `${last}\\.${key}`) ||
    new RegExp(`(?<![\\w.])${key}(?!\\w)`, "i").test(words) && isWord(words, last ?? "");
}

/** Whether words about a loss name what a refused statement is about: a column where they name one, else the table. */
export function isAbout(words: string, refused: string): boolean {
  const parts = words.replaceAll(/that the new .*? cannot hold/g, "")
    .match(/(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$.])+/gu) ?? [];
  return parts.some((part, at) =>
    (part.includes(".") || LEADS.has(parts[at - 1] ?? "") && !LEADS.has(part)) &&
    isWordIn(lastName(part), refused)
  );
}

/** Words of a loss behind which a name follows. */
const LEADS = new Set(
  ["of", "in", "table", "virtual", "column", "columns", "attribute", "sequence", "partitions"],
);

function isWord(words: string, pattern: string): boolean {
  return new RegExp(`(?<![\\w])${pattern}(?![\\w])`, "i").test(words);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Whether two statements are the same but for blanks. */
export function sameSql(one: string, other: string): boolean {
  const [a, b] = [one, other].map((sql) => sql.replaceAll(/\s+/g, " ").replace(/;? ?$/, "").trim());
  return a === b;
}
