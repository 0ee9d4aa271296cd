/** A database that holds what the migrations before some index leave, from the nearest state that an earlier run kept. */

import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { folderOf, hearing, type Project, runOptions } from "../project.ts";
import type { Sources } from "../sources.ts";
import { createHistoryDatabase } from "./create_database.ts";
import { KeptHistory } from "./kept_history.ts";
import { KeptSession } from "./kept_session.ts";
import { runInSession } from "./run_in_session.ts";
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
  const kept = new KeptHistory(listening, server, sources, count);
  const begun = await kept.resume() ?? {
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
  if (done < count) await kept.keep({ database, searchPath, notes: listening.notes });
  const text = `${count} earlier ${count === 1 ? "migration" : "migrations"}` +
    (done === 0 ? "" : `, ${done === count ? "all" : done} of them kept from an earlier run`);
  emit({ type: "stage", stage: "history", state: "done", text, ms: performance.now() - start });
  return { database, searchPath };
}
