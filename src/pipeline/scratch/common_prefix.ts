/** What the schema and the history begin with alike, as after a first migration that is a copy of the schema, runs once for both. */

import type { Script } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import type { Statement } from "../../core/statement.ts";
import { createDatabase } from "./create_database.ts";
import { areBatchable, areChunked, runInBatches } from "./chunked.ts";
import { folderOf, hearing, type Project, schemaScript } from "../project.ts";
import type { Sources } from "../sources.ts";
import { statementsOf } from "./run_script.ts";
import { isWrapped } from "./script_transaction.ts";

/** A database after the statements that both begin with. */
export interface CommonPrefix {
  readonly database: ScratchDatabase;
  readonly state: Checkpoint;
  /** How many statements of either are done. */
  readonly statements: number;
  /** What the user was told meanwhile. */
  readonly notes: ReadonlySet<string>;
}

/**
 * Runs the statements that both begin with in a fresh database: what comes of them there is what would come of them in each.
 * Null where they are few, where it matters which transactions they stand in, or when one of them fails.
 */
export async function runCommonPrefix(
  project: Project,
  server: Server,
  { schema, history, before }: Pick<Sources, "schema" | "history" | "before">,
): Promise<CommonPrefix | null> {
  const common = commonStatements(
    beginning(project, schema.map(schemaScript), ""),
    beginning(project, history.migrations.map(({ up }) => up), folderOf(project)),
  );
  if (!areChunked(common)) return null;
  const listening = hearing(project);
  const database = await createDatabase(listening, server, { before });
  if (!await runInBatches(database, common, listening)) return null;
  const state = await database.checkpoint();
  return { database, state, statements: common.length, notes: listening.notes };
}

/** A statement, and whether the session gets its defaults back before it. */
export type Step = readonly [statement: Statement, afterReset: boolean];

/** The statements of scripts, up to the first script in which it matters which transactions they stand in. */
export function* beginning(
  { engine }: Project,
  scripts: readonly Script[],
  folder: string,
): Generator<Step, undefined> {
  for (const [index, script] of scripts.entries()) {
    const statements = statementsOf(script, { engine, folder });
    if (!isWrapped(script, statements) || !areBatchable(statements)) return;
    for (const [at, statement] of statements.entries()) yield [statement, index > 0 && at === 0];
  }
}

/** What two sequences begin with alike, up to where settings would be taken back in one of them. */
export function commonStatements(
  one: Iterator<Step, undefined>,
  other: Iterator<Step, undefined>,
): readonly Statement[] {
  const common: Statement[] = [];
  let isSet = false;
  for (;;) {
    const [statement, afterReset] = one.next().value ?? [];
    const [twin, twinAfterReset] = other.next().value ?? [];
    if (statement === undefined || statement.sql !== twin?.sql) return common;
    if (isSet && (afterReset || twinAfterReset)) return common;
    isSet ||= statement.batchable === "setting";
    common.push(statement);
  }
}
