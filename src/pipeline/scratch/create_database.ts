/** A scratch database with what is there before the schema and before the first migration. */

import { DatabaseError, UsageError } from "../../core/error.ts";
import { runnerSession, runnerTables } from "../../formats/mod.ts";
import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { type Project, runOptions, schemaScript } from "../project.ts";
import type { Sources } from "../sources.ts";
import { keepSession } from "./run_in_session.ts";
import { scriptError } from "./script_error.ts";
import { runScript, ScriptFailure } from "./run_script.ts";

/**
 * A fresh database in which the files of `before` ran, with the settings that all scripts have. Throws UsageError, with the place,
 * for a file that does not load.
 */
export async function createDatabase(
  project: Project,
  server: Server,
  { before = [] }: { readonly before?: Sources["before"] },
): Promise<ScratchDatabase> {
  const { engine, format, config: { searchPath } } = project;
  const database = await server.create();
  const { session } = engine;
  const runner = runnerSession(format.name, engine.dialect);
  if (before.length === 0 && searchPath === null && runner === "") return database;
  if (session === undefined && searchPath !== null) {
    throw new UsageError(`Cannot use search_path: ${engine.dialect} has none`, {
      code: "search-path",
      hint: "Remove it",
    });
  }
  if (session !== undefined && searchPath !== null) {
    await set(database, session.setSearchPath(searchPath), searchPath);
  }
  for (const file of before) {
    try {
      await runScript(database, schemaScript(file), runOptions(project, ""));
    } catch (error) {
      throw error instanceof ScriptFailure ? scriptError(project, "load", error) : error;
    }
  }
  const found = session === undefined ? "" : await session.kept(database);
  const own = session === undefined || searchPath === null
    ? found
    : `${found}${session.setSearchPath(searchPath)}`;
  const kept = `${own}${runner}`;
  if (engine.reset !== "") await database.exec(engine.reset);
  if (kept !== "") await database.exec(kept);
  keepSession(database, kept);
  return database;
}

/** A fresh database as a history finds it: with what is there before it, its runner's own table included. */
export async function createHistoryDatabase(
  project: Project,
  server: Server,
  { before, history }: Pick<Sources, "before" | "history">,
): Promise<ScratchDatabase> {
  const database = await createDatabase(project, server, { before });
  await makeRunnerTables(project, database, history.migrations.map(({ up }) => up.text));
  return database;
}

/**
 * What makes the table in which the project's runner notes what it applied, as the runner makes it before the first migration; not
 * where one of the scripts makes it itself.
 */
export function runnerTableScripts(
  { format, engine }: Project,
  scripts: readonly string[],
): readonly string[] {
  return runnerTables(format.name, engine.dialect).flatMap(({ name, sql }) => {
    const made = new RegExp(`create\\s+(?:unlogged\\s+)?table\\s+[^\\s(;]*\\b${name}\\b`, "i");
    return scripts.some((text) => text.includes(name) && made.test(text)) ? [] : [sql];
  });
}

/** Makes that table. */
export async function makeRunnerTables(
  project: Project,
  database: ScratchDatabase,
  scripts: readonly string[],
): Promise<void> {
  for (const sql of runnerTableScripts(project, scripts)) {
    try {
      await database.exec(sql);
    } catch (error) {
      // Without a schema to make it in, the runner cannot make it either.
      if (!(error instanceof DatabaseError)) throw error;
    }
  }
}

async function set(database: ScratchDatabase, sql: string, path: string): Promise<void> {
  try {
    await database.exec(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new UsageError(`Cannot use the search_path "${path}": ${error.message}`, {
      code: "search-path",
      hint: 'Write names of schemas with commas between: search_path = "app, public"',
      cause: error,
    });
  }
}
