/** A report as JSON, to be rendered elsewhere: by `aim report comment`, in a job that may write and trusts no file. */

import type { Finding } from "../core/finding.ts";
import type { Check, Report, ReportFormat } from "./report.ts";

/** The format. */
export const json: ReportFormat = {
  name: "json",
  title: "the report as data, for `aim report comment`",
  render: ({ details: _, ...report }) => `${JSON.stringify({ aim: 1, ...report }, null, 2)}\n`,
};

/** The most of anything in a file, and the longest text. */
const [MOST, LONGEST] = [5_000, 20_000];

/**
 * Reads a report that anybody may have written: only what a report holds is taken, texts and lists are cut. Throws an Error for what
 * is none.
 */
export function readReport(text: string): Report {
  const value: unknown = JSON.parse(text);
  const from = objectOf(value);
  if (from.aim !== 1 || typeof from.summary !== "string") throw new Error("it is no report of aim");
  const began = new Date(textOf(from.began));
  return {
    tool: textOf(from.tool),
    command: textOf(from.command),
    outcome: textOf(from.outcome),
    isGood: from.isGood === true,
    summary: textOf(from.summary),
    server: from.server === null ? null : textOf(from.server),
    findings: listOf(from.findings).map(findingOf),
    checks: listOf(from.checks).map(checkOf),
    changes: listOf(from.changes).map(textOf),
    sql: listOf(from.sql).map(objectOf).map(({ title, sql }) => ({
      title: textOf(title),
      sql: textOf(sql),
    })),
    questions: listOf(from.questions).map(objectOf).map(({ question, flags }) => ({
      question: textOf(question),
      flags: listOf(flags).map(textOf),
    })),
    notes: listOf(from.notes).map(textOf),
    folder: textOf(from.folder),
    began: Number.isNaN(began.getTime()) ? new Date(0) : began,
    seconds: typeof from.seconds === "number" ? from.seconds : 0,
  };
}

function findingOf(value: unknown): Finding {
  const { code, severity, message, hint, place } = objectOf(value);
  const { file, line, column } = objectOf(place);
  return {
    code: textOf(code),
    severity: severity === "error" || severity === "warning" ? severity : "info",
    message: textOf(message),
    ...(hint === undefined ? {} : { hint: textOf(hint) }),
    ...(typeof line === "number" && typeof column === "number"
      ? { place: { file: textOf(file), line, column } }
      : {}),
  };
}

function checkOf(value: unknown): Check {
  const { suite, name, state, code, text } = objectOf(value);
  return {
    suite: textOf(suite),
    name: textOf(name),
    state: state === "passed" || state === "failed" || state === "skipped" ? state : "error",
    code: textOf(code),
    text: textOf(text),
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, LONGEST) : "";
}
