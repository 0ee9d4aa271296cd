/** What `aim generate` is to plan and prove. */

import type { Change } from "../../core/change.ts";
import type { Hints } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { annotatedRenames } from "../plan/annotations.ts";
import type { PlanInput } from "../plan/plan_draft.ts";
import { withoutRowAnswers } from "../plan/rows_choice.ts";
import { spelledRenames } from "../plan/spelled_renames.ts";
import type { Project } from "../project.ts";
import type { ProofInput } from "../scratch/passage.ts";
import type { Sources } from "../sources.ts";
import type { GenerateOptions } from "./options.ts";

/** Where a migration begins, and what it is to reach. */
export interface Gap {
  readonly server: Server;
  readonly sources: Sources;
  /** Holds the history. */
  readonly database: ScratchDatabase;
  readonly snapshot: Snapshot;
  readonly target: Snapshot;
  /** What the history leaves to the session. */
  readonly searchPath: string | null;
}

/** What is to be planned and proven. */
export interface Task {
  readonly gap: Gap;
  readonly hints: Hints;
  readonly input: PlanInput;
  readonly proofInput: ProofInput;
  /** What UP led to in the proof; null before it. */
  reached(): Snapshot | null;
}

/** The task of a gap. */
export function taskOf(
  project: Project,
  options: GenerateOptions,
  { gap, changes, start }: {
    readonly gap: Gap;
    readonly changes: readonly Change[];
    readonly start: Checkpoint;
  },
): Task {
  const { server, database, snapshot: before, target, searchPath, sources } = gap;
  const { data } = options;
  const hints = hintsFor(project, options, { before, target, sources });
  const scripts = {
    schema: sources.schema.map(({ text }) => text),
    history: sources.history.migrations.map(({ up }) => up.text),
  };
  const ground = { database, start, before, target };
  let reached: Snapshot | null = null;
  return {
    gap,
    hints,
    input: {
      ...ground,
      changes,
      hints: withoutRowAnswers(hints),
      ...data === undefined ? {} : { data },
      scripts,
    },
    proofInput: {
      ...ground,
      server,
      searchPath,
      checks: data?.checks ?? [],
      isMoving: data !== undefined,
      onUp: (snapshot) => {
        reached = snapshot;
      },
    },
    reached: () => reached,
  };
}

/** What is said for the plan: by the user, by annotations in the schema, by the settings. */
function hintsFor(
  { engine, config, version }: Project,
  { answers, renames, onAmbiguity, assumeEmpty }: GenerateOptions,
  { before, target, sources }: Pick<Gap, "target" | "sources"> & { readonly before: Snapshot },
): Hints {
  const stated = [...renames, ...annotatedRenames(engine, sources.schema)];
  return {
    answers,
    renames: spelledRenames(stated, { before, target, nameKey: engine.nameKey }),
    dropAdd: onAmbiguity === "drop-add",
    ...(assumeEmpty === undefined ? {} : { assumeEmpty }),
    strictOrder: config.columnOrder === "strict",
    generatedNames: config.generatedNames,
    constraintNames: config.constraintNames,
    deployedVersion: version,
  };
}
