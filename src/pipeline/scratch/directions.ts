/** The scripts of a candidate's two directions. */

import type { Migration } from "../../formats/format.ts";

/** The scripts of UP, in order. */
export function upScripts(candidate: readonly Migration[]): readonly Migration["up"][] {
  return candidate.map((migration) => migration.up);
}

/** The scripts of DOWN, in order. */
export function downScripts(candidate: readonly Migration[]): readonly Migration["up"][] {
  return candidate.flatMap((migration) => migration.down === null ? [] : [migration.down])
    .reverse();
}
