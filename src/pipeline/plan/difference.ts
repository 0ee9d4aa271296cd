/** What differs between two snapshots, as people read it. */

import { createTwoFilesPatch } from "diff";
import { reorderedObjects } from "../../core/change.ts";
import type { Engine } from "../../engines/engine.ts";
import type { Change } from "../../core/change.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Project } from "../project.ts";
import { changesIn, namedAs } from "../scratch/changes.ts";

/** A difference, counted and in words. */
export interface Difference {
  readonly changes: readonly Change[];
  /** Unified diff of the canonical DDL, object by object; empty when equal. */
  readonly text: string;
  readonly reordered: readonly string[];
}

/** Compares two snapshots as the project's settings say, and writes the unified diff of what differs. */
export function differenceIn(project: Project, before: Snapshot, after: Snapshot): Difference {
  const changes = changesIn(project, before, after);
  const reordered = reorderedObjects(before, after);
  const text = changes.length === 0
    ? ""
    : unified(project.engine, before, namedAs(project, before, after));
  return { changes, text, reordered };
}

function unified(engine: Engine, before: Snapshot, after: Snapshot): string {
  const old = engine.describe(before);
  const now = engine.describe(after);
  const patches: string[] = [];
  for (const id of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const from = old.get(id) ?? "";
    const to = now.get(id) ?? "";
    if (from === to) continue;
    const name = (now.has(id) ? after : before).objects.get(id)?.name ?? id;
    const kind = id.slice(0, id.indexOf(":"));
    const patch = createTwoFilesPatch(
      from === "" ? "/dev/null" : `migrations ${kind} ${name}`,
      to === "" ? "/dev/null" : `schema ${kind} ${name}`,
      from,
      to,
      "",
      "",
      { context: 3 },
    );
    patches.push(patch.replace(/^=+\n/, "").replaceAll(/^(---|\+\+\+ )(.*?)\t$/gm, "$1$2"));
  }
  return patches.join("");
}
