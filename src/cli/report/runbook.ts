/** A runbook as Markdown. */

import type { ExpansionPhase } from "../../core/expansion.ts";
import type { MeasuredStatement } from "../../core/measured.ts";
import type { MigrationVerdict, RunbookOutcome, RunbookStep, Stop } from "../../core/outcome.ts";
import type { OnlineTool } from "../../core/online_tool.ts";
import { counted } from "./changes.ts";
import { estimateLine } from "./lint.ts";

/** The whole page. */
export function renderRunbook(outcome: RunbookOutcome): string {
  const title = [outcome.version, outcome.name].filter((part) => part !== "").join("_");
  return [
    `# ${inline(title)}`,
    `Measured and proven on ${outcome.runtime} ${outcome.server}, over made rows. ${
      outcome.steps.some(({ estimates }) => estimates !== undefined)
        ? "Times are estimates for the sizes in aim.stats.toml."
        : "How long a lock is held depends on the size of the tables, which is not known here."
    }`,
    before(outcome),
    ...outcome.steps.flatMap((step, at) => stepText(step, at, outcome)),
    `## Twice\n\n${twiceText(outcome.twice)}`,
    after(outcome),
    rollback(outcome),
  ].join("\n\n") + "\n";
}

/** What must hold of code that runs, for a phase of an expansion. */
function deployed({ name, phase }: ExpansionPhase): string {
  return {
    add: `Old code may go on running beside it; code that uses the new side of ${
      inline(name)
    } is deployed behind the backfill.`,
    backfill: `The columns of ${
      inline(name)
    } and their triggers are there. It may be stopped and run again: what is filled is passed by.`,
    contract: `No code runs any more that uses the old side of ${
      inline(name)
    }, and the backfill came to its end.`,
  }[phase];
}

function before({ steps, apply, down, phases }: RunbookOutcome): string {
  const locked = names(
    steps,
    ({ locks }) =>
      locks.filter(({ blocks }) => blocks !== "nothing").map(({ relation }) => relation),
  );
  const heavy = names(steps, ({ rewrites, scans, builds }) => [...rewrites, ...scans, ...builds]);
  const loses = steps.some(({ findings }) => findings.some(({ code }) => LOSES.test(code)));
  return [
    "## Before",
    [
      ...phases.map(deployed),
      ...(locked.length === 0 ? [] : [
        `No long query or open transaction uses ${
          locked.join(", ")
        }: everything that comes later waits behind the migration.`,
      ]),
      ...(heavy.length === 0 ? [] : [
        `The size of ${
          heavy.join(", ")
        } is known, and there is room on the disk for as much again.`,
      ]),
      ...(loses || down.length === 0
        ? ["There is a backup that was restored once: rows are lost."]
        : []),
      `The state is the one before this migration: \`aim diff\` and the runner's own status say so.`,
      ...(apply === null ? [] : [`Run it by \`${apply}\`.`]),
    ].map((line) => `- [ ] ${line}`).join("\n"),
  ].join("\n\n");
}

const LOSES = /^(?:drop-(?:table|column|schema)|truncate|lossy-|dml-without)/;

function stepText(
  step: RunbookStep,
  at: number,
  { steps, down }: RunbookOutcome,
): readonly string[] {
  const { sql, measured, failure, findings, kept, stop, estimates = [] } = step;
  return [
    `## ${at + 1}. ${costOf(measured, failure)}`,
    fenced(sql),
    [
      `- Blocks: ${blocking(measured)}`,
      `- Cost: ${work(measured)}`,
      ...estimates.map((one) => `- Takes ${inline(estimateLine(one))}`),
      ...(step.tools ?? []).flatMap(toolLines),
      ...findings.map(({ code, severity, message, hint }) =>
        `- ${severity} \`${code}\`: ${inline(message)}${
          hint === undefined ? "" : `. ${inline(hint)}`
        }`
      ),
      `- If it stops here: ${
        stop === undefined
          ? recovery(kept, at, steps.length, down.length > 0)
          : triedRecovery(stop, { kept, all: steps.length })
      }`,
    ].join("\n"),
    ...stop?.back == null ? [] : [fenced(stop.back.map((sql) => `${sql};`).join("\n"))],
  ];
}

/** A tool that copies the table beside its users: its command, or why it cannot. */
function toolLines({ tool, command, refusals }: OnlineTool): readonly string[] {
  if (refusals.length > 0) return [`- ${tool} cannot do it: ${inline(refusals.join("; "))}`];
  return [`- ${tool} does it while others write:`, "", fenced(command, "sh"), ""];
}

