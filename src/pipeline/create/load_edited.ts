/** An edited schema on a scratch database. */

import { UsageError } from "../../core/error.ts";
import type { Server } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import { brokenObject, type Loaded, snapshotSchema } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";

/** The code of the error for an edit that takes from a view or a trigger what it names. */
export const BROKEN_OBJECT = "broken-object";

/**
 * Loads the schema after an edit. Throws UsageError for one that does not load, for a view that no query can read and for a trigger that
 * cannot be run, unless that was so before the edit.
 */
export async function loadEdited(
  project: Project,
  server: Server,
  sources: Pick<Sources, "schema" | "before">,
  { broken }: Pick<Loaded, "broken">,
): Promise<Loaded> {
  const loaded = await snapshotSchema(project, server, sources);
  const object = loaded.broken.find(({ name, reason }) =>
    !broken.some((before) => before.name === name || before.reason === reason)
  );
  if (object !== undefined) throw new UsageError(brokenObject(object), { code: BROKEN_OBJECT });
  return loaded;
}
