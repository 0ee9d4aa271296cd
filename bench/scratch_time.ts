/** How long one more scratch database takes. */

import { loadConfig } from "../src/config.ts";
import { openProject, readSources, startServer } from "../src/pipeline/mod.ts";
import { snapshotSchema } from "../src/pipeline/snapshot.ts";

/** Milliseconds for a fresh database on a server that has just held a project's schema; the middle of eleven. */
export async function scratchTime(dialect: string, folder: string): Promise<number> {
  const { config } = await loadConfig({ folder, flags: { engine: [dialect] }, variables: {} });
  const signal = new AbortController().signal;
  const project = openProject(config, { emit: () => {}, signal });
  const sources = await readSources(project);
  await using server = await startServer(project, sources);
  const times: number[] = [];
  while (times.length < 11) {
    await snapshotSchema(project, server, sources.schema);
    const start = performance.now();
    await using database = await server.create();
    await database.query("SELECT 1 AS one");
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[5] ?? 0;
}
