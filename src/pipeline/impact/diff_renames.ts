/** Renames on the way to the schema, as `aim generate` would carry them out: stated by flag, in the schema or in the settings. */

import type { Answer, Rename } from "../../core/choice.ts";
import { joinName, lastName, splitName } from "../../core/name.ts";
import type { Operation } from "../../core/operation.ts";
import type { Hints } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { SourceFile } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import { annotatedRenames } from "../plan/annotations.ts";
import { checkRenames } from "../plan/requested_renames.ts";
import { spelledRenames } from "../plan/spelled_renames.ts";
import { checkAnswers, fullAnswers } from "../plan/stated_answers.ts";
import { MOST_ROUNDS, planRenames } from "../plan/way.ts";
import type { Project } from "../project.ts";

/** What was stated. */
export interface StatedRenames {
  readonly renames: readonly Rename[];
  /** Answers by choice id; those that are about no rename say nothing here. */
  readonly answers: ReadonlyMap<string, Answer>;
}

/** Tries them on a database that holds the state before, and takes them back. Throws UsageError for one that cannot be carried out. */
export async function renamesOfDiff(
  project: Project,
  database: ScratchDatabase,
  { before, after, schema, stated }: {
    readonly before: Snapshot;
    readonly after: Snapshot;
    readonly schema: readonly SourceFile[];
    readonly stated: StatedRenames;
  },
): Promise<readonly Operation[]> {
  const { config, engine: { nameKey } } = project;
  const all = [...stated.renames, ...annotatedRenames(project.engine, schema)];
  let hints: Hints = {
    answers: stated.answers,
    renames: spelledRenames(all, { before, target: after, nameKey }),
    dropAdd: true,
    strictOrder: config.columnOrder === "strict",
    generatedNames: config.generatedNames,
    constraintNames: config.constraintNames,
    deployedVersion: project.version,
  };
  const start = await database.checkpoint();
  for (let round = 0;; round++) {
    const { applied, choices } = await planRenames(project, database, before, after, hints);
    await database.rewind(start);
    const answers = fullAnswers({ answers: hints.answers, choices, nameKey });
    const isNew = [...answers].some(([id, answer]) => hints.answers.get(id) !== answer);
    hints = { ...hints, answers };
    if (isNew && round < MOST_ROUNDS) continue;
    checkAnswers({ answers, choices }, {
      lexicon: project.engine.lexicon,
      isMoot: () => false,
    });
    checkRenames(hints.renames, { applied, before, target: after, areOpen: false });
    return applied.flatMap(operationOf);
  }
}

/** A rename as the statement would say it; none for what code does not name. */
function operationOf({ kind, from, to }: Rename): readonly Operation[] {
  if (kind === "table") return [{ action: "rename", kind, on: from, newName: to }];
  if (kind !== "column") return [];
  const on = joinName(...splitName(from).slice(0, -1));
  const [name, newName] = [lastName(from), lastName(to)];
  return [{ action: "rename-column", kind: "table", on, name, newName }];
}
