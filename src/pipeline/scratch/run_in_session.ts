/** A script on a scratch database, and the session as it was for what comes next. */

import { AimError, DatabaseError, UsageError } from "../../core/error.ts";
import type { Script } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import { KeptSession } from "./kept_session.ts";
import { type RunOptions, runScript, ScriptFailure, statementsOf } from "./run_script.ts";

/**
 * Runs a script in the session that earlier files left, and gives it its defaults back. A script that leaves a session which cannot go on has failed, by its last
 * statement. Throws as `runScript` does.
 */
export async function runInSession(
  { engine }: Pick<Project, "engine">,
  database: ScratchDatabase,
  script: Script,
  options: RunOptions,
  session: KeptSession = new KeptSession(engine),
): Promise<number> {
  noteRewrites({ engine }, database, script);
  const reset = () => resetSession({ engine }, database);
  let count;
  try {
    await session.begin(database);
    count = await runScript(database, script, { ...options, ...hintOf(session) });
  } catch (error) {
    // What a crash leaves is put right by the next rewind, and the first failure is the one to tell.
    await reset().catch((later) => {
      if (!(later instanceof DatabaseError)) throw later;
    });
    throw error;
  }
  try {
    await session.end(database, script, reset);
  } catch (error) {
    const statement = statementsOf(script, options).at(-1);
    if (!(error instanceof DatabaseError) || statement === undefined) throw error;
    const reason = new DatabaseError(`nothing can be run after it: ${error.message}`, {
      code: error.code,
      hint: HINT,
      cause: error,
    });
    throw new ScriptFailure(script, {
      statement,
      index: count - 1,
      folder: options.folder,
      engine: options.engine,
      reason,
    });
  }
  return count;
}

/** Gives a session its defaults back, and the settings that it keeps. */
export async function resetSession(
  { engine }: Pick<Project, "engine">,
  database: ScratchDatabase,
): Promise<void> {
  if (engine.reset !== "") await database.exec(engine.reset);
  const kept = keptSettings(database);
  if (kept !== "") await database.exec(kept);
}

/** Settings that the session of a database has also after a reset, as SQL. Gives those that it had until now. */
export function keepSession(database: ScratchDatabase, sql: string): string {
  const before = keptSettings(database);
  sessions.set(database, sql);
  return before;
}

/** The settings that the session of a database has after a reset, as SQL. */
export function keptSettings(database: ScratchDatabase): string {
  return sessions.get(database) ?? "";
}

const sessions = new WeakMap<ScratchDatabase, string>();

/** Remembers of a database that a script ran on it that may change its system catalogs by hand. */
export function noteRewrites(
  { engine }: Pick<Project, "engine">,
  database: ScratchDatabase,
  script: Script,
): void {
  if (engine.rewritesCatalog(script.text)) rewritten.add(database);
}

/** What is said of a failure where an earlier file changed the search path. */
function hintOf({ value }: KeptSession): Pick<RunOptions, "hint"> {
  if (value === null) return {};
  const path = value === "" ? "an empty search_path" : `search_path = ${value}`;
  return { hint: `An earlier file leaves ${path}, and the runner keeps the session` };
}

/**
 * The error for the user when a database cannot be read after scripts ran on it: they are to blame where the server says so, and
 * where they changed the system catalogs by hand. Anything else is given back as it is.
 */
export function unreadable(error: unknown, database: ScratchDatabase, after: string): unknown {
  if (error instanceof AimError) return error;
  const isTheirs = error instanceof DatabaseError || rewritten.has(database);
  if (!isTheirs || !(error instanceof Error)) return error;
  const reason = error instanceof DatabaseError ? error.message : "the catalog contradicts itself";
  return new UsageError(`Cannot read the schema after ${after}: ${reason}`, {
    code: "catalog",
    hint: HINT,
    cause: error,
  });
}

/** Databases on which a script named the system catalogs. */
const rewritten = new WeakSet<ScratchDatabase>();

const HINT = "Look for statements that change system catalogs or settings of the session";
