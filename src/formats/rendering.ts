/** What the writers of the formats share: how statements become text, and how a draft is laid over files. */

import { UsageError } from "../core/error.ts";
import type { Draft } from "../core/plan.ts";
import type { PlannedStatement } from "../core/statement.ts";
import type { Lexicon } from "../sql/lexicon.ts";
import { quotedRanges } from "../sql/ranges.ts";
import type { RenderInput } from "./format.ts";
import { cutIntoParts, type Part, standingOf } from "./transaction_groups.ts";
import {
  commitsDefinitions,
  nothing,
  sendsFileAsOne,
  settingsNeedOneFile,
  sharesTransaction,
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
  const { dialect } = input;
  const how = commitsDefinitions(dialect) ? "client" : transactionMode(runner, dialect);
  const alone = sendsFileAsOne(runner, dialect);
  const each = how === "always" && !sharesTransaction(runner);
  const known = each ? withOwnCommits(input.draft) : input.draft;
  const draft = alone ? withoutCleanup(known) : known;
  const header = input.header.flatMap((line) => line.split(/\r?\n/));
  const name = fileName(draft.name);
  const all = [...draft.up, ...draft.down];
  const expand = how === "always" ? inRunnersTransaction : inOwnTransactions;
  const written = (part: Part): Part => ({ up: expand(part.up), down: expand(part.down) });
  const whole = [{ ...written(draft), name, header }];
  if (commitsDefinitions(dialect)) {
    return atMarks(draft).map((part, index, { length }) => ({
      ...written(part),
      name: length === 1 ? name : `${name}_${index + 1}`,
      header: length === 1 ? header : [...header, `Part ${index + 1} of ${length}`],
    }));
  }
  if (all.every(({ transactional }) => transactional)) return whole;
  const outside = all.find((statement) => standingOf(statement) === "none");
  if (how === "always" && outside !== undefined) throw cannotMark(title, dialect, outside);
  if (how === "client" || settingsNeedOneFile(dialect)) return whole;
  const parts = cutIntoParts(draft, { alone, always: how === "always" });
  if (parts.length === 1) return whole;
  return parts.map((part, index) => ({
    ...written(part),
    name: `${name}_${index + 1}`,
    header: [
      ...header,
      `Part ${
        index + 1
      } of ${parts.length}: its statements cannot share a transaction with the others`,
    ],
  }));
}

/** Parts that begin where the draft says so; one where UP and DOWN do not say the same. */
function atMarks({ up, down }: Draft): readonly Part[] {
  const cut = (statements: readonly PlannedStatement[]) => {
    const found: PlannedStatement[][] = [[]];
    for (const statement of statements) {
      if (statement.beginsFile === true) found.push([]);
      found.at(-1)?.push(statement);
    }
    return found;
  };
  const [ups, downs] = [cut(up), cut(down).reverse()];
  return ups.length !== downs.length
    ? [{ up, down }]
    : ups.map((part, at) => ({ up: part, down: downs[at] ?? [] }));
}

/** Statements as a client is to get them, one at a time: each that needs a transaction of its own stands between BEGIN and COMMIT. */
export function inOwnTransactions(
  statements: readonly PlannedStatement[],
): readonly PlannedStatement[] {
  const apart = statements.some(({ transactional }) => !transactional);
  let inForce = new Set<string>();
  return statements.flatMap((statement) => {
    const standing = standingOf(statement);
    if (standing !== "shared") inForce = new Set();
    if (standing === "none") return [statement];
    const settings = (statement.settings ?? []).filter((sql) => !inForce.has(sql));
    if (standing === "shared") {
      for (const sql of settings) inForce.add(sql);
      return [...settings.map((sql) => plain(sql, true)), statement];
    }
    const list = [...settings.map((sql) => plain(sql, !apart)), withoutComment(statement)];
    const own = settings.length === 0 && statements.length === 1
      ? list
      : [plain("BEGIN", false), ...list, plain("COMMIT", false)];
    const [first, ...rest] = own;
    if (first === undefined) return own;
    const { comment } = statement;
    return [comment === undefined ? first : { ...first, comment }, ...rest];
  });
}

/** The same where the runner's transaction is the only one that there can be. */
function inRunnersTransaction(
  statements: readonly PlannedStatement[],
): readonly PlannedStatement[] {
  return inOwnTransactions(
    statements.map(({ ownTransaction, ...statement }) =>
      ownTransaction === true ? { ...statement, transactional: true } : statement
    ),
  );
}

function plain(sql: string, transactional: boolean): PlannedStatement {
  return { sql, serves: [], reason: { action: "describe", text: sql }, transactional };
}

function withoutComment({ comment: _, ...statement }: PlannedStatement): PlannedStatement {
  return statement;
}

/** What others may use once it is committed stands in a transaction of its own, where a file is always one. */
function withOwnCommits(draft: Draft): Draft {
  const own = (statements: readonly PlannedStatement[]) =>
    statements.map((statement) =>
      statement.usedOnceCommitted === true
        ? { ...statement, ownTransaction: true } as const
        : statement
    );
  return { ...draft, up: own(draft.up), down: own(draft.down) };
}

/** Without what clears away before a second try; the statement behind it says what to do instead. */
function withoutCleanup(draft: Draft): Draft {
  const without = (statements: readonly PlannedStatement[]) =>
    statements.flatMap((statement, index) => {
      if (statement.cleanup === true) return [];
      const before = statements[index - 1];
      if (before?.cleanup !== true) return [statement];
      return [{ ...statement, comment: `Where this failed, run ${before.sql} before it again` }];
    });
  return { ...draft, up: without(draft.up), down: without(draft.down) };
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
