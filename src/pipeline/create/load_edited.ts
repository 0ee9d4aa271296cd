/** An edited schema on a scratch database. */

import { UsageError } from "../../core/error.ts";
import type { Server } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import { brokenView, type Loaded, snapshotSchema } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";

/** The code of the error for an edit that takes from a view what it reads. */
export const BROKEN_VIEW = "broken-view";

/**
 * Loads the schema after an edit. Throws UsageError for one that does not load, and for a view that no query can read, unless that was
 * so before the edit.
 */
export async function loadEdited(
  project: Project,
  server: Server,
  sources: Pick<Sources, "schema" | "before">,
  { broken }: Pick<Loaded, "broken">,
): Promise<Loaded> {
  const loaded = await snapshotSchema(project, server, sources);
  const view = loaded.broken.find(({ name, reason }) =>
    !broken.some((before) => before.name === name || before.reason === reason)
  );
  if (view !== undefined) throw new UsageError(brokenView(view), { code: BROKEN_VIEW });
  return loaded;
}
