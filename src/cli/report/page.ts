/** What `aim report` knows, for the page. */

import { contentPolicy, viewer } from "../../diagram/viewer.ts";
import type { ReportOutcome } from "../../pipeline/mod.ts";
import type { ReportDetails, ReportedMigration } from "../../reports/report.ts";
import type { Reported } from "../write_reports.ts";
import { counted } from "./changes.ts";
import { changeLine, draftDetails, lintedMigration, rowDetails, verdictRows } from "./details.ts";
import { generateReported, validateReported } from "./reported.ts";

/** The page's content; `folder` is the migrations folder as it is shown. */
export function pageReported(outcome: ReportOutcome, folder: string, title: string): Reported {
  const { planned, last, linted, changes } = outcome;
  const inner = planned !== null
    ? generateReported(planned)
    : last === null
    ? null
    : validateReported(last.validated, folder);
  const isGood = outcome.outcome === "in-sync"
    ? last === null || last.validated.outcome === "valid"
    : outcome.outcome === "proven";
  const findings = [...inner?.findings ?? [], ...linted?.findings ?? []];
  return {
    outcome: outcome.outcome,
    isGood,
    summary: `${title}: ${SUMMARY[outcome.outcome]}${
      changes.length === 0 ? "" : `, ${counted(changes.length, "difference")}`
    }`,
    server: `${outcome.runtime} ${outcome.version}`,
    // What differs is what the planned migration is for.
    findings: findings.filter(({ code }) => code !== "choice-open"),
    checks: inner?.checks ?? [],
    changes: changes.map(changeLine),
    sql: inner?.sql ?? [],
    questions: inner?.questions ?? [],
    notes: outcome.notes,
    details: detailsOf(outcome),
  };
}

const SUMMARY = {
  "in-sync": "the migrations lead to the schema",
  proven: "a migration is missing, and it is proven",
  unproven: "a migration is missing, and it is not proven",
  undecided: "a migration is missing, and a question is open",
} as const;

function detailsOf(outcome: ReportOutcome): ReportDetails {
  const { planned, last, steps, earlier, diagram, text } = outcome;
  const picture = diagram === null || diagram.tables.length === 0 ? null : viewer(diagram);
  return {
    migrations: migrationsOf(outcome),
    ...rowDetails(planned?.proof?.rows),
    ...(last === null ? {} : { rows: verdictRows(last.validated.migrations) }),
    steps: steps.map(({ version, name, changes, text }) => ({
      name: version === name || version === "" ? name : `${version}_${name}`,
      date: dateOf(version),
      changes: changes.map(changeLine),
      diff: text,
    })),
    earlier,
    picture: picture === null ? null : { ...picture, policy: contentPolicy(picture.script) },
    diff: text,
  };
}

function migrationsOf({ planned, last, linted }: ReportOutcome): readonly ReportedMigration[] {
  const measured = linted?.migrations ?? [];
  if (planned?.draft !== undefined && planned.draft !== null) {
    return [draftDetails(planned.draft, measured)];
  }
  return last === null ? [] : measured.map((one) => lintedMigration(one, last.down));
}

/** `2026-01-31` of a version that begins with it. */
function dateOf(version: string): string {
  const found = /^((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])/.exec(version);
  return found === null ? "" : found.slice(1).join("-");
}
