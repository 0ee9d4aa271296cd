/** How long one more scratch database takes. */

import { startServer } from "../src/pipeline/mod.ts";
import { snapshotSchema } from "../src/pipeline/scratch/snapshot.ts";
import { openFolder } from "./open.ts";

/** Milliseconds for a fresh database on a server that has just held a project's schema; the middle of eleven. */
export async function scratchTime(
  dialect: string,
  folder: string,
  runtime?: string,
): Promise<number> {
  const { project, sources } = await openFolder(dialect, folder, runtime);
  await using server = await startServer(project, sources);
  const times: number[] = [];
  while (times.length < 11) {
    await snapshotSchema(project, server, { schema: sources.schema });
    const start = performance.now();
    await using database = await server.create();
    await database.query("SELECT 1 AS one");
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[5] ?? 0;
}
