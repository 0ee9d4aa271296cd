/** What a live database has, read before anything is run there. */

import type { SetupError } from "../../core/error.ts";
import type { LiveRunOutcome } from "../../core/live_run.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { type LiveAddress, noWayOf, type OpenLive, openLive } from "../live/open_live.ts";
import { type ReadBooks, readBooks } from "../live/read_books.ts";
import type { Project } from "../project.ts";
import { readHistoryAlone, type Sources } from "../sources.ts";

/** What was read. The session that read it is over. */
export interface Survey extends Pick<OpenLive, "live" | "project"> {
  readonly sources: Sources;
  readonly read: ReadBooks;
  readonly snapshot: Snapshot;
  /** Why nothing can be run by this way to the server; null where it can. */
  readonly noWay: SetupError | null;
  /** An outcome in which nothing has happened yet. */
  readonly begun: Omit<LiveRunOutcome, "direction" | "outcome" | "notes">;
}

/** Reads the history, the runner's books and the schema that is there. */
export async function surveyLive(given: Project, address: LiveAddress): Promise<Survey> {
  const sources = await readHistoryAlone(given);
  await using opened = await openLive(given, address);
  const { live, project } = opened;
  const read = await readBooks(project, live, sources);
  const begun = {
    finished: [],
    failed: null,
    left: [],
    refusals: [],
    plan: [],
    database: live.shown,
    version: live.version,
    books: read.table,
    runtime: null,
  };
  const noWay = await noWayOf(live);
  return { sources, live, project, read, snapshot: await opened.snapshot(), noWay, begun };
}
