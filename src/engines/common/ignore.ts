/** What `ignore_tables` leaves out of a snapshot. */

import type { SchemaObject } from "../../core/snapshot.ts";

/** The objects without the ignored ones and without all that is dropped with these; what depends on them otherwise stays without them. */
export function withoutIgnored(
  objects: readonly SchemaObject[],
  isIgnored: (object: SchemaObject) => boolean,
): readonly SchemaObject[] {
  const ignored = new Set(objects.filter(isIgnored).map(({ id }) => id));
  if (ignored.size === 0) return objects;
  for (let before = -1; before !== ignored.size;) {
    before = ignored.size;
    for (const { id, parent, droppedWith } of objects) {
      if (
        (parent !== null && ignored.has(parent)) || droppedWith.some((other) => ignored.has(other))
      ) {
        ignored.add(id);
      }
    }
  }
  return objects.filter(({ id }) => !ignored.has(id)).map((object) => ({
    ...object,
    dependsOn: object.dependsOn.filter((id) => !ignored.has(id)),
  }));
}
