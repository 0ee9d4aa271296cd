/** Removes containers by the label of a run. */

import { LABELS } from "../docker/labels.ts";
import { lastLine, NO_PROGRAM, runCommand } from "../docker/engine.ts";
import type { StartedContainer } from "./record.ts";

/** See the module's comment. Throws an Error when the engine does not answer or does not remove them. */
export async function endContainers({ program, variables, run }: StartedContainer): Promise<void> {
  const engine = { program, variables };
  const label = `label=${LABELS.run}=${run}`;
  const found = await runCommand(engine, ["ps", "--all", "--quiet", "--filter", label]);
  // Without the program nothing can be said of its containers, now or later.
  if (found.code === NO_PROGRAM) return;
  if (found.code !== 0) throw new Error(`${program} does not answer: ${lastLine(found.stderr)}`);
  const ids = found.stdout.split("\n").map((id) => id.trim()).filter((id) =>
    /^[0-9a-f]+$/.test(id)
  );
  if (ids.length === 0) return;
  const removed = await runCommand(engine, ["rm", "--force", "--volumes", ...ids]);
  if (removed.code === 0 || /no such container|already in progress/i.test(removed.stderr)) return;
  throw new Error(`${program} does not remove them: ${lastLine(removed.stderr)}`);
}
