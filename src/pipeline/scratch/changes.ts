/** What differs between two states of a database, by the rules of the project. */

import { type Change, changesBetween } from "../../core/change.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Project } from "../project.ts";

/** Compares two snapshots as the settings say; names that the server generated are those of `before`. */
export function changesIn(
  project: Project,
  before: Snapshot,
  after: Snapshot,
): readonly Change[] {
  const strictOrder = project.config.columnOrder === "strict";
  return changesBetween(before, namedAs(project, before, after), { strictOrder });
}

/** Whether nothing differs between two states of a database. */
export function isSame(project: Project, one: Snapshot, other: Snapshot): boolean {
  return changesIn(project, one, other).length === 0;
}

/** The wanted snapshot under the names that the actual one has, where no author gave them. */
export function namedAs(
  { engine, config, version }: Project,
  actual: Snapshot,
  wanted: Snapshot,
): Snapshot {
  const { generatedNames, constraintNames } = config;
  const options = { generatedNames, constraintNames, deployedVersion: version };
  return engine.matchNames?.(wanted, actual, options) ?? wanted;
}
