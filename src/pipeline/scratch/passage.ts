/** One run of a candidate, up, down and up again, with or without rows in the tables; judged by the catalog alone. */

import { reorderedObjects } from "../../core/change.ts";
import type { NewData, Observation } from "../../core/observation.ts";
import type { Verdict } from "../../core/proof.ts";
import type { RowCheck } from "../../core/row_check.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Migration, Script } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import { changesIn } from "./changes.ts";
import { downScripts, upScripts } from "./directions.ts";
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
  /** What holds for the rows besides the project's own checks. */
  readonly checks?: readonly RowCheck[];
  /** Set where statements move rows: what they lose is then an error and nothing that goes with the change. */
  readonly isMoving?: boolean;
  /** Is told what the first UP left. */
  readonly onUp?: (reached: Snapshot) => void;
}

/** How the directions came out, and what was seen of the rows. */
export interface Passage {
  readonly up: Verdict;
  readonly down: Verdict;
  readonly again: Verdict;
  /** After UP; null when UP did not come so far, or nobody looked. */
  readonly middle: Observation | null;
  /** What was written after UP, and what was seen behind it; null when nothing was. */
  readonly written: { readonly data: readonly NewData[]; readonly seen: Observation } | null;
  /** After DOWN. */
  readonly last: Observation | null;
}

/** What stands in the tables while a candidate is run. */
export interface Passengers {
  /** Goes back to the state before UP and puts the rows in. */
  begin(): Promise<void>;
  look(): Promise<Observation>;
  /** True when it counts in which state a script leaves the session. */
  readonly isWatched: boolean;
  /** Called after UP, and gives what it wrote; absent where nothing is to be written. */
  write?(): Promise<Passage["written"]>;
  /** Called after each direction, with the session as new. */
  after?(direction: "up" | "down"): Promise<void>;
}

/** Runs a candidate from the state before it. */
export async function runPassage(
  project: Project,
  proofInput: ProofInput,
  candidate: readonly Migration[],
  passengers: Passengers | null = null,
): Promise<Passage> {
  const { database, before, target } = proofInput;
  const searchPath = proofInput.searchPath ?? null;
  if (passengers === null) await database.rewind(proofInput.start);
  else await passengers.begin();
  const ups = upScripts(candidate);
  const there = await runSeen(project, database, ups, { searchPath, passengers });
  const reached = there.refused ?? await inspect(project, database);
  if (there.refused === null && !("state" in reached)) proofInput.onUp?.(reached);
  const up = verdictOn(project, reached, target);
  const done = { up, down: NOT_RUN, again: NOT_RUN, middle: there.seen, written: null, last: null };
  if (!passes(up)) return done;
  await passengers?.after?.("up");
  if (!candidate.every((migration) => migration.down !== null)) return done;
  const written = await passengers?.write?.() ?? null;
  const back = await runSeen(project, database, downScripts(candidate), { passengers });
  const returned = back.refused ?? await inspect(project, database);
  const down = verdictOn(project, returned, before);
  const seen = { ...done, down, written, last: back.seen };
  if (passes(down)) await passengers?.after?.("down");
  if (returned === before) {
    const { refused } = await runSeen(project, database, ups, { searchPath });
    return { ...seen, again: refused ?? up };
  }
  if (!passes(down)) return seen;
  const { refused } = await runSeen(project, database, ups, { searchPath });
  return { ...seen, again: await verdictAfter(project, database, refused, target) };
}

async function verdictAfter(
  project: Project,
  database: ScratchDatabase,
  refused: Refused | null,
  expected: Snapshot,
): Promise<Verdict> {
  return refused ?? compare(project, await inspect(project, database), expected);
}

/** Runs scripts and reads what they leave, or gives the refusal of the first that fails. A state that was read before is known again. */
export async function reachState(
  project: Project,
  database: ScratchDatabase,
  scripts: readonly Script[],
): Promise<Snapshot | Refused> {
  const { refused } = await runSeen(project, database, scripts, {});
  return refused ?? await inspect(project, database);
}

/** How a state stands to the one that is expected. */
export function verdictOn(
  project: Project,
  reached: Snapshot | Refused,
  expected: Snapshot,
): Verdict {
  return "state" in reached ? reached : compare(project, reached, expected);
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

type Refused = Extract<Verdict, { readonly state: "error" }>;

const NOT_RUN: Verdict = { state: "not-run" };

/** Runs scripts in order; gives the refusal of the first that fails, and else what is seen after the last. */
async function runSeen(
  project: Project,
  database: ScratchDatabase,
  scripts: readonly Script[],
  { searchPath = null, passengers = null }: {
    readonly searchPath?: string | null;
    readonly passengers?: Passengers | null;
  },
): Promise<{ readonly refused: Refused | null; readonly seen: Observation | null }> {
  let seen: Observation | null = null;
  const session = passengers?.isWatched === true
    ? new WatchedSession(project.engine, searchPath, async () => {
      seen = joined(seen, await passengers.look());
    })
    : new KeptSession(project.engine, searchPath);
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
      return { refused: refusalOf(error), seen: null };
    }
  }
  if (passengers !== null) seen ??= await passengers.look();
  return { refused: null, seen };
}

/** A session that is looked at before it gets its defaults back. */
class WatchedSession extends KeptSession {
  readonly #look: () => Promise<void>;

  constructor(
    engine: Project["engine"],
    value: string | null,
    look: () => Promise<void>,
  ) {
    super(engine, value);
    this.#look = look;
  }

  override async end(
    database: ScratchDatabase,
    script: Script,
    reset: () => Promise<void>,
  ): Promise<void> {
    await this.#look();
    await super.end(database, script, reset);
  }
}

/** The later look, with the states of the server that only the earlier one saw. */
function joined(earlier: Observation | null, later: Observation): Observation {
  if (earlier === null) return later;
  return { ...later, server: new Map([...later.server, ...earlier.server]) };
}

function refusalOf({ statement, index, reason, place }: ScriptFailure): Refused {
  return {
    state: "error",
    statement: index + 1,
    sql: statement.sql,
    message: `${place.file}:${place.line}: ${reason.message}`,
    ...(reason.detail === undefined ? {} : { detail: reason.detail }),
    ...(reason.hint === undefined ? {} : { hint: reason.hint }),
  };
}
