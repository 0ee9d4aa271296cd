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

/** A statement of a migration, and what is known of it. */
export interface ReportedStatement {
  readonly sql: string;
  /** Why it is there, in a sentence; empty where nobody planned it. */
  readonly why: string;
  /** What it locks, rewrites, scans and builds, in words; empty when that was not measured or is nothing. */
  readonly effects: readonly string[];
  /** What data it destroys, and what DOWN cannot hold, in words. */
  readonly losses: readonly string[];
  /** Codes of what was found about it. */
  readonly codes: readonly string[];
}

/** A migration, shown whole. */
export interface ReportedMigration {
  readonly name: string;
  /** `planned`, `new`, `last`. */
  readonly kind: string;
  readonly up: readonly ReportedStatement[];
  readonly down: readonly ReportedStatement[];
  /** What DOWN restores, in words; empty when that is not known. */
  readonly restores: string;
}

/** Something that happened to rows which were put in, with a value as an example. */
export interface ReportedRow {
  readonly subject: string;
  readonly direction: string;
  /** Null for NULL and for none. */
  readonly before: string | null;
  readonly after: string | null;
  readonly text: string;
  readonly isGood: boolean;
}

/** A step of the history. */
export interface ReportedStep {
  readonly name: string;
  /** When it was made, where its version tells: `2026-01-31`. */
  readonly date: string;
  /** A line a change. */
  readonly changes: readonly string[];
  /** Unified diff of the canonical DDL. */
  readonly diff: string;
}

/** A picture of the schema for a page. Its markup is escaped already. */
export interface ReportedPicture {
  readonly markup: string;
  readonly style: string;
  readonly script: string;
  /** The policy that lets the script run and nothing else. */
  readonly policy: string;
}

/** What only a report with room for it shows. */
export interface ReportDetails {
  readonly migrations: readonly ReportedMigration[];
  /** One line about rows; empty without any. */
  readonly rowSummary: string;
  readonly rows: readonly ReportedRow[];
  readonly steps: readonly ReportedStep[];
  /** How many steps before those are not shown. */
  readonly earlier: number;
  readonly picture: ReportedPicture | null;
  /** Unified diff of the canonical DDL; empty when in sync. */
  readonly diff: string;
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
  /** Absent where a command knows no more. */
  readonly details?: Partial<ReportDetails>;
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
