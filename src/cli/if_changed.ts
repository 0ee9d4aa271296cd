/** The flag by which a hook does nothing where nothing has changed. */

import { EXIT } from "../core/error.ts";
import type { Project } from "../pipeline/mod.ts";
import { type Context, type Flag, type Reply, talk } from "./command.ts";
import { open, openQuietly } from "./open.ts";
import { unchangedReported } from "./report/reported.ts";

/** The flag. */
export const IF_CHANGED: Flag = {
  name: "if-changed",
  summary: "Do nothing where git's HEAD has all that aim reads as it is, for a pre-commit hook",
};

/** Opens the project, and begins the start of its server; null, with nothing started, where the flag is given and nothing has changed. Throws UsageError, also where there is no git. */
export async function openChanged(context: Context): Promise<Project | null> {
  if (!context.flags.on(IF_CHANGED.name)) return await open(context);
  const project = await openQuietly(context);
  const { isChanged, prepareServer } = await import("../pipeline/mod.ts");
  if (!await isChanged(project)) return null;
  prepareServer(project);
  return project;
}

/** The answer where nothing has changed. */
export const UNCHANGED: Reply = {
  exit: EXIT.ok,
  json: { outcome: "unchanged" },
  report: unchangedReported,
  pieces: [talk((paint) => `${paint.green("unchanged")}  since HEAD, nothing was run\n`)],
};
