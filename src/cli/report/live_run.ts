/** What is run on a live database, as text: the plan before, and what became of it. */

import type { MeasuredStatement } from "../../core/measured.ts";
import type { FailedRun, LiveRunOutcome, PlannedRun } from "../../core/live_run.ts";
import type { Paint } from "../paint.ts";
import { hanging } from "../help.ts";
import { visible } from "../visible.ts";
import { counted } from "./changes.ts";
import { duration } from "./stage_line.ts";

/** The plan: each migration, its statements, and what they block, on lines of at most `width`. */
export function renderPlan(
  { plan, database }: { readonly plan: readonly PlannedRun[]; readonly database: string },
  paint: Paint,
  width = Infinity,
): string {
  const word = plan[0]?.direction === "down" ? "takes back" : "runs";
  const lines = plan.flatMap((one) => [
    `  ${paint.cyan(visible(one.file))}${
      paint.dim(one.isOne ? "  one transaction" : "  statement by statement")
    }\n`,
    ...one.statements.map(({ sql, measured, refusal }) => {
      const said = refusal === null ? effect(measured) : `refused by made rows: ${refusal}`;
      const colour = refusal !== null || blocks(measured) ? paint.yellow : paint.dim;
      const lines = hanging(visible(said), { first: 6, indent: 8, width });
      return `    ${shown(sql, width - 4)}\n${said === "" ? "" : `      ${colour(lines)}\n`}`;
    }),
  ]);
  return `${paint.bold(`${word} ${counted(plan.length, "migration")}`)} on ${visible(database)}:\n${
    lines.join("")
  }`;
}

