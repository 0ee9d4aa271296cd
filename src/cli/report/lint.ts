/** What `aim lint` found: a table of what each statement does, and the findings. */

import { type Estimate, estimateText } from "../../core/estimate.ts";
import type { LintedMigration, LintedStatement, LintOutcome } from "../../core/outcome.ts";
import type { MeasuredStatement } from "../../core/measured.ts";
import type { Paint } from "../paint.ts";
import { counted } from "./changes.ts";
import { renderFindings } from "./migration.ts";

/** Each migration: its statements with what they do, then what was found. */
export function renderLint({ migrations }: LintOutcome, paint: Paint, width: number): string {
  return renderLinted(migrations, paint, width);
}

/** The same of migrations alone. */
export function renderLinted(
  migrations: readonly LintedMigration[],
  paint: Paint,
  width: number,
): string {
  return migrations.map((migration) =>
    `${paint.bold(label(migration))}\n${statementTable(migration.statements, paint, width)}${
      migration.findings.length === 0 ? "" : "\n"
    }${renderFindings(migration.findings, paint)}`
  ).join("\n");
}

/** The last line: how many findings of which severity. */
export function renderLintSum(outcome: LintOutcome, paint: Paint): string {
  const { findings, migrations, runtime, version } = outcome;
  const place = runtime === null ? "" : paint.dim(`on ${runtime} ${version}`);
  const of = (wanted: string) => findings.filter(({ severity }) => severity === wanted).length;
  const parts = [
    ...(of("error") > 0 ? [paint.red(counted(of("error"), "error"))] : []),
    ...(of("warning") > 0 ? [paint.yellow(counted(of("warning"), "warning"))] : []),
    ...(of("info") > 0 ? [counted(of("info"), "remark")] : []),
  ];
  const sum = parts.length === 0 ? paint.green("nothing dangerous") : parts.join(", ");
  return `${sum}  ${counted(migrations.length, "migration")} ${place}\n`;
}

/** A line a statement: what waits while it runs, and what it reads or writes whole. */
function statementTable(
  statements: readonly LintedStatement[],
  paint: Paint,
  width: number,
): string {
  const rows = statements.filter(({ sql, failure }) =>
    failure !== null || !/^(?:BEGIN|COMMIT)$/i.test(sql)
  )
    .map((statement) => ({ ...statement, effects: effectsOf(statement) }));
  const room = Math.max(20, Math.min(60, width - 34));
  return rows.map(({ sql, effects, failure, estimates = [] }) => {
    const flat = sql.replaceAll(/\s+/g, " ");
    const shown = flat.length > room ? `${flat.slice(0, room - 1)}…` : flat;
    const colour = failure !== null ? paint.red : effects === "" ? paint.dim : paint.yellow;
    return `  ${shown.padEnd(room)}  ${colour(effects === "" ? "blocks nothing" : effects)}\n${
      estimates.map((one) => paint.dim(`    ${estimateLine(one)}\n`)).join("")
    }`;
  }).join("");
}

function effectsOf({ measured, failure }: LintedStatement): string {
  if (failure !== null) return "refused";
  if (measured === null) return "not measured";
  return effectsIn(measured).join(", ");
}

/** What waits while a statement runs, and what it reads or writes whole: `blocks writes to public.users`. */
export function effectsIn(measured: MeasuredStatement): readonly string[] {
  return [blocking(measured), ...whole(measured)].filter((part) => part !== "");
}

function blocking({ locks }: MeasuredStatement): string {
  const names = (blocks: string) =>
    locks.filter((lock) => lock.blocks === blocks).map(({ relation }) => relation);
  const all = names("reads and writes");
  const writes = names("writes");
  return [
    ...(all.length === 0 ? [] : [`blocks ${list(all)}`]),
    ...(writes.length === 0 ? [] : [`blocks writes to ${list(writes)}`]),
  ].join(", ");
}

function whole({ rewrites, scans, builds }: MeasuredStatement): readonly string[] {
  return [
    ...(rewrites.length === 0 ? [] : [`rewrites ${list(rewrites)}`]),
    ...(scans.length === 0 ? [] : [`scans ${list(scans)}`]),
    ...(builds.length === 0 ? [] : [`builds an index on ${list(builds)}`]),
  ];
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function label({ version, name }: LintedMigration): string {
  if (version === name) return name;
  return [version, name].filter((part) => part !== "").join("_");
}

/** `about 6 to 20 minutes for 40 million rows of public.users: measured ...` */
export function estimateLine(estimate: Estimate): string {
  const rows = estimate.rows.toLocaleString("en");
  return `${estimateText(estimate)} for ${rows} rows of ${estimate.table}: ${estimate.basis}`;
}
