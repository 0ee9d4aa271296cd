/** What a migration is to change, as far as rows go: read out of two snapshots and what differs between them. */

import type { Change } from "../../../core/change.ts";
import { lastName } from "../../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";

/** What a direction is to change. */
export interface Intent {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly changes: readonly Change[];
  /** Ids of the objects that the changes reach: they themselves, what they are part of, and what depends on them. */
  readonly reached: ReadonlySet<string>;
  /** Keys of the columns whose type changes without a change of their own, by the id of their table. */
  readonly converted: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads the intent out of two snapshots and what differs between them. */
export function intentOf(from: Snapshot, to: Snapshot, changes: readonly Change[]): Intent {
  const reached = new Set<string>();
  for (const change of changes) {
    for (let id: string | null = change.id; id !== null;) {
      reached.add(id);
      const object: SchemaObject | undefined = from.objects.get(id) ?? to.objects.get(id);
      id = object?.parent ?? null;
      if (id !== null && !/table|view|column/.test(id.split(":")[0] ?? "")) break;
    }
  }
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const { objects } of [from, to]) {
      for (const { id, kind, dependsOn, parent } of objects.values()) {
        if (dependsOn.some((other) => reached.has(other)) || reached.has(parent ?? "")) {
          reached.add(id);
        }
        if (kind === "column" && parent !== null && reached.has(id)) reached.add(parent);
      }
    }
  }
  return { from, to, changes, reached, converted: convertedColumns(from, to, changes) };
}

/** The id of the table that a change is about, or null. */
export function tableOf(id: string, { from, to }: Pick<Intent, "from" | "to">): string | null {
  for (let at: string | null = id; at !== null;) {
    if (at.startsWith("table:")) return at;
    const object: SchemaObject | undefined = from.objects.get(at) ?? to.objects.get(at);
    at = object?.parent ?? null;
  }
  return null;
}

/** Whether a change of a column may make other values of those that are there. */
export function mayMoveValues(change: Change): boolean {
  return change.op !== "alter" || !change.facts.every((fact) => STILL.has(fact));
}

/** Facts of columns that say nothing of their values: of rows that come, of how they are stored, of who sees them. */
const STILL: ReadonlySet<string> = new Set([
  "comment",
  "compression",
  "default",
  "inherited",
  "invisible",
  "local",
  "no_default",
  "not_null_comment",
  "not_null_local",
  "not_null_name",
  "not_null_no_inherit",
  "on_update",
  "options",
  "privileges",
  "statistics",
  "storage",
]);

/** The last part of an id: the key that an observed column has. */
export function keyOf(id: string): string {
  return lastName(id.slice(id.indexOf(":") + 1));
}

/** Columns of types that change, or are made of types that do. */
function convertedColumns(
  from: Snapshot,
  to: Snapshot,
  changes: readonly Change[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const types = new Set(
    changes.flatMap((change) => {
      if (tableOf(change.id, { from, to }) !== null) return [];
      if (change.op !== "create") return [change.id];
      // A new attribute changes the type that it is a part of.
      const { parent } = change.after;
      const isPart = parent !== null && !/^schema:/.test(parent) && from.objects.has(parent);
      return isPart ? [parent] : [];
    }),
  );
  for (const id of [...types]) {
    const parent = (from.objects.get(id) ?? to.objects.get(id))?.parent;
    if (parent !== undefined && parent !== null && !/^schema:/.test(parent)) types.add(parent);
  }
  const found = new Map<string, Set<string>>();
  for (let size = -1; size !== types.size;) {
    size = types.size;
    for (const { id, kind, parent, dependsOn } of from.objects.values()) {
      if (types.has(id) || !dependsOn.some((other) => types.has(other))) continue;
      if (kind === "column" && parent?.startsWith("table:") === true) {
        const keys = found.get(parent) ?? new Set();
        found.set(parent, keys.add(keyOf(id)));
      } else if (tableOf(id, { from, to }) === null) types.add(id);
    }
  }
  return found;
}
