/** How migrations are generated where nobody can be asked. */

export const UNASKED = {
  dryRun: false,
  answers: new Map(),
  assumeEmpty: "flag",
  renames: [],
  onAmbiguity: "drop-add",
} as const;
