/** A database that holds what the migrations before some index leave, from the nearest state that an earlier run kept. */

import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { folderOf, hearing, note, type Project, runOptions } from "../project.ts";
import type { Sources } from "../sources.ts";
import { createHistoryDatabase } from "./create_database.ts";
import { KeptSession } from "./kept_session.ts";
import { keepState, keptState, stateKeys } from "./kept_states.ts";
import { keepSession, keptSettings, noteRewrites, runInSession } from "./run_in_session.ts";
import { ScriptFailure } from "./run_script.ts";
import { scriptError } from "./script_error.ts";

/** The state before a migration. */
export interface HistoryBefore {
  readonly database: ScratchDatabase;
  /** The search path that the migrations leave to the next one in their session; null when it is that of a new session. */
  readonly searchPath: string | null;
}

/**
 * Applies the first `count` migrations, without proving them. What they leave is kept, where the runtime can write it down, and the
 * next run begins with it as long as their files and the settings are the same. Throws UsageError, with the place, for one that fails.
 */
export async function historyBefore(
  project: Project,
  server: Server,
  sources: Pick<Sources, "before" | "history">,
  count: number,
): Promise<HistoryBefore> {
  if (count === 0) {
    return { database: await createHistoryDatabase(project, server, sources), searchPath: null };
  }
  const { emit } = project;
  const listening = hearing(project);
  const start = performance.now();
  emit({ type: "stage", stage: "history", state: "start", text: "replaying the migrations" });
  const keys = stateKeys(project, server, sources, count);
  const begun = await resumed(listening, server, sources, keys) ?? {
    database: await createHistoryDatabase(listening, server, sources),
    searchPath: null,
    done: 0,
  };
  const { database, done } = begun;
  const session = new KeptSession(project.engine, begun.searchPath);
  const options = runOptions(listening, folderOf(project));
  for (const { up } of sources.history.migrations.slice(done, count)) {
    try {
      await runInSession(project, database, up, options, session);
    } catch (error) {
      throw error instanceof ScriptFailure ? scriptError(project, "replay", error) : error;
    }
  }
  const searchPath = session.value;
  const key = keys[count];
  if (done < count && count >= FEW && key !== undefined) {
    await keepState(database, key, {
      searchPath,
      settings: keptSettings(database),
      notes: [...listening.notes],
    });
  }
  const text = `${count} earlier ${count === 1 ? "migration" : "migrations"}` +
    (done === 0 ? "" : `, ${done === count ? "all" : done} of them kept from an earlier run`);
  emit({ type: "stage", stage: "history", state: "done", text, ms: performance.now() - start });
  return { database, searchPath };
}

/** So few migrations are replayed as fast as a state of them is read. */
const FEW = 10;

/** Where the replay begins. */
interface Begun extends HistoryBefore {
  /** How many migrations have been applied. */
  readonly done: number;
}

/** The state of the most migrations that one was kept of; null where there is none that can be used. */
async function resumed(
  project: Project,
  server: Server,
  { history }: Pick<Sources, "history">,
  keys: readonly string[],
): Promise<Begun | null> {
  const found = await keptState(server, keys.slice(FEW), project.signal);
  if (found === null) return null;
  const { database, searchPath, settings, notes } = found;
  const done = FEW + found.index;
  keepSession(database, settings);
  for (const { up } of history.migrations.slice(0, done)) noteRewrites(project, database, up);
  for (const text of notes) note(project, text);
  return { database, searchPath, done };
}
