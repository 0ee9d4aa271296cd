/** The schema in which columns can move: the new table is there, and the old columns may be left out by code that does not know them. */

import type { Expansion } from "../../core/expansion.ts";
import type { Facts, SchemaObject, Snapshot } from "../../core/snapshot.ts";

/** `before` with room for both sides of a move; what another expansion needs is within its table. */
export function roomFor({ move }: Expansion, before: Snapshot, target: Snapshot): Snapshot {
  if (move === undefined) return before;
  const objects = new Map(before.objects);
  const names = new Set(move.old.columns.map(({ name }) => `${move.old.table}.${name}`));
  for (const [id, object] of before.objects) {
    if (object.kind === "column" && names.has(object.name)) objects.set(id, optional(object));
  }
  if (move.fresh.follows) {
    for (const object of withAllItNeeds(`table:${move.fresh.table}`, before, target)) {
      objects.set(object.id, object);
    }
  }
  return { ...before, objects };
}

/** The column without NOT NULL, and what is told of that. */
function optional(column: SchemaObject): SchemaObject {
  const facts: Facts = Object.fromEntries(
    Object.entries(column.facts).filter(([key]) => !key.startsWith("not_null")),
  );
  return { ...column, facts };
}

/** An object of the target, its members, and what they stand on that was not there before. */
function withAllItNeeds(
  id: string,
  before: Snapshot,
  target: Snapshot,
): readonly SchemaObject[] {
  const found = new Map<string, SchemaObject>();
  const open = [id];
  const fresh = [...target.objects.values()].filter((object) => !before.objects.has(object.id));
  while (open.length > 0) {
    const next = open.pop() ?? "";
    const object = target.objects.get(next);
    if (object === undefined || found.has(next) || before.objects.has(next)) continue;
    found.set(next, object);
    const members = fresh.filter(({ parent, droppedWith }) =>
      parent === next || parent === null && droppedWith.includes(next)
    );
    open.push(...object.dependsOn, ...members.map((member) => member.id));
    if (object.parent !== null) open.push(object.parent);
  }
  return [...found.values()];
}
