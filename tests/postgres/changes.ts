/** What differs between two states, as the pipeline compares them. */

import { type Change, changesBetween } from "../../src/core/change.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { matchNames } from "../../src/engines/postgres/match_names.ts";

/** Compares two snapshots; names that the server generated are those of the first. */
export function changesIn(actual: Snapshot, wanted: Snapshot): readonly Change[] {
  const named = matchNames(wanted, actual, { deployedVersion: null });
  return changesBetween(actual, named, { strictOrder: false });
}
