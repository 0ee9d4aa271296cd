/** `aim diagram`: the schema, or the end of the migrations, as a picture; with what differs between them. */

import { UsageError } from "../core/error.ts";
import { type Diagram, diagramOf } from "../diagram/diagram.ts";
import type { Server } from "../runtimes/runtime.ts";
import type { Project } from "./project.ts";
import { readHistoryAlone, readSources, type Sources } from "./sources.ts";
import { startServer } from "./serve.ts";
import { replayHistory, snapshotSchema } from "./scratch/snapshot.ts";

/** What is drawn: the schema, the end of the migrations, or the schema against them. */
export type DiagramSubject = "schema" | "migrations" | "changes";

/** Draws. Throws UsageError for a dialect whose tables cannot be drawn. */
export async function diagram(project: Project, subject: DiagramSubject): Promise<Diagram> {
  const sources = subject === "migrations"
    ? await readHistoryAlone(project, { replays: true })
    : await readSources(project);
  await using server = await startServer(project, sources);
  return await diagramOn(project, server, { sources, subject });
}

async function diagramOn(
  project: Project,
  server: Server,
  { sources, subject }: { readonly sources: Sources; readonly subject: DiagramSubject },
): Promise<Diagram> {
  const { engine } = project;
  const { shape } = engine;
  if (shape === undefined) {
    throw new UsageError(`Cannot draw a schema of ${engine.dialect}`, { code: "diagram" });
  }
  const history = async () => {
    const { database, snapshot } = await replayHistory(project, server, sources, null);
    await database[Symbol.asyncDispose]();
    return shape(snapshot);
  };
  if (subject === "migrations") return diagramOf(await history());
  const { schema, before } = sources;
  const now = shape((await snapshotSchema(project, server, { schema, before })).snapshot);
  return subject === "schema" ? diagramOf(now) : diagramOf(now, await history());
}
