/** What differs between two snapshots, as people read it. */

import { createTwoFilesPatch } from "diff";
import { changesBetween, reorderedObjects } from "../../core/change.ts";
import type { Engine } from "../../engines/engine.ts";
import type { Change } from "../../core/change.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Project } from "../project.ts";

/** A difference, counted and in words. */
export interface Difference {
  readonly changes: readonly Change[];
  /** Unified diff of the canonical DDL, object by object; empty when equal. */
  readonly text: string;
  readonly reordered: readonly string[];
}

/** Compares two snapshots and writes the unified diff of what differs. */
function differenceBetween(
  engine: Engine,
  before: Snapshot,
  after: Snapshot,
  options: { readonly strictOrder: boolean },
): Difference {
  const changes = changesBetween(before, after, options);
  const reordered = reorderedObjects(before, after);
  return { changes, text: changes.length === 0 ? "" : unified(engine, before, after), reordered };
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

/** The same for a project, as its settings compare. */
export function differenceIn(project: Project, before: Snapshot, after: Snapshot) {
  const strictOrder = project.config.columnOrder === "strict";
  return differenceBetween(project.engine, before, after, { strictOrder });
}
