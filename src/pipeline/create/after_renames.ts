/** What is left to change once the database itself has renamed. */

import type { Change } from "../../core/change.ts";
import type { Rename } from "../../core/choice.ts";
import { DatabaseError } from "../../core/error.ts";
import { lastName } from "../../core/name.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { SourceFile } from "../../formats/format.ts";
import type { Server } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import { changesIn } from "../scratch/changes.ts";
import { createDatabase } from "../scratch/create_database.ts";
import { loadSchema } from "../scratch/load_schema.ts";
import { inspect } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";

/** Two states of a schema and what is called otherwise in the second. */
export interface Renaming {
  /** The files of the first state. */
  readonly files: readonly SourceFile[];
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly renames: readonly Rename[];
}

/** The rest of the changes, or the rename that is none to the database. */
export async function afterRenames(
  project: Project,
  server: Server,
  { files, before, after, renames }: Renaming,
  sources: Pick<Sources, "before">,
): Promise<{ readonly changes: readonly Change[] } | { readonly notRenamed: Rename }> {
  if (renames.length === 0) return { changes: changesIn(project, before, after) };
  const { engine, config, version } = project;
  await using database = await createDatabase(project, server, sources);
  await loadSchema(project, database, files, 0);
  const hints = {
    answers: new Map(),
    renames,
    dropAdd: true,
    strictOrder: config.columnOrder === "strict",
    generatedNames: config.generatedNames,
    constraintNames: config.constraintNames,
    deployedVersion: version,
  };
  let state = before;
  let left = renames;
  while (left.length > 0) {
    const plan = engine.renames(state, after, { ...hints, renames: left });
    const [first] = left;
    if (plan.applied.length === 0) return { notRenamed: first ?? renames[0] as Rename };
    try {
      for (const { sql } of plan.statements) await database.exec(sql);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return { notRenamed: plan.applied[0] ?? renames[0] as Rename };
    }
    state = await inspect(project, database);
    left = left.filter((rename) =>
      !plan.applied.some(({ from, to }) =>
        lastName(from) === lastName(rename.from) && lastName(to) === lastName(rename.to)
      )
    );
  }
  return { changes: changesIn(project, state, after) };
}