function shown(sql: string, room = Infinity): string {
  const line = visible(sql.replaceAll(/\s+/g, " "));
  const longest = Math.min(100, room);
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

function blocks(measured: MeasuredStatement | null): boolean {
  return measured !== null &&
    (measured.rewrites.length > 0 || measured.scans.length > 0 || measured.builds.length > 0) &&
    [...measured.locks, ...measured.held].some(({ blocks }) => blocks !== "nothing");
}

function effect(measured: MeasuredStatement | null): string {
  if (measured === null) return "";
  const locks = measured.locks.filter(({ blocks }) => blocks !== "nothing");
  const held = measured.held.filter(({ blocks }) => blocks !== "nothing");
  const works = measured.rewrites.length + measured.builds.length + measured.scans.length > 0;
  return [
    ...locks.map(({ relation, blocks }) => `blocks ${blocks} of ${relation}`),
    ...measured.rewrites.map((name) => `writes all of ${name} anew`),
    ...measured.builds.map((name) => `builds an index on ${name}`),
    ...measured.scans.map((name) => `reads all of ${name}`),
    ...works
      ? held.map(({ relation, blocks }) => `${blocks} of ${relation} blocked meanwhile`)
      : [],
    ...measured.algorithm === undefined ? [] : [`algorithm ${measured.algorithm}`],
  ].join(", ");
}

/** What was run, one line each. */
export function renderFinished({ finished, direction }: LiveRunOutcome, paint: Paint): string {
  return finished.map(({ file, ms, statements }) => {
    const rows = statements.reduce((sum, one) => sum + (one.rows ?? 0), 0);
    const more = rows === 0 ? "" : `, ${counted(rows, "row")}`;
    return `  ${paint.green(direction === "up" ? "applied" : "taken back")}  ${visible(file)}  ${
      paint.dim(`${duration(ms)}${more}`)
    }\n`;
  }).join("");
}

/** That nothing was run, and what runs it, unless somebody said no. `where` is safe to print. */
export function renderNotRun(where: string, paint: Paint, next: string | null): string {
  return `${paint.yellow("not run")}: nothing was changed on ${where}\n${
    next === null ? "" : paint.dim(`next: ${next}\n`)
  }`;
}

/** Why nothing was run, each with what to do. `where` is safe to print. */
export function renderRefusals(
  refusals: LiveRunOutcome["refusals"],
  where: string,
  { paint, room }: { readonly paint: Paint; readonly room: number },
): string {
  const lines = refusals.map(({ message, hint }) => {
    const said = hanging(visible(message), { first: 9, indent: 2, width: room });
    const help = hanging(visible(hint), { first: 8, indent: 4, width: room });
    return `${paint.red("refused")}: ${said}\n  ${paint.dim("hint:")} ${help}\n`;
  });
  return `${lines.join("")}nothing was changed on ${where}\n`;
}

/** How it ended, and what to do; `again` is what runs what was only shown. */
export function renderEnd(
  outcome: LiveRunOutcome,
  paint: Paint,
  { isRecovery, again, room }: {
    readonly isRecovery: boolean;
    readonly again: string | null;
    readonly room: number;
  },
): string {
  const { database, direction, finished, failed, left, refusals } = outcome;
  const where = visible(database);
  const done = direction === "up" ? "applied" : "taken back";
  const rest = left.length === 0
    ? ""
    : `not begun: ${visible(left.slice(0, 5).join(", "))}${left.length > 5 ? ", …" : ""}\n`;
  switch (outcome.outcome) {
    case "nothing":
      return `${paint.green("nothing to do")}: ${where} ${
        isRecovery
          ? "has nothing unfinished"
          : direction === "down"
          ? "has none"
          : left.length > 0
          ? "has all migrations up to that one"
          : "has all migrations"
      }\n${rest}`;
    case "done":
      return `${paint.green(done)}: ${counted(finished.length, "migration")} on ${where}\n${rest}`;
    case "planned":
      return renderNotRun(where, paint, again);
    case "refused":
      return renderRefusals(refusals, where, { paint, room });
    case "failed":
    case "interrupted": {
      const word = outcome.outcome === "failed" ? paint.red("failed") : paint.yellow("interrupted");
      const kept = finished.length === 0
        ? `nothing else was ${done}\n`
        : `${done}: ${visible(finished.map(({ file }) => file).join(", "))}\n`;
      return `${
        failed === null ? "" : renderFailure(
          failed,
          outcome.outcome === "failed" ? paint.red("error:") : paint.yellow("stopped:"),
          paint,
        )
      }${kept}${rest}${word}: ${where}\n${
        failed === null
          ? ""
          : paint.dim(`next: ${nextOf(failed, outcome.outcome === "interrupted")}\n`)
      }`;
    }
  }
}

function renderFailure(failed: FailedRun, label: string, paint: Paint): string {
  const { place, message, hint, sql, file } = failed;
  const at = place === null ? file : `${place.file}:${place.line}:${place.column}`;
  return [
    `${label} ${visible(at)}: ${visible(message)}\n`,
    sql === null ? "" : `  ${shown(sql)}\n`,
    hint === null ? "" : `  ${paint.dim("hint:")} ${visible(hint)}\n`,
    `${stateOf(failed)}\n`,
  ].join("");
}

function stateOf({ state, file, done, total }: FailedRun): string {
  const name = visible(file);
  switch (state) {
    case "undone":
      return `${name}: nothing of it is there, and the runner's table says so`;
    case "partly":
      return done === 0
        ? `${name}: its first statement may have left something`
        : `${name}: ${done} of ${total} statements are there to stay`;
    case "partly-back":
      return `${name}: ${done} of ${total} statements of the way back were run`;
    case "unknown":
      return `${name}: the connection was lost at its end; it is there whole, or not at all`;
    case "checked":
      return `${name}: it is there whole, and the runner's table says so`;
  }
}

function nextOf({ state }: FailedRun, isInterrupted: boolean): string {
  const first = isInterrupted ? "" : "mend the cause, then ";
  switch (state) {
    case "undone":
      return `${first}the same again`;
    case "partly":
      return `${first}aim apply --recover; or aim apply --recover --back, which takes back what is there`;
    case "partly-back":
      return `${first}aim apply --recover --back`;
    case "unknown":
      return "aim status";
    case "checked":
      return "aim status, or aim rollback";
  }
}
