/** Renames as they were stated, with the names spelled as the databases have them. */

import { goesBy, joinName, splitName } from "../../core/name.ts";
import type { Rename } from "../../core/choice.ts";
import type { Snapshot } from "../../core/snapshot.ts";

/** Where the names of a rename are looked up, and which of them are the same. */
export interface Spelling {
  readonly before: Snapshot;
  readonly target: Snapshot;
  nameKey(name: string): string;
}

/** The renames with old names as `before` spells them and new ones as `target` does; what neither knows stays as it is. */
export function spelledRenames(
  renames: readonly Rename[],
  { before, target, nameKey }: Spelling,
): readonly Rename[] {
  return renames.map((rename) => ({
    ...rename,
    from: spelled(rename.from, rename.kind, { snapshot: before, nameKey }),
    to: spelled(rename.to, rename.kind, { snapshot: target, nameKey }),
  }));
}

function spelled(
  name: string,
  kind: string | null,
  { snapshot, nameKey }: { readonly snapshot: Snapshot } & Pick<Spelling, "nameKey">,
): string {
  const names = [...snapshot.objects.values()]
    .flatMap((object) => kind === null || object.kind === kind ? [object.name] : []);
  const parts = splitName(name);
  if (names.some((known) => goesBy(known, name))) return name;
  const same = names.find((known) => goesBy(nameKey(known), nameKey(name)));
  if (same !== undefined) return joinName(...splitName(same).slice(-parts.length));
  const last = nameKey(parts.at(-1) ?? "");
  const alike = names.map((known) => splitName(known).at(-1) ?? "").find((known) =>
    nameKey(known) === last
  );
  return alike === undefined ? name : joinName(...parts.slice(0, -1), alike);
}
