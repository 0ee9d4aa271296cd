/** A migration and its proof, as people read them. */

import { relative } from "node:path";
import type { GenerateOutcome } from "../../core/outcome.ts";
import type { Finding } from "../../core/finding.ts";
import type { Draft } from "../../core/plan.ts";
import type { Proof, Verdict } from "../../core/proof.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Wrapping } from "../../pipeline/mod.ts";
import { hanging } from "../help.ts";
import type { Paint } from "../paint.ts";
import type { Choice } from "../../core/choice.ts";
import { counted, renderChanges } from "./changes.ts";
import { renderRows, rowsObjection } from "./rows.ts";
import { sentenceOf } from "./reason.ts";
import { highlightSql } from "./sql.ts";

/** What ends a comment: for Postgres a carriage return does as well. */
const LINE_END = /\r\n|[\r\n]/;

/** Both directions in colour, with the reason of each statement when `explain` is set. */
export function renderMigration(draft: Draft, paint: Paint, explain: boolean): string {
  return [
    heading(`up  ${draft.name}`, paint),
    script(draft.up, paint, explain),
    "\n",
    heading(`down  ${downClass(draft)}`, paint),
    draft.down.length === 0 ? `${paint.dim("-- nothing")}\n` : script(draft.down, paint, explain),
    renderNotes(draft, paint),
  ].join("");
}

/** What DOWN cannot bring back, and what it fails on. */
export function renderNotes({ notes }: Draft, paint: Paint, width = Infinity): string {
  return notes.map((note) =>
    `${paint.yellow("note:")} ${hanging(note, { first: 6, indent: 2, width })}\n`
  ).join("");
}

/**
 * What `--dry-run` prints on stdout: UP as SQL that a client can run, with BEGIN and COMMIT where the runner sends them, then DOWN as comments, so that `aim generate --dry-run | psql`
 * does what the migration does and nothing is hidden.
 */
export function renderDryRun(
  draft: Draft,
  paint: Paint,
  { explain, wrapping, runnable }: {
    readonly explain: boolean;
    readonly wrapping: Wrapping;
    /** Statements as a client gets them. */
    readonly runnable: (statements: readonly PlannedStatement[]) => readonly PlannedStatement[];
  },
): string {
  const wrapped = (wraps: boolean, sql: string) =>
    wraps ? `${highlightSql("BEGIN;", paint)}\n${sql}${highlightSql("COMMIT;", paint)}\n` : sql;
  const down = wrapped(wrapping.down, script(runnable(draft.down), paint, explain)).trimEnd();
  return [
    paint.dim(`-- ${draft.name}, up\n`),
    wrapped(wrapping.up, script(runnable(draft.up), paint, explain)),
    "\n",
    paint.dim(`-- ${draft.name}, down: ${downClass(draft)}\n`),
    down === "" ? "" : down.split(LINE_END).map((line) => `${paint.dim("--")} ${line}\n`).join(""),
  ].join("");
}

/** What was proven where: a line a direction, and what is wrong where one failed. `goal` is what UP is to lead to. */
export function renderProof(
  proof: Proof,
  paint: Paint,
  { choices = [], verbose = false, goal = "schema.sql" }: {
    readonly choices?: readonly Choice[];
    readonly verbose?: boolean;
    readonly goal?: string;
  } = {},
): string {
  const { rows } = proof;
  const failed = [proof.up, proof.down, proof.again]
    .some(({ state }) => state === "differs" || state === "error") ||
    rows !== undefined && rowsObjection(rows) !== null;
  return [
    verdictLine("up", `gives ${goal}`, proof.up, paint),
    verdictLine("down", "restores the schema before", proof.down, paint),
    verdictLine("again", "up works a second time", proof.again, paint),
    rows === undefined ? "" : renderRows(rows, { choices, verbose }, paint),
    `  ${paint.dim(`${failed ? "tried" : "proven"} on ${proof.runtime} ${proof.version}`)}\n`,
  ].join("");
}

/** Findings as blocks: code, message, place, hint. */
export function renderFindings(findings: readonly Finding[], paint: Paint): string {
  return findings.map(({ code, severity, message, place, hint }) => {
    const colour = { error: paint.red, warning: paint.yellow, info: paint.blue }[severity];
    return [
      `${colour(`${severity}[${code}]:`)} ${message}`,
      ...(place ? [`  --> ${place.file}:${place.line}:${place.column}`] : []),
      ...(hint ? [`${paint.cyan("hint:")} ${hint}`] : []),
    ].map((line) => `${line}\n`).join("");
  }).join("");
}

