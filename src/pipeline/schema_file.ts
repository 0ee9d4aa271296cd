/** The schema file for a history that has none: what the migrations leave. */

import type { Server } from "../runtimes/runtime.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { type SchemaFile, writtenDown } from "./plan/written_down.ts";
import type { Project } from "./project.ts";
import { readHistoryAlone } from "./sources.ts";
import { startServer } from "./serve.ts";
import { replayHistory } from "./scratch/snapshot.ts";

/**
 * Replays the history and writes down what it leaves; null when there are no migrations.
 * Throws UsageError for a history that cannot be read or replayed, SetupError when no runtime can serve.
 */
export async function schemaOfHistory(project: Project): Promise<SchemaFile | null> {
  const sources = await readHistoryAlone(project, { replays: true });
  const { migrations } = sources.history;
  if (migrations.length === 0) return null;
  await using server = await startServer(project, sources);
  const target = await finalState(project, server, sources);
  return await writtenDown(project, server, { target, migrations });
}

async function finalState(
  project: Project,
  server: Server,
  sources: Parameters<typeof replayHistory>[2],
): Promise<Snapshot> {
  const replayed = await replayHistory(project, server, sources, null);
  await using _database = replayed.database;
  return replayed.snapshot;
}
