/** What became of rows in the tables under a proof, as people read it. */

import type { Choice } from "../../core/choice.ts";
import type {
  FailedCheck,
  NewDataVerdict,
  RowFinding,
  RowRefusal,
  RowsProof,
} from "../../core/proof.ts";
import { optionFlag } from "../choice_flags.ts";
import type { Paint } from "../paint.ts";
import { counted } from "./changes.ts";
import { highlightSql } from "./sql.ts";

/** One line where the rows came through; else what happened to which of them, and by which statement. */
export function renderRows(
  rows: RowsProof,
  { choices, verbose }: { readonly choices: readonly Choice[]; readonly verbose: boolean },
  paint: Paint,
): string {
  const findings = [...rows.lost, ...rows.altered];
  const bad = findings.length + rows.refused.length + rows.checks.length > 0;
  const mark = bad ? paint.red("✗ rows  ") : paint.green("✓ rows  ");
  const lines = [
    `  ${mark} ${summaryOf(rows)}`,
    ...rows.refused.flatMap((refusal) => refusalLines(refusal, choices, paint)),
    ...findings.flatMap((finding) => findingLines(finding, paint)),
    ...rows.checks.map((check) => `      ${checkText(check)}`),
    ...rows.newData.map((data) => `      ${paint.yellow("new data")} ${newDataText(data)}`),
    ...verbose
      ? rows.uncovered.map(({ table, reason }) =>
        `      ${paint.dim(`${table}: no rows: ${reason}`)}`
      )
      : [],
    ...verbose && rows.silent.length > 0
      ? [`      ${paint.dim(`did not fire while rows were put in: ${rows.silent.join(", ")}`)}`]
      : [],
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** What a check of the project gave instead of what it is to. */
export function checkText({ name, when, expected, found }: FailedCheck): string {
  return `check "${name}" ${WHEN[when]}: ${found}, expected ${expected}`;
}

/** What happened to rows without a word, and by which statements. */
export function renderFindings(findings: readonly RowFinding[], paint: Paint): string {
  return findings.flatMap((finding) => findingLines(finding, paint))
    .map((line) => `${line.replace(/^ {6}/, "")}\n`).join("");
}

/** Why rows keep a migration from being proven, in half a sentence; null where they do not. */
export function rowsObjection({ refused, lost, altered, checks }: RowsProof): string | null {
  if (refused.length > 0) return "refused by rows";
  if (lost.length > 0) return "it loses rows without saying so";
  if (altered.length > 0) return "it alters rows without saying so";
  return checks.length > 0 ? "a check does not hold" : null;
}

/** What became of rows, in one line. */
export function summaryOf(rows: RowsProof): string {
  const { tables, seeded, uncovered, declared, refused, lost, altered } = rows;
  const seededText = `${seeded} of ${counted(tables, "table")} seeded`;
  const missing = uncovered.length === 0 ? "" : `, without rows: ${namesOf(rows)}`;
  const objection = rowsObjection(rows);
  if (objection !== null && refused.length + lost.length + altered.length > 0) {
    return `${seededText}: ${objection}${missing}`;
  }
  if (seeded === 0) return `no table has rows${missing}`;
  return declared.length === 0
    ? `${seededText}, kept${missing}`
    : `${seededText}, kept but for what the migration says${missing}`;
}

function namesOf({ uncovered }: RowsProof): string {
  const most = 3;
  const names = uncovered.slice(0, most).map(({ table }) => table);
  return uncovered.length > most
    ? `${names.join(", ")} and ${uncovered.length - most} more`
    : names.join(", ");
}

function refusalLines(
  { direction, statement, sql, message, detail, choices: ids }: RowRefusal,
  choices: readonly Choice[],
  paint: Paint,
): readonly string[] {
  const settling = choices.filter(({ id }) => ids.includes(id));
  return [
    `      ${NAMES[direction]}, statement ${statement}: ${message}`,
    ...detail === null ? [] : [`      ${paint.dim(shown(detail, 200))}`],
    ...sqlLines(sql, paint),
    ...settling.flatMap((choice) =>
      choice.options.filter(({ id }) => id !== choice.answer?.option).map((option) =>
        `      ${paint.dim("settled by")} ${paint.cyan(optionFlag(choice, option))}  ${
          paint.dim(option.label)
        }`
      )
    ),
  ];
}

function findingLines(finding: RowFinding, paint: Paint): readonly string[] {
  const { direction, table, column, before, after, text, statement } = finding;
  const values = before === null && after === null ? [] : [
    `      ${column === null ? table : `${table}.${column}`}: ${shown(before)} before, ${
      after === null && finding.kind === "lost" && column === null ? "gone" : shown(after)
    } after`,
  ];
  const by = statement === null ? "" : ` (${NAMES[direction]}, statement ${statement.number})`;
  return [
    `      ${text}${by}`,
    ...values,
    ...statement === null ? [] : sqlLines(statement.sql, paint),
  ];
}

function sqlLines(sql: string, paint: Paint): readonly string[] {
  const text = sql.length <= LONGEST_SQL ? sql : `${sql.slice(0, LONGEST_SQL)}…`;
  return highlightSql(`${text};`, paint).split("\n").map((line) => `          ${line}`);
}

/** The most characters of a statement that are shown. */
const LONGEST_SQL = 400;

/** What DOWN does with something that is written after UP. */
function newDataText({ table, column, value, fate, message }: NewDataVerdict): string {
  const last = column === null ? "" : `.${column.slice(column.lastIndexOf(".") + 1)}`;
  const what = `${shown(value)} in ${table}${last}`;
  return fate === "refused"
    ? `DOWN fails on ${what}: ${message}`
    : `DOWN does not keep ${what}: ${shown(message, 120)}`;
}

/** A value, which may be long and have several lines, on one. */
function shown(text: string | null, most = 60): string {
  if (text === null) return "NULL";
  const value = text.replaceAll(/\r?\n/g, " ");
  return value.length <= most ? value : `${value.slice(0, most)}…`;
}

const NAMES = { up: "up", down: "down", again: "up, the second time" } as const;

const WHEN = { before: "before up", up: "after up", down: "after down" } as const;
