/** What a page shows of a migration: its statements with what they do, and what became of rows. */

import type { Change } from "../../core/change.ts";
import type { LintedMigration, LintedStatement, MigrationVerdict } from "../../core/outcome.ts";
import type { Draft } from "../../core/plan.ts";
import type { RowFinding, RowsProof } from "../../core/proof.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { ReportedMigration, ReportedRow, ReportedStatement } from "../../reports/report.ts";
import { effectsIn } from "./lint.ts";
import { sentenceOf } from "./reason.ts";
import { summaryOf } from "./rows.ts";

/** A planned migration; where it was measured, with what its statements do. */
export function draftDetails(
  draft: Draft,
  linted: readonly LintedMigration[] = [],
): ReportedMigration {
  const measured = new Map(
    linted.flatMap(({ statements }) => statements).map((one) => [flat(one.sql), one]),
  );
  const findings = linted.flatMap(({ findings }) => findings);
  return {
    name: draft.name,
    kind: "planned",
    up: draft.up.map((statement) => {
      const seen = measured.get(flat(statement.sql));
      const planned = plannedDetails(statement);
      if (seen === undefined) return planned;
      const { effects, codes } = lintedDetails(seen, findings);
      return { ...planned, effects: effects.length > 0 ? effects : planned.effects, codes };
    }),
    down: draft.down.map(plannedDetails),
    restores: RESTORES[draft.reversible],
  };
}

const RESTORES = {
  exact: "which restores the schema before",
  "column-order": "which restores all but the order of columns",
  "fails-on-new-data": "which restores the schema before, but fails on data that it cannot hold",
  structure: "which restores the structure; the data is lost",
  none: "which cannot restore the schema before",
} as const;

function plannedDetails(statement: PlannedStatement): ReportedStatement {
  const { sql, reason, rewrites, destroys, failsOn } = statement;
  return {
    sql,
    why: sentenceOf(reason),
    effects: rewrites === undefined ? [] : [`rewrites the rows of ${rewrites}`],
    losses: [
      ...destroys === undefined ? [] : [`loses ${destroys}`],
      ...failsOn === undefined ? [] : [`DOWN fails on ${failsOn}`],
    ],
    codes: [],
  };
}

/** A migration of the history that was linted. */
export function lintedMigration(
  { version, name, statements, findings }: LintedMigration,
  down: readonly string[] = [],
): ReportedMigration {
  return {
    name: version === name || version === "" ? name : `${version}_${name}`,
    kind: "in the history",
    up: statements.map((statement) => lintedDetails(statement, findings)),
    down: down.map((sql) => ({ sql, why: "", effects: [], losses: [], codes: [] })),
    restores: "",
  };
}

function lintedDetails(
  { sql, place, measured, failure }: LintedStatement,
  findings: LintedMigration["findings"],
): ReportedStatement {
  const own = findings.filter(({ place: at }) =>
    at?.file === place.file && at.line === place.line && at.column === place.column
  );
  return {
    sql,
    why: failure === null ? "" : `The server refuses it: ${failure}`,
    effects: measured === null ? [] : effectsIn(measured),
    losses: [],
    codes: [...new Set(own.map(({ code }) => code))],
  };
}

/** Statements are the same whatever blanks a file puts between their words. */
function flat(sql: string): string {
  return sql.replaceAll(/\s+/g, " ").trim().replace(/;$/, "");
}

/** What a proof says of rows: those lost, altered, refused, and what is written meanwhile. */
export function rowDetails(
  rows: RowsProof | undefined,
): { readonly rowSummary: string; readonly rows: readonly ReportedRow[] } {
  if (rows === undefined) return { rowSummary: "", rows: [] };
  return {
    rowSummary: summaryOf(rows),
    rows: [
      ...[...rows.lost, ...rows.altered].map(rowOf),
      ...rows.refused.map(({ direction, message, detail }) => ({
        subject: `statement of ${direction}`,
        direction,
        before: detail,
        after: null,
        text: message,
        isGood: false,
      })),
      ...rows.declared.map((text) => ({
        subject: text,
        direction: "up",
        before: null,
        after: null,
        text: "the migration says so",
        isGood: true,
      })),
      ...rows.newData.map(({ table, column, value, fate, message, isTold }) => ({
        subject: column === null ? table : `${table}.${column}`,
        direction: "written after up",
        before: value,
        after: null,
        text: `DOWN ${fate === "lost" ? "loses it" : "is refused"}: ${message}`,
        isGood: isTold,
      })),
    ],
  };
}

function rowOf({ table, column, direction, before, after, text }: RowFinding): ReportedRow {
  const subject = column === null ? table : `${table}.${column}`;
  return { subject, direction, before, after, text, isGood: false };
}

/** What migrations of a history did to rows without a word. */
export function verdictRows(verdicts: readonly MigrationVerdict[]): readonly ReportedRow[] {
  return verdicts.flatMap(({ rows }) => [...rows?.lost ?? [], ...rows?.altered ?? []].map(rowOf));
}

/** `create column public.users.email`. */
export function changeLine(change: Change): string {
  const { name } = change.op === "drop" ? change.before : change.after;
  const facts = change.op === "alter" ? ` (${change.facts.join(", ")})` : "";
  return `${change.op} ${change.kind} ${name}${facts}`;
}
