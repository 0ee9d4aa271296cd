/** Whether there is anything to do before a commit. */

import { readSeeds } from "../files/seeds.ts";
import type { Project } from "../project.ts";
import { readSources } from "../sources.ts";
import { readBase } from "./base.ts";
import { hasChanged } from "./changed.ts";

/** True when anything that aim reads is not as git's HEAD has it. Throws UsageError where there is no git. */
export async function isChanged(project: Project): Promise<boolean> {
  const [head, sources, seeds] = await Promise.all([
    readBase(project, "HEAD"),
    readSources(project),
    readSeeds(project),
  ]);
  return await hasChanged(project, head, { ...sources, seeds });
}
