/** How long the planner alone takes. */

import { startServer } from "../src/pipeline/mod.ts";
import { replayHistory, snapshotSchema } from "../src/pipeline/scratch/snapshot.ts";
import { openFolder } from "./open.ts";

/** Milliseconds that the engine needs to plan a project's way in both directions, once the snapshots are there; the best of five. */
export async function planTime(dialect: string, folder: string): Promise<number> {
  const { project, sources } = await openFolder(dialect, folder);
  await using server = await startServer(project, sources);
  const { snapshot: target, start } = await snapshotSchema(project, server, sources);
  const { database, snapshot } = await replayHistory(project, server, sources, start);
  await using _database = database;
  const hints = {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion: null,
  };
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    project.engine.renames(snapshot, target, hints);
    project.engine.plan(snapshot, target, hints);
    project.engine.plan(target, snapshot, hints);
    return performance.now() - start;
  });
  return Math.min(...times);
}