/** Paths as the user would write them, a line each. */
export function renderFiles(outcome: GenerateOutcome, base: string, folder: string): string {
  return outcome.files.map((file) => `${relative(folder, `${base}/${file.path}`)}\n`).join("");
}

/** What was checked of the rows that moved: the queries that a person or the model wrote. */
export function renderRowChecks({ data }: GenerateOutcome, paint: Paint): string {
  if (data === undefined || data.checks.length === 0) return "";
  const who = data.by === "model" ? "the model's checks" : "checks";
  return `\n${paint.dim(`${who} of the rows that move:`)}\n` +
    data.checks.map(({ name, sql, after, expect }) => {
      const lines = sql === ""
        ? [`after   ${after}`, `gives   ${expect}`]
        : [`before  ${sql}`, ...after === undefined ? [] : [`after   ${after}`]];
      return `  ${name}\n${lines.map((line) => `    ${paint.dim(line)}\n`).join("")}`;
    }).join("");
}

/** What the model cost: `2 calls, 3100 tokens in (1900 cached), 400 out, 1.2 s, $0.0004`; empty without a call. */
export function renderUsage({ usage }: GenerateOutcome, paint: Paint): string {
  if (usage.calls === 0) return "";
  const cached = usage.cachedTokens > 0 ? ` (${usage.cachedTokens} cached)` : "";
  const reasoning = usage.reasoningTokens > 0 ? ` (${usage.reasoningTokens} reasoning)` : "";
  const cost = usage.cost === null ? "cost unknown" : `$${usage.cost.toFixed(4)}`;
  const text = `${counted(usage.calls, "call")}, ${usage.inputTokens} tokens in${cached}, ` +
    `${usage.outputTokens} out${reasoning}, ${usage.seconds.toFixed(1)} s, ${cost}`;
  return `  ${paint.green("model".padEnd(8))} ${text}\n`;
}

/** What DOWN restores, in words. */
function downClass(draft: Draft): string {
  if (draft.down.length === 0) return "none";
  return {
    "exact": "restores exactly",
    "column-order": "restores all but the order of columns",
    "fails-on-new-data":
      "restores exactly, but fails on new data that the former schema cannot hold",
    "structure": "restores the structure; data is lost",
    "none": "does not restore",
  }[draft.reversible];
}

function script(
  statements: readonly PlannedStatement[],
  paint: Paint,
  explain: boolean,
): string {
  return statements.map((statement) => {
    const why = (explain ? comments(statement) : written(statement)).map((text) => `-- ${text}\n`);
    return highlightSql(`${why.join("")}${statement.sql};\n`, paint);
  }).join(explain ? "\n" : "");
}

function comments(statement: PlannedStatement): readonly string[] {
  return [
    sentenceOf(statement.reason),
    ...warnings(statement),
    ...(statement.failsOn ? [`DOWN fails on new data: ${statement.failsOn}`] : []),
    ...(statement.rewrites ? [`rewrites the rows of ${statement.rewrites}`] : []),
    ...(statement.transactional ? [] : ["runs outside a transaction"]),
  ].flatMap((text) => text.split(LINE_END));
}

/** The comments that stand in the file. */
function written(statement: PlannedStatement): readonly string[] {
  const { comment } = statement;
  return [...comment === undefined ? [] : [comment], ...warnings(statement)];
}

function warnings({ destroys }: PlannedStatement): readonly string[] {
  return destroys === undefined ? [] : `WARNING: destroys ${destroys}`.split(LINE_END);
}

function heading(text: string, paint: Paint): string {
  return `${paint.bold(`-- ${text}`)}\n`;
}

function verdictLine(direction: string, claim: string, verdict: Verdict, paint: Paint): string {
  const name = direction.padEnd(6);
  switch (verdict.state) {
    case "exact":
      return `  ${paint.green(`✓ ${name}`)} ${claim}\n`;
    case "column-order":
      return `  ${paint.green(`✓ ${name}`)} ${claim}, but for the order of columns\n`;
    case "not-run":
      return `  ${paint.dim(`- ${name} not run`)}\n`;
    case "error":
      return `  ${
        paint.red(`✗ ${name}`)
      } statement ${verdict.statement} failed: ${verdict.message}\n` +
        indented(`${verdict.sql};`, paint);
    case "differs":
      return `  ${paint.red(`✗ ${name}`)} what it leaves differs from what it should leave:\n` +
        renderChanges(verdict.changes, paint).replaceAll(/^(?=.)/gm, "      ");
  }
}

function indented(sql: string, paint: Paint): string {
  return highlightSql(sql, paint).split("\n").map((line) => `      ${line}\n`).join("");
}
