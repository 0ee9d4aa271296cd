/** Partitions whose rows may move from one to another: looked at as the one table that they are. */

import type { Observation, ObservedTable } from "../../../core/observation.ts";
import type { Snapshot } from "../../../core/snapshot.ts";
import { type Intent, tableOf } from "./intent.ts";
import { includes, rowsBy } from "./values.ts";

/**
 * Two looks in which the partitions of tables that a change is about stand together, under the table that is divided. `storing` are
 * the ids of all tables with rows of their own, where the looks leave some out.
 */
export function withPartitions(
  before: Observation,
  after: Observation,
  { from, to, changes, storing }: Pick<Intent, "from" | "to" | "changes"> & {
    readonly storing?: ReadonlySet<string>;
  },
): readonly [Observation, Observation] {
  const around = { from, to };
  const changed = new Set(changes.flatMap(({ id }) => tableOf(id, around) ?? []));
  const [olds, news] = [rootsIn(from, before, storing), rootsIn(to, after, storing)];
  const roots = new Set(
    [...olds, ...news].flatMap(([id, root]) => changed.has(id) || changed.has(root) ? [root] : []),
  );
  if (roots.size === 0) return [before, after];
  let [earlier, later] = [before, after];
  for (const root of roots) {
    const now = [...news].filter(([, of]) => of === root).map(([id]) => id)
      .filter((id) => !before.tables.has(id) || olds.get(id) === root || id === root);
    const joinedNow = joined(root, to, now.flatMap((id) => after.tables.get(id) ?? []));
    const was = [...olds].filter(([, of]) => of === root).map(([id]) => id)
      .filter((id) => staysWithin(id, { root, news, before, after, joinedNow }));
    later = withJoined(later, now, joinedNow);
    earlier = withJoined(
      earlier,
      was,
      joined(root, from, was.flatMap((id) => before.tables.get(id) ?? [])),
    );
  }
  return [earlier, later];
}

/** Whether the rows of a partition are to be in the same table afterwards: it is a part of it still, or it went and they are there. */
function staysWithin(
  id: string,
  { root, news, before, after, joinedNow }: {
    readonly root: string;
    readonly news: ReadonlyMap<string, string>;
    readonly before: Observation;
    readonly after: Observation;
    readonly joinedNow: ObservedTable | null;
  },
): boolean {
  if (news.get(id) === root) return true;
  const table = before.tables.get(id);
  if (after.tables.has(id) || table === undefined || joinedNow === null) return false;
  const keys = table.columns.map(({ key }) => key)
    .filter((key) => joinedNow.columns.some((column) => column.key === key));
  return keys.length > 0 && includes(rowsBy(joinedNow, keys), rowsBy(table, keys));
}

/** Tables that store rows, by the table that is divided into them; that one stores none itself. */
function rootsIn(
  snapshot: Snapshot,
  { tables }: Observation,
  storing: ReadonlySet<string> = new Set(tables.keys()),
): ReadonlyMap<string, string> {
  const roots = new Map<string, string>();
  for (const id of tables.keys()) {
    let root = id;
    for (
      let parent = parentOf(root, snapshot);
      parent !== null;
      parent = parentOf(root, snapshot)
    ) {
      root = parent;
    }
    if (root !== id && !storing.has(root)) roots.set(id, root);
  }
  return roots;
}

/** Names of the tables that a table is a part of, from the next one up. */
export function wholesOf(name: string, snapshot: Snapshot): readonly string[] {
  const names: string[] = [];
  for (let id = parentOf(`table:${name}`, snapshot); id !== null; id = parentOf(id, snapshot)) {
    if (names.length > snapshot.objects.size) break;
    names.push(snapshot.objects.get(id)?.name ?? id);
  }
  return names;
}

function parentOf(id: string, { objects }: Snapshot): string | null {
  const parents =
    objects.get(id)?.dependsOn.filter((other) =>
      other !== id && objects.get(other)?.kind === "table"
    ) ?? [];
  return parents.length === 1 ? parents[0] ?? null : null;
}

/** The rows of several tables as those of one, in the columns that all have. */
function joined(
  root: string,
  { objects }: Snapshot,
  tables: readonly ObservedTable[],
): ObservedTable | null {
  const [first] = tables;
  if (first === undefined) return null;
  const keys = first.columns.map(({ key }) => key).filter((key) =>
    tables.every(({ columns }) => columns.some((column) => column.key === key))
  );
  return {
    id: root,
    name: objects.get(root)?.name ?? first.name,
    identity: root,
    columns: keys.map((key) => ({ key, identity: "" })),
    rows: tables.flatMap(({ columns, rows }) => {
      const places = keys.map((key) => columns.findIndex((column) => column.key === key));
      return rows.map((row) => places.map((at) => row[at] ?? null));
    }),
  };
}

function withJoined(
  observation: Observation,
  parts: readonly string[],
  whole: ObservedTable | null,
): Observation {
  if (whole === null) return observation;
  const tables = new Map(observation.tables);
  for (const id of parts) tables.delete(id);
  return { ...observation, tables: tables.set(whole.id, whole) };
}
