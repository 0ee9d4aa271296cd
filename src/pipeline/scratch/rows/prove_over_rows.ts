/** A proof over rows: what they do not let through is tried without them, and what happened to them is judged. */

import type { Choice } from "../../../core/choice.ts";
import { lastName } from "../../../core/name.ts";
import type { NewDataVerdict, RowRefusal, RowsProof, Verdict } from "../../../core/proof.ts";
import type { Migration } from "../../../formats/format.ts";
import type { Project } from "../../project.ts";
import { type Passage, type Passengers, passes, type ProofInput, runPassage } from "../passage.ts";
import { judgeRows, type RowJudgement } from "./judge.ts";
import { lostData, refusedData, type Written } from "./new_data.ts";
import { keyOf } from "./intent.ts";
import { isAbout } from "./said.ts";
import { isWordIn } from "./scope.ts";
import type { RowTrial, TrialOptions } from "./trial.ts";

/** What is proven. */
interface Task extends ProofInput {
  readonly trial: RowTrial;
  readonly candidate: readonly Migration[];
  readonly options: TrialOptions;
}

/** Proves a candidate over rows. Its verdicts about the schema are those that it has without them. */
export async function proveOverRows(
  project: Project,
  { trial, candidate, options, ...proofInput }: Task,
): Promise<{ readonly passage: Passage; readonly rows: RowsProof | null }> {
  const run = (passengers: Passengers | null) =>
    runPassage(project, proofInput, candidate, passengers);
  const { passage: over, newData } = await runOver(trial, run);
  const failed = DIRECTIONS.find((direction) => over[direction].state === "error");
  const plain = failed === undefined ? over : await run(null);
  const met = failed !== undefined && passes(plain[failed])
    ? refusalOf(failed, over[failed], options.choices ?? [])
    : [];
  const refused = met.filter((refusal) => !isForetold(refusal, options));
  const foretold = met.filter((refusal) => !refused.includes(refusal));
  if (!passes(plain.up)) return { passage: plain, rows: null };
  const judged = over.middle === null ? NOTHING : await judgeRows(trial, {
    middle: over.middle,
    from: over.written?.seen ?? over.middle,
    last: passes(over.down) ? over.last : null,
  }, candidate);
  const told = newData.map((data) => ({ ...data, isTold: isToldOf(data, options) }));
  return { passage: plain, rows: rowsProof(trial, { judged, refused, foretold, newData: told }) };
}

/**
 * Whether the draft says that what DOWN would have to make up is lost. Rows that were there before UP alone are refused here, so what
 * it says of new ones is no excuse.
 */
function isForetold(
  { direction, sql, message }: RowRefusal,
  { draft }: TrialOptions,
): boolean {
  if (direction !== "down") return false;
  return draft?.up.some(({ destroys = "" }) => isAbout(destroys, `${sql} ${message}`)) === true;
}

/** Whether the draft says that DOWN fails on such new rows: of the table, the column, or what the refused statement names. */
function isToldOf(
  { table, column, refusedBy = "" }: NewDataVerdict,
  options: TrialOptions,
): boolean {
  const own = column === null ? lastName(table) : keyOf(column);
  return saysFailure(options, (name) => name === own || isWordIn(name, refusedBy));
}

/** Whether one of the names in what the draft says of failures passes a test. */
function saysFailure({ draft }: TrialOptions, test: (name: string) => boolean): boolean {
  return draft?.up.some(({ failsOn = "" }) => {
    const words = failsOn.match(/[\p{L}\p{N}_$."]+/gu) ?? [];
    return words.some((word, at) =>
      (word.includes(".") || /^(?:of|in|columns)$/.test(words[at - 1] ?? "")) &&
      test(lastName(word))
    );
  }) === true;
}

const DIRECTIONS = ["up", "down", "again"] as const;

const NOTHING: RowJudgement = { findings: [], declared: [], touched: new Set() };

/** Runs over rows and new rows; over the former alone where the latter are in the way. */
async function runOver(
  trial: RowTrial,
  run: (passengers: Passengers) => Promise<Passage>,
): Promise<{ readonly passage: Passage; readonly newData: readonly NewDataVerdict[] }> {
  if (trial.hasChecks) {
    const passage = await run(trial.passengers(false));
    if (!passes(passage.down)) return { passage, newData: [] };
    const again = await run(trial.passengers(true));
    const { written } = again;
    const newData = written === null ? [] : newDataOf(trial, { passage: again, written });
    return { passage, newData };
  }
  const passage = await run(trial.passengers(true));
  const { written, middle, last } = passage;
  if (written === null) return { passage, newData: [] };
  const newData = newDataOf(trial, { passage, written });
  const isClean = passes(passage.down) && passes(passage.again) && newData.length === 0 &&
    middle !== null && last !== null && trial.keepsOld(middle, last);
  return { passage: isClean ? passage : await run(trial.passengers(false)), newData };
}

function newDataOf(
  trial: RowTrial,
  { passage, written }: { readonly passage: Passage; readonly written: Written },
): readonly NewDataVerdict[] {
  const { down, again, middle, last } = passage;
  if (down.state === "error") return refusedData(written, down);
  if (!passes(down) || middle === null || last === null || again.state === "error") return [];
  return lostData(written, { middle, last, first: trial.first });
}

function refusalOf(
  direction: RowRefusal["direction"],
  verdict: Verdict,
  choices: readonly Choice[],
): readonly RowRefusal[] {
  if (verdict.state !== "error") return [];
  const { statement, sql, message, detail = null } = verdict;
  const settling = direction === "down" ? [] : choices.filter(({ id, kind, evidence }) => {
    if (kind !== "data" || id.startsWith("empty:")) return false;
    const { table, column } = evidence;
    const names = [id.slice(id.indexOf(":") + 1), table, column]
      .filter((name) => typeof name === "string");
    return names.some((name) => isWordIn(lastName(name), `${sql} ${message}`));
  });
  return [{ direction, statement, sql, message, detail, choices: settling.map(({ id }) => id) }];
}

function rowsProof(
  trial: RowTrial,
  { judged, refused, foretold, newData }: {
    readonly judged: RowJudgement;
    readonly refused: readonly RowRefusal[];
    readonly foretold: readonly RowRefusal[];
    readonly newData: readonly NewDataVerdict[];
  },
): RowsProof {
  const { tables, seeded, uncovered } = trial.coverage;
  const { findings, declared, touched } = judged;
  const came = [...seeded].filter((id) => !touched.has(trial.first.tables.get(id)?.name ?? ""));
  return {
    tables,
    seeded: seeded.size,
    kept: refused.some(({ direction }) => direction === "up") ? 0 : came.length,
    lost: findings.filter(({ kind }) => kind === "lost"),
    altered: findings.filter(({ kind }) => kind === "altered"),
    refused,
    uncovered,
    silent: trial.silent,
    declared: [
      ...declared,
      ...foretold.map(({ message }) =>
        `DOWN fails over rows: ${message.replace(/^\S+:\d+: /, "")}`
      ),
    ],
    newData,
    seeds: trial.seedCount,
    checks: trial.failedChecks,
  };
}

/** True when nothing happened to the rows that is not said. */
export function rowsHold({ lost, altered, refused, checks }: RowsProof): boolean {
  return lost.length + altered.length + refused.length + checks.length === 0;
}
