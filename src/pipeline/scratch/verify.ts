/** The proof: a candidate is run on the replayed history, as its runner would run it, and judged by the catalog alone. */

import type { Migration } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Proof, RowsProof, Verdict } from "../../core/proof.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { isExact, type Project } from "../project.ts";
import { downScripts } from "./directions.ts";
import {
  type Passage,
  passes,
  type ProofInput,
  reachState,
  runPassage,
  verdictOn,
} from "./passage.ts";
import { proveOverRows, rowsHold } from "./rows/prove_over_rows.ts";
import { RowTrial, type TrialOptions } from "./rows/trial.ts";

/**
 * Proves a candidate: UP on the history gives the target, DOWN gives the schema before, UP again gives the target; or just works, where
 * DOWN led to the very state before, as its digest says, from which UP gives what it gave. All of it over rows, unless the settings
 * say otherwise: what rows do not let through is tried without them, and nothing may happen to them that is not said.
 * `candidate` are the migrations as read back from the files that would be written.
 */
export async function prove(
  project: Project,
  proofInput: ProofInput,
  candidate: readonly Migration[],
  options: TrialOptions = {},
): Promise<Proof> {
  const { emit } = project;
  const { server } = proofInput;
  const start = performance.now();
  emit({ type: "stage", stage: "verify", state: "start", text: "proving the migration" });
  const { passage, rows } = await proveWithRows(project, proofInput, candidate, options);
  const reversible = candidate.every((migration) => migration.down !== null);
  const { runtime, version } = server;
  const proof: Proof = {
    runtime,
    version,
    ...isExact(project, version) ? {} : { exact: false },
    up: passage.up,
    down: passage.down,
    again: passage.again,
    ...rows === null ? {} : { rows },
  };
  const text = proofText(proof, reversible);
  emit({ type: "stage", stage: "verify", state: "done", text, ms: performance.now() - start });
  return proof;
}

async function proveWithRows(
  project: Project,
  proofInput: ProofInput,
  candidate: readonly Migration[],
  options: TrialOptions,
): Promise<{ readonly passage: Passage; readonly rows: RowsProof | null }> {
  const trial = project.config.rows === "off"
    ? null
    : new RowTrial(project, proofInput, candidate, options);
  if (trial === null || trial.isVain) {
    return { passage: await runPassage(project, proofInput, candidate), rows: null };
  }
  return await proveOverRows(project, { ...proofInput, trial, candidate, options });
}

/**
 * How DOWN comes out from the target, for a candidate whose UP does not lead there; `up` are statements that do. Undefined when they
 * do not either.
 */
export async function proveDownAlone(
  project: Project,
  proofInput: ProofInput,
  { up, candidate }: { readonly up: string; readonly candidate: readonly Migration[] },
): Promise<Verdict | undefined> {
  const { database } = proofInput;
  await database.rewind(proofInput.start);
  const script = { file: "plan", text: up, transaction: "auto" } as const;
  if (!passes(await judge(project, database, [script], proofInput.target))) return undefined;
  return await judge(project, database, downScripts(candidate), proofInput.before);
}

/** True when every direction that the format has was run and came out right, and nothing happened to rows that is not said. */
export function isProven(proof: Proof, reversible: boolean): boolean {
  return passes(proof.up) && (!reversible || (passes(proof.down) && passes(proof.again))) &&
    (proof.rows === undefined || rowsHold(proof.rows));
}

/** Runs scripts and compares what they leave with what is expected. */
export async function judge(
  project: Project,
  database: ScratchDatabase,
  scripts: readonly Migration["up"][],
  expected: Snapshot,
): Promise<Verdict> {
  return verdictOn(project, await reachState(project, database, scripts), expected);
}

function proofText(proof: Proof, reversible: boolean): string {
  const { up, down, again, rows } = proof;
  if (!passes(up)) return "up does not give the schema";
  if (!reversible) {
    return rows !== undefined && !rowsHold(rows)
      ? rowsText(rows)
      : "up gives the schema; the format has no down";
  }
  if (!passes(down)) return "down does not restore";
  if (!passes(again)) return "up does not work a second time";
  if (rows !== undefined && !rowsHold(rows)) return rowsText(rows);
  const order = down.state === "column-order" ? " but for column order" : "";
  return `up gives the schema, down restores it${order}, up works again`;
}

function rowsText({ refused, lost, altered }: RowsProof): string {
  if (refused.length > 0) return "rows do not let it through";
  if (lost.length > 0) return "rows are lost, and nothing says so";
  if (altered.length > 0) return "rows are altered, and nothing says so";
  return "a check of the project does not hold";
}
