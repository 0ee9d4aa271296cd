/** What a command found, in the one form that all reports are written from. A report is a pure function of it. */

import type { Finding } from "../core/finding.ts";

/** Something that was tried, and how it ended: a direction of a migration, or the comparison with the schema. */
export interface Check {
  /** What it belongs to: the migrations folder, as it is shown. */
  readonly suite: string;
  /** `20260101_add_email up`. */
  readonly name: string;
  readonly state: "passed" | "failed" | "error" | "skipped";
  /** The code of what is wrong; empty when nothing is. */
  readonly code: string;
  /** What is wrong, or why it was left out; empty when nothing is. */
  readonly text: string;
}

/** SQL of a migration, to be shown. */
export interface ReportedSql {
  /** `UP of add_email`. */
  readonly title: string;
  readonly sql: string;
}

/** An open question and the flags that answer it. */
export interface ReportedQuestion {
  readonly question: string;
  readonly flags: readonly string[];
}

/** All that a report may say. */
export interface Report {
  /** Version of aim. */
  readonly tool: string;
  readonly command: string;
  /** `valid`, `unproven`, `error`. */
  readonly outcome: string;
  readonly isGood: boolean;
  /** The verdict in one line. */
  readonly summary: string;
  /** The server that it was tried on: `Postgres 18.3 (pglite)`; null when there was none. */
  readonly server: string | null;
  readonly findings: readonly Finding[];
  readonly checks: readonly Check[];
  /** What differs, a line each: `create column public.users.email`. */
  readonly changes: readonly string[];
  readonly sql: readonly ReportedSql[];
  readonly questions: readonly ReportedQuestion[];
  /** What is said besides. */
  readonly notes: readonly string[];
  /** The working folder as the repository sees it, with `/` and without one at its end; empty for its root. */
  readonly folder: string;
  readonly began: Date;
  readonly seconds: number;
}

/** The contract of a report format: one file and one line in `mod.ts`. */
export interface ReportFormat {
  readonly name: string;
  /** For help: `SARIF 2.1.0, for code scanning`. */
  readonly title: string;
  /** The file's whole text. Valid when nothing was found. */
  render(report: Report): string;
}

/** A path of a finding as the repository has it: below its root, with `/`. */
export function pathInRepository({ folder }: Report, file: string): string {
  const parts = [...folder.split("/"), ...file.replaceAll("\\", "/").split("/")];
  const path: string[] = [];
  for (const part of parts) {
    if (part === "" || part === ".") continue;
    if (part === ".." && path.length > 0 && path.at(-1) !== "..") path.pop();
    else path.push(part);
  }
  return path.join("/");
}
