/** The proof: a candidate is run on the replayed history, as its runner would run it, and judged by the catalog alone. */

import { reorderedObjects } from "../../core/change.ts";
import type { Migration } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import type { Proof, Verdict } from "../../core/proof.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { folderOf, isExact, type Project, runOptions } from "../project.ts";
import { changesIn } from "./changes.ts";
import { KeptSession } from "./kept_session.ts";
import { runInSession } from "./run_in_session.ts";
import { ScriptFailure } from "./run_script.ts";
import { inspect } from "./snapshot.ts";

/** The states that a candidate is judged by. */
export interface ProofInput {
  readonly server: Server;
  readonly database: ScratchDatabase;
  /** The history replayed. */
  readonly start: Checkpoint;
  readonly before: Snapshot;
  readonly target: Snapshot;
  /** The search path that the history leaves to the session; null or absent when it is that of a new one. */
  readonly searchPath?: string | null;
}

/**
 * Proves a candidate: UP on the history gives the target, DOWN gives the schema before, UP again gives the target; or just works, where
 * DOWN led to the very state before, as its digest says, from which UP gives what it gave.
 * `candidate` are the migrations as read back from the files that would be written. What a draft of a model does besides is seen by
 * `observeDraft`, over rows.
 */
export async function prove(
  project: Project,
  proofInput: ProofInput,
  candidate: readonly Migration[],
): Promise<Proof> {
  const { emit } = project;
  const { database, server } = proofInput;
  const start = performance.now();
  emit({ type: "stage", stage: "verify", state: "start", text: "proving the migration" });
  await database.rewind(proofInput.start);
  const ups = upScripts(candidate);
  const searchPath = proofInput.searchPath ?? null;
  const up = verdictOn(
    project,
    await reachState(project, database, ups, searchPath),
    proofInput.target,
  );
  const reversible = candidate.every((migration) => migration.down !== null);
  let down: Verdict = NOT_RUN;
  let again: Verdict = NOT_RUN;
  if (passes(up) && reversible) {
    const returned = await reachState(project, database, downScripts(candidate));
    down = verdictOn(project, returned, proofInput.before);
    if (returned === proofInput.before) {
      again = await runAll(project, database, ups, searchPath) ?? up;
    } else if (passes(down)) {
      const reached = await reachState(project, database, ups, searchPath);
      again = verdictOn(project, reached, proofInput.target);
    }
  }
  const { runtime, version } = server;
  const proof: Proof = {
    runtime,
    version,
    ...isExact(project, version) ? {} : { exact: false },
    up,
    down,
    again,
  };
  const text = proofText(proof, reversible);
  emit({ type: "stage", stage: "verify", state: "done", text, ms: performance.now() - start });
  return proof;
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

/** True when every direction that the format has was run and came out right. */
export function isProven(proof: Proof, reversible: boolean): boolean {
  return passes(proof.up) && (!reversible || (passes(proof.down) && passes(proof.again)));
}

/** Runs scripts and reads what they leave, or gives the refusal of the first that fails. A state that was read before is known again. */
async function reachState(
  project: Project,
  database: ScratchDatabase,
  scripts: readonly Migration["up"][],
  searchPath: string | null = null,
): Promise<Snapshot | Refused> {
  return await runAll(project, database, scripts, searchPath) ?? await inspect(project, database);
}

function verdictOn(project: Project, reached: Snapshot | Refused, expected: Snapshot): Verdict {
  return "state" in reached ? reached : compare(project, reached, expected);
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

/** Compares two snapshots by the rules of the project. */
export function compare(project: Project, actual: Snapshot, expected: Snapshot): Verdict {
  const changes = changesIn(project, actual, expected);
  if (changes.length > 0) return { state: "differs", changes };
  return { state: reorderedObjects(actual, expected).length > 0 ? "column-order" : "exact" };
}

/** True for a verdict that says yes. */
export function passes(verdict: Verdict): boolean {
  return verdict.state === "exact" || verdict.state === "column-order";
}

/** Runs scripts in order; gives the refusal of the first that fails. */
async function runAll(
  project: Project,
  database: ScratchDatabase,
  scripts: readonly Migration["up"][],
  searchPath: string | null,
): Promise<Refused | null> {
  const session = new KeptSession(project.engine, searchPath);
  for (const script of scripts) {
    try {
      await runInSession(
        project,
        database,
        script,
        runOptions(project, folderOf(project)),
        session,
      );
    } catch (error) {
      if (!(error instanceof ScriptFailure)) throw error;
      const { statement, index, reason } = error;
      return {
        state: "error",
        statement: index + 1,
        sql: statement.sql,
        message: `${error.place.file}:${error.place.line}: ${reason.message}`,
        ...(reason.detail === undefined ? {} : { detail: reason.detail }),
        ...(reason.hint === undefined ? {} : { hint: reason.hint }),
      };
    }
  }
  return null;
}

type Refused = Extract<Verdict, { readonly state: "error" }>;

const NOT_RUN: Verdict = { state: "not-run" };

/** The scripts of UP, in order. */
export function upScripts(candidate: readonly Migration[]): readonly Migration["up"][] {
  return candidate.map((migration) => migration.up);
}

/** The scripts of DOWN, in order. */
export function downScripts(candidate: readonly Migration[]): readonly Migration["up"][] {
  return candidate.flatMap((migration) => migration.down === null ? [] : [migration.down])
    .reverse();
}

function proofText(proof: Proof, reversible: boolean): string {
  const { up, down, again } = proof;
  if (!passes(up)) return "up does not give the schema";
  if (!reversible) return "up gives the schema; the format has no down";
  if (!passes(down)) return "down does not restore";
  if (!passes(again)) return "up does not work a second time";
  const order = down.state === "column-order" ? " but for column order" : "";
  return `up gives the schema, down restores it${order}, up works again`;
}
