/** What could be read on one side alone is not compared: nobody knows what the other side has. */

import { joinName } from "../../core/name.ts";
import { objectId, type SchemaObject, type Snapshot } from "../../core/snapshot.ts";
import { fold } from "./catalog/scope.ts";

/** The wanted snapshot with what either side could not read as the actual one has it: neither created, changed nor dropped. */
export function withUnreadOf(wanted: Snapshot, actual: Snapshot): Snapshot {
  const unread = new Set(
    [...wanted.unmodelled, ...actual.unmodelled].flatMap(({ kind, name }) =>
      [name, fold(name)].map((one) => objectId(kind, joinName(one)))
    ),
  );
  if (unread.size === 0) return wanted;
  const known = withMembers(unread, actual);
  if (known.length === 0 && withMembers(unread, wanted).length === 0) return wanted;
  const others = new Set(withMembers(unread, wanted).map(({ id }) => id));
  const kept = [...wanted.objects.values()].filter(({ id }) => !others.has(id));
  const ids = new Set([...kept, ...known].map(({ id }) => id));
  return {
    ...wanted,
    objects: new Map(
      [...kept, ...known].map((object) => [
        object.id,
        { ...object, dependsOn: object.dependsOn.filter((id) => ids.has(id)) },
      ]),
    ),
  };
}

/** The objects of these ids, and all that belongs to one of them. */
function withMembers(roots: ReadonlySet<string>, { objects }: Snapshot): readonly SchemaObject[] {
  return [...objects.values()].filter((object) => {
    for (let one: SchemaObject | undefined = object; one !== undefined;) {
      if (roots.has(one.id)) return true;
      one = one.parent === null ? undefined : objects.get(one.parent);
    }
    return false;
  });
}
