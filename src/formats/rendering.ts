/** What the writers of the formats share: how statements become text, and how a draft is laid over files. */

import { UsageError } from "../core/error.ts";
import type { PlannedStatement } from "../core/statement.ts";
import type { Lexicon } from "../sql/lexicon.ts";
import { quotedRanges } from "../sql/ranges.ts";
import type { RenderInput } from "./format.ts";
import { cutIntoParts, type Part } from "./transaction_groups.ts";
import {
  commitsDefinitions,
  nothing,
  sendsFileAsOne,
  settingsNeedOneFile,
  transactionMode,
} from "./transaction_mode.ts";

/** One migration to write. */
export interface PartToWrite extends Part {
  /** For file names: the draft's name, numbered when the draft is cut. */
  readonly name: string;
  readonly header: readonly string[];
}

/** The draft as the migrations that `runner` needs for it. Throws UsageError where it cannot say what the draft needs. */
export function partsFor(
  runner: string,
  title: string,
  input: RenderInput,
): readonly PartToWrite[] {
  const { draft, dialect } = input;
  const header = input.header.flatMap((line) => line.split(/\r?\n/));
  const name = fileName(draft.name);
  const outside = [...draft.up, ...draft.down].find((statement) => !statement.transactional);
  const whole = [{ up: draft.up, down: draft.down, name, header }];
  if (outside === undefined || commitsDefinitions(dialect)) return whole;
  const how = transactionMode(runner, dialect);
  if (how === "always") throw cannotMark(title, dialect, outside);
  if (how === "client" || settingsNeedOneFile(dialect)) return whole;
  const parts = cutIntoParts(draft, { alone: sendsFileAsOne(runner, dialect) });
  if (parts.length === 1) return whole;
  return parts.map((part, index) => ({
    ...part,
    name: `${name}_${index + 1}`,
    header: [
      ...header,
      `Part ${
        index + 1
      } of ${parts.length}: its statements cannot share a transaction with the others`,
    ],
  }));
}

/** True when `statements` of a part must run without the runner's transaction. */
export function needsMarker(statements: readonly PlannedStatement[], dialect: string): boolean {
  return !commitsDefinitions(dialect) && statements.some((statement) => !statement.transactional);
}

/** A statement with its semicolon, which goes on a line of its own after a closing comment. */
export function terminated(sql: string, lexicon: Lexicon): string {
  const last = quotedRanges(sql, lexicon).at(-1);
  const commented = last !== undefined && last.end === sql.length && last.kind === "comment" &&
    !sql.startsWith("/*", last.start);
  return `${sql}${commented ? "\n" : ""};`;
}

/** A statement with its semicolon, under comments of the step that it begins and of what it destroys. */
export function written({ sql, comment, destroys }: PlannedStatement, lexicon: Lexicon): string {
  const step = comment === undefined ? "" : comments([comment]);
  const warning = destroys === undefined
    ? ""
    : `${WARNING}${destroys.replaceAll(/[\r\n]+/g, " ").replaceAll(";", ",")}\n`;
  return `${step}${warning}${terminated(sql, lexicon)}`;
}

/** How the comment begins that says what a statement destroys. */
const WARNING = "-- WARNING: destroys ";

/** Statements as text: one after the other, those of several lines set apart by blank lines. */
export function layOut(statements: readonly string[]): string {
  let out = "";
  let tall = false;
  for (const statement of statements) {
    const isTall = statement.includes("\n");
    if (out !== "") out += tall || isTall ? "\n\n" : "\n";
    out += statement;
    tall = isTall;
  }
  return out === "" ? "" : `${out}\n`;
}

/** Comment lines. */
export function comments(header: readonly string[]): string {
  return header.flatMap((line) => line.split(/\r?\n/)).map((line) => `-- ${line}`.trimEnd() + "\n")
    .join("");
}

/** The statements with `BEGIN` and `COMMIT`, or other words that say the same, around each run of at least `least` that can be one transaction. */
export function withOwnTransactions(
  statements: readonly PlannedStatement[],
  lexicon: Lexicon,
  { least = 2, open = "BEGIN;", end = "COMMIT;" } = {},
): readonly string[] {
  const out: string[] = [];
  let run: string[] = [];
  const close = () => {
    out.push(...(run.length >= least ? [open, ...run, end] : run));
    run = [];
  };
  for (const statement of statements) {
    const text = written(statement, lexicon);
    if (statement.transactional) run.push(text);
    else {
      close();
      out.push(text);
    }
  }
  close();
  return out;
}

/** A file's text: comments, then the statements; a comment, and where the runner needs one a harmless statement, when there are none. */
export function body(
  header: readonly string[],
  statements: readonly string[],
  { runner, dialect, empty = "Nothing to do" }: {
    readonly runner: string;
    readonly dialect: string;
    readonly empty?: string;
  },
): string {
  const top = comments(header);
  if (statements.length > 0) return `${top}${top === "" ? "" : "\n"}${layOut(statements)}`;
  const filler = nothing(runner, dialect);
  return `${top}-- ${empty}\n${filler === null ? "" : `${filler}\n`}`;
}

/** The draft's name as a part of a file's name. */
export function fileName(name: string): string {
  const plain = name.normalize("NFKD").replace(/[^\w]+/g, "_").replace(/^_+|_+$/g, "").slice(
    0,
    100,
  );
  return plain === "" ? "migration" : plain;
}

function cannotMark(title: string, dialect: string, statement: PlannedStatement): UsageError {
  const first = statement.sql.split("\n")[0] ?? "";
  return new UsageError(
    `Cannot write "${first}" for ${title}: it runs every ${dialect} migration in a transaction, where this cannot stand`,
    {
      code: "migration-format",
      hint:
        `No file of ${title} can switch that off; set format to one that can (goose, dbmate, flyway, diesel, sqitch), or change the schema so that the statement is not needed`,
    },
  );
}