function costOf(measured: MeasuredStatement | null, failure: string | null): string {
  if (failure !== null) return "Refused by the made rows";
  if (measured === null) return "Not measured";
  if (measured.algorithm === "COPY") return "Copies the table";
  if (measured.rewrites.length > 0) return "Rewrites the table";
  if (measured.builds.length > 0) return "Builds an index";
  return measured.scans.length > 0 ? "Reads the table whole" : "Quick, whatever the size";
}

function blocking(measured: MeasuredStatement | null): string {
  if (measured === null) return "not measured";
  const held = measured.locks.filter(({ blocks }) => blocks !== "nothing");
  if (held.length === 0) return "nothing that was there before";
  return held.map(({ relation, blocks, mode }) => `${blocks} of ${relation} (${mode})`).join(", ");
}

function work(measured: MeasuredStatement | null): string {
  if (measured === null) return "not measured";
  const { rewrites, scans, builds, algorithm, reason } = measured;
  const parts = [
    ...rewrites.map((name) => `writes all of ${name} anew`),
    ...builds.map((name) => `builds an index on ${name}`),
    ...scans.map((name) => `reads all of ${name}`),
    ...algorithm === undefined ? [] : [
      `ALGORITHM=${algorithm} is the least that the server takes${
        reason === undefined ? "" : ` (${reason})`
      }`,
    ],
  ];
  return parts.length === 0 ? "the same for any number of rows" : parts.join(", ");
}

function recovery(kept: number, at: number, all: number, hasDown: boolean): string {
  if (kept === 0) return "nothing of the migration stays; mend the cause and run it again.";
  const rest = at + 1 === all ? `statement ${all}` : `statements ${at + 1} to ${all}`;
  const back = hasDown ? ", or undo those that ran, the last first, by the statements below" : "";
  return `${counted(kept, "statement")} before it ${
    kept === 1 ? "stays" : "stay"
  }; mend the cause and run ${rest} by hand${back}, then tell the runner which state it is.`;
}

function twiceText(twice: RunbookOutcome["twice"]): string {
  if ("message" in twice) {
    return `Run again where it has run, it fails at statement ${twice.statement}: ${
      inline(twice.message)
    }`;
  }
  return twice.state === "same"
    ? "It can be run again where it has run: that leaves the same."
    : "Run again where it has run, it changes the schema once more.";
}

/** What was tried on the scratch database; the statements back follow it. */
function triedRecovery(
  { resumes, back }: Stop,
  { kept, all }: { readonly kept: number; readonly all: number },
): string {
  const stays = `${counted(kept, "statement")} before it ${kept === 1 ? "stays" : "stay"}`;
  const rest = kept + 1 === all ? `statement ${all}` : `statements ${kept + 1} to ${all}`;
  const on = resumes
    ? `mend the cause and run ${rest} by hand (tried: it leads to the same end)`
    : `to run ${rest} by hand does NOT lead to the same end`;
  const way = back === null
    ? "no way back was found that loses nothing"
    : back.length === 0
    ? "the schema is the one before"
    : "or go back by the statements below (tried: they lead to the schema before)";
  return `${stays}; ${on}, ${way}, then tell the runner which state it is.`;
}

function after({ steps }: RunbookOutcome): string {
  const touched = names(steps, ({ locks }) => locks.map(({ relation }) => relation));
  return [
    "## After",
    [
      "`aim diff` against the schema says that nothing differs.",
      ...(touched.length === 0 ? [] : [
        `Reads and writes of ${touched.join(", ")} go on, with the errors and times of before.`,
      ]),
    ].map((line) => `- [ ] ${line}`).join("\n"),
  ].join("\n\n");
}

function rollback({ down, verdict }: RunbookOutcome): string {
  return [
    "## Back",
    DOWN[verdict],
    ...(down.length === 0 ? [] : [fenced(down.map((sql) => `${sql};`).join("\n"))]),
  ].join("\n\n");
}

const DOWN: Readonly<Record<MigrationVerdict["down"], string>> = {
  exact: "DOWN was run: it restores the schema before. Rows that UP lost do not come back.",
  "column-order":
    "DOWN was run: it restores the schema before, but for the order of columns. Rows that UP lost do not come back.",
  differs: "DOWN was run: it does NOT restore the schema before.",
  error: "DOWN was run and FAILED: the way back is a backup.",
  missing: "There is no DOWN: the way back is a backup, or a new migration.",
};

function names(
  steps: readonly RunbookStep[],
  of: (measured: MeasuredStatement) => readonly string[],
): readonly string[] {
  return [...new Set(steps.flatMap(({ measured }) => measured === null ? [] : of(measured)))];
}

/** Code between fences that are longer than any in it. */
function fenced(code: string, language = "sql"): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

/** Text of a migration or a server on one line, where Markdown means nothing by it. */
function inline(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_{}[\]<>|#]/g, (sign) => `\\${sign}`);
}
