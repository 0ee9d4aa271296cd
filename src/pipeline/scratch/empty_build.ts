/** What runs after the newest migration on an empty database: a runner's repeatable files, which must still fit what it left. */

import { UsageError } from "../../core/error.ts";
import type { Migration } from "../../formats/format.ts";
import { changesBetween } from "../../core/change.ts";
import { namedAs } from "./changes.ts";
import type { Candidate } from "../plan/candidate.ts";
import { createHistoryDatabase } from "./create_database.ts";
import { KeptSession } from "./kept_session.ts";
import { folderOf, type Project, runOptions } from "../project.ts";
import type { Sources } from "../sources.ts";
import { runInSession } from "./run_in_session.ts";
import { ScriptFailure, statementsOf } from "./run_script.ts";
import { inspect } from "./snapshot.ts";
import type { ProofInput } from "./passage.ts";
import { changeList } from "./walk_history.ts";

/**
 * Builds an empty database with a candidate whose history goes on behind it, and compares it with the target.
 * True when it did: no other scratch database of the server is open any more. Throws UsageError when that fails or leaves something else.
 */
export async function checkEmptyBuild(
  project: Project,
  { server, target, before }: ProofInput,
  { history, migrations, before: prelude }: Candidate & Pick<Sources, "before">,
): Promise<boolean> {
  const last = migrations.at(-1);
  const later = last === undefined ? [] : history.slice(history.indexOf(last) + 1);
  if (later.length === 0) return false;
  await using database = await createHistoryDatabase(project, server, {
    before: prelude,
    history: { migrations: history, notes: [] },
  });
  const session = new KeptSession(project.engine);
  const options = runOptions(project, folderOf(project));
  for (const migration of history) {
    try {
      await runInSession(project, database, migration.up, options, session);
    } catch (error) {
      if (!(error instanceof ScriptFailure)) throw error;
      throw unbuildable(project, later, {
        names: changedNames(before, target),
        file: migration.up.file,
        why: migrations.includes(migration)
          ? `is applied only after it, which fails without: ${error.reason.message}`
          : `runs after it and fails there: ${error.reason.message}`,
        place: error.place,
        source: error.source,
      });
    }
  }
  const end = await inspect(project, database);
  const left = changesBetween(end, namedAs(project, end, target), { strictOrder: false });
  if (left.length === 0) return true;
  const names = left.map((change) => (change.op === "drop" ? change.before : change.after).name);
  throw unbuildable(project, later, {
    names,
    file: later[0]?.up.file ?? "",
    why: `runs after it and leaves ${changeList(left)}`,
  });
}

function changedNames(
  before: ProofInput["before"],
  target: ProofInput["target"],
): readonly string[] {
  return changesBetween(before, target, { strictOrder: false })
    .map((change) => (change.op === "drop" ? change.before : change.after).name);
}

interface Misfit {
  /** Objects that the migration changes, or that came out otherwise. */
  readonly names: readonly string[];
  readonly file: string;
  readonly why: string;
  readonly place?: ScriptFailure["place"];
  readonly source?: string;
}

function unbuildable(
  project: Project,
  later: readonly Migration[],
  { names, file, why, place, source }: Misfit,
): UsageError {
  const definer = later.find(({ up }) => definesOne(project, up, names))?.up.file ??
    later.find(({ up }) => up.file === file)?.up.file ?? file;
  return new UsageError(
    `Cannot build an empty database with this migration: "${folderOf(project)}${definer}" ${why}`,
    {
      code: "empty-build",
      hint:
        `${definer} is applied again whenever it changes: write this change into it and into the schema, and what else it needs into a migration before`,
      ...(place === undefined ? {} : { place }),
      ...(source === undefined ? {} : { source }),
    },
  );
}

/** Whether a script defines one of the objects, by their bare names. */
function definesOne(
  { engine }: Project,
  script: Migration["up"],
  names: readonly string[],
): boolean {
  const keys = new Set(
    names.map((name) => engine.nameKey(name.replace(/\(.*$/s, "").split(".").at(-1) ?? name)),
  );
  return statementsOf(script, { engine, folder: "" }).some(({ sql }) => {
    const name = engine.definitionAt(sql, 0)?.name;
    return name !== undefined && keys.has(engine.nameKey(name));
  });
}
