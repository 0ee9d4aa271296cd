/** What `aim validate` found: a line a migration, the details of those that fail, and the sum. */

import type { MigrationVerdict, RowsVerdict, ValidateOutcome } from "../../core/outcome.ts";
import type { Paint } from "../paint.ts";
import { counted, renderChanges, renderUnifiedDiff } from "./changes.ts";
import { checkText, renderFindings } from "./rows.ts";

const GOOD: ReadonlySet<string> = new Set(["ok", "exact", "column-order", "kept", "none"]);

/** The table, the details, and how the end state stands to schema.sql. */
export function renderVerdicts(outcome: ValidateOutcome, paint: Paint): string {
  return [
    table(outcome.migrations, paint),
    ...outcome.migrations.flatMap((verdict) => details(verdict, paint)),
    schemaLine(outcome, paint),
  ].join("");
}

/** The last line: how many, and how many of them are wrong. */
export function renderVerdictSum(outcome: ValidateOutcome, paint: Paint): string {
  const wrong = outcome.migrations.filter((verdict) => !isGood(verdict)).length;
  const after = outcome.earlier === 0 ? "" : ` after ${outcome.earlier} earlier`;
  const number = `${counted(outcome.migrations.length, "migration")}${after}`;
  const place = paint.dim(`on ${outcome.runtime} ${outcome.version}`);
  const statements = counted(outcome.statements, "statement");
  if (outcome.outcome === "valid") {
    return `${paint.green("valid")}  ${number}, ${statements} ${place}\n`;
  }
  const parts = [
    ...(wrong > 0 ? [`${wrong} of ${number} wrong`] : [number]),
    ...(outcome.schema === "differs" ? ["the end state differs from the schema"] : []),
    ...(outcome.dangers ?? []).length === 0
      ? []
      : [counted(outcome.dangers?.length ?? 0, "finding")],
  ];
  return `${paint.red("invalid")}  ${parts.join(", ")}, ${statements} ${place}\n`;
}

function table(verdicts: readonly MigrationVerdict[], paint: Paint): string {
  if (verdicts.length === 0) return "";
  const width = Math.max(9, ...verdicts.map((verdict) => label(verdict).length));
  const withRows = verdicts.some(({ rows }) => rows !== undefined);
  const last = withRows ? `${"again".padEnd(9)}rows` : "again";
  const head = `  ${"migration".padEnd(width)}  ${"up".padEnd(6)}${"down".padEnd(14)}${last}\n`;
  return paint.dim(head) + verdicts.map((verdict) => {
    const mark = isGood(verdict) ? paint.green("✓") : paint.red("✗");
    const cells = [
      cell(verdict.up, 6, paint),
      cell(verdict.down, 14, paint),
      cell(verdict.again, withRows ? 9 : 0, paint),
      withRows ? cell(verdict.rows?.state ?? "none", 0, paint) : "",
    ];
    return `${mark} ${label(verdict).padEnd(width)}  ${cells.join("")}\n`;
  }).join("");
}

function cell(word: string, width: number, paint: Paint): string {
  const colour = GOOD.has(word) || word === "not-run" ? paint.dim : paint.red;
  return colour(word) + " ".repeat(Math.max(0, width - word.length));
}

function details(verdict: MigrationVerdict, paint: Paint): readonly string[] {
  const rows = verdict.rows === undefined ? "" : rowsText(verdict.rows, paint);
  if (verdict.detail === "" && rows === "") return [];
  const text = verdict.detail === "" ? "" : `${verdict.detail}\n`;
  const lines = `${text}${rows}`.trimEnd().split("\n").map((line) => `  ${line}\n`);
  return [`\n${paint.red("✗")} ${paint.bold(label(verdict))}\n`, ...lines];
}

/** What a migration did to rows, and how its file can say so. */
function rowsText(
  { refused, lost, altered, checks = [] }: RowsVerdict,
  paint: Paint,
): string {
  if (refused !== undefined) {
    return `over rows, ${refused.message}\n${paint.dim("it works on empty tables alone")}\n`;
  }
  const findings = [...lost, ...altered];
  const broken = checks.map((check) => `${checkText(check)}\n`).join("");
  const [first] = findings;
  if (first === undefined) return broken;
  const what = first.column === null
    ? `the rows of table ${first.table}`
    : `the values of column ${first.table}.${first.column}`;
  return broken + renderFindings(findings, paint) +
    `${paint.dim(`a comment in the file can say so: -- WARNING: destroys ${what}`)}\n`;
}

function schemaLine(outcome: ValidateOutcome, paint: Paint): string {
  if (outcome.schema !== "differs") return "";
  return `\n${paint.red("✗")} ${paint.bold("the end state differs from the schema")}\n` +
    renderChanges(outcome.changes, paint).replaceAll(/^(?=.)/gm, "  ") +
    `\n${renderUnifiedDiff(outcome.text, paint)}`;
}

/** Missing downs are odd, not wrong, where up works and nothing is said of them (--strict). */
function isGood(verdict: MigrationVerdict): boolean {
  return verdict.up === "ok" &&
    (GOOD.has(verdict.down) || verdict.down === "missing" && verdict.detail === "") &&
    (verdict.again === "ok" || verdict.again === "not-run") &&
    GOOD.has(verdict.rows?.state ?? "none");
}

function label({ version, name }: MigrationVerdict): string {
  if (version === name) return name;
  return [version, name].filter((part) => part !== "").join("_");
}
