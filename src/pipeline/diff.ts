/** `aim diff`: what schema.sql has that the migrations have not. */

import type { DiffOutcome } from "../core/outcome.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Server } from "../runtimes/runtime.ts";
import { type Project } from "./project.ts";
import { readSources, type Sources } from "./sources.ts";
import { startServer } from "./serve.ts";
import { replayHistory, snapshotSchema } from "./scratch/snapshot.ts";
import { differenceFindings } from "./findings.ts";
import { withUnsaid } from "./orm/keep_unsaid.ts";
import { differenceIn } from "./plan/difference.ts";

/** Compares the replayed history with the schema. */
export async function diff(project: Project): Promise<DiffOutcome> {
  const sources = await readSources(project);
  await using server = await startServer(project, sources);
  return await diffOn(project, server, sources);
}

/** `diff` of sources that are already read, on a server that is already started; for many projects in one process. */
export async function diffOn(
  project: Project,
  server: Server,
  sources: Sources,
): Promise<DiffOutcome> {
  const { snapshot: wanted, start } = await snapshotSchema(project, server, sources);
  const replayed = await replayHistory(project, server, { ...sources, remember: false }, start);
  await using _database = replayed.database;
  const shown = await compared(project, { server, end: replayed.snapshot, wanted });
  return { ...shown, findings: differenceFindings(project, sources, shown.changes) };
}

/** What `diff` shows of the end of a history and a schema: all but the findings, which only reports have. */
export type Shown = Omit<DiffOutcome, "findings">;

/** Compares both. */
export async function compared(
  project: Project,
  { server, end, wanted }: {
    readonly server: Server;
    readonly end: Snapshot;
    readonly wanted: Snapshot;
  },
): Promise<Shown> {
  const schema = await withUnsaid(project, end, wanted);
  const { changes, text, reordered } = differenceIn(project, end, schema);
  return {
    outcome: changes.length === 0 ? "in-sync" : "differs",
    changes,
    text,
    columnOrderOnly: changes.length === 0 && reordered.length > 0,
    reordered,
    runtime: server.runtime,
    version: server.version,
    notes: [...project.notes],
  };
}
