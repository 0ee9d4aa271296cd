/** What a run of statements did besides the changes that it is for: everything outside of them must be as it was. */

import type { Observation, ObservedTable } from "../../core/observation.ts";
import type { Change } from "../../core/change.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { columnLosses, type Loss, rowEffects } from "./row_effects.ts";

/** Something that was touched and must not be. */
export interface Effect {
  /** The same for the same thing, however much of it was touched. */
  readonly key: string;
  /** `the rows of table public.accounts: 3 before, none after` */
  readonly text: string;
  /** True for a loss that the change may imply, if it is stated: a key that merges rows, a type that takes less. */
  readonly isLoss?: boolean;
}

/** What a direction is to change. */
export interface Intent {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly changes: readonly Change[];
  /** Ids of the objects that the changes reach: they themselves, what they are part of, and what depends on them. */
  readonly reached: ReadonlySet<string>;
}

/** What was found. */
export interface Effects {
  readonly touched: readonly Effect[];
  /** Values of dropped columns, and rows of dropped tables, that nothing else has now. */
  readonly losses: readonly Loss[];
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
  return { from, to, changes, reached };
}

/** Compares two moments of a database. */
export function effectsBetween(before: Observation, after: Observation, intent: Intent): Effects {
  const tables = tableEffects(before, after, intent);
  return {
    touched: [
      ...tables.touched,
      ...counterEffects(before, after, intent),
      ...objectEffects(before, after, intent),
      ...serverEffects(before, after),
    ],
    losses: tables.losses,
  };
}

function tableEffects(before: Observation, after: Observation, intent: Intent): Effects {
  const touched: Effect[] = [];
  const losses: Loss[] = [];
  for (const [id, table] of before.tables) {
    const now = after.tables.get(id);
    const own = intent.changes.filter((change) => tableOf(change, intent) === id);
    if (own.some((change) => change.id === id && change.op === "drop")) {
      losses.push(...columnLosses(table, null, { after, intent }));
      continue;
    }
    if (now === undefined) {
      touched.push({ key: `table ${id}`, text: `the table ${table.name}: it was dropped` });
    } else if (own.length === 0) {
      touched.push(...untouched(table, now));
    } else {
      touched.push(...rowEffects(table, now, own, intent));
      losses.push(...columnLosses(table, own, { after, intent }));
    }
  }
  for (const [id, { name }] of after.tables) {
    if (before.tables.has(id) || intent.to.objects.has(id)) continue;
    if (intent.changes.some(({ op, id: created }) => op === "create" && created === id)) continue;
    touched.push({ key: `new ${id}`, text: `the table ${name}: no schema has it` });
  }
  return { touched, losses };
}

/** The id of the table that a change is about. */
function tableOf(change: Change, { from, to }: Intent): string | null {
  for (let id: string | null = change.id; id !== null;) {
    if (id.startsWith("table:")) return id;
    const object: SchemaObject | undefined = from.objects.get(id) ?? to.objects.get(id);
    id = object?.parent ?? null;
  }
  return null;
}

/** A table that no change is about: the very same, with the same columns and rows. */
function untouched(before: ObservedTable, after: ObservedTable): readonly Effect[] {
  const { id, name } = before;
  if (before.identity !== after.identity) {
    return [{ key: `table ${id}`, text: `the table ${name}: another table has its name now` }];
  }
  const columns = (table: ObservedTable) => JSON.stringify(table.columns);
  if (columns(before) !== columns(after)) {
    return [{
      key: `table ${id}`,
      text: `the columns of table ${name}: others have their names`,
    }];
  }
  return rowEffects(before, after, [], null);
}

function counterEffects(
  before: Observation,
  after: Observation,
  { from, to, changes }: Intent,
): readonly Effect[] {
  const effects: Effect[] = [];
  for (const [name, counter] of before.counters) {
    const isDropped = changes.some((change) =>
      change.op === "drop" && change.kind === "sequence" && change.before.name === name
    );
    const own = changes.filter((change) =>
      tableOf(change, { from, to, changes, reached: new Set() }) === counter.table
    );
    const now = after.counters.get(name);
    const gone = isDropped || own.some(({ op, id }) => op === "drop" && id === counter.table) ||
      (now === undefined && own.some(({ kind }) => /^(?:column|default|constraint)$/.test(kind)));
    if (gone || now?.count === counter.count) continue;
    const isOwn = counter.table !== null && own.length > 0;
    if (now !== undefined && isOwn && now.count >= counter.count) continue;
    const text = now === undefined
      ? `the counter ${name}: it was dropped`
      : `the counter ${name}: ${counter.count} values given out before, ${now.count} after`;
    effects.push({ key: `counter ${name}`, text });
  }
  return effects;
}

function objectEffects(
  before: Observation,
  after: Observation,
  { reached }: Intent,
): readonly Effect[] {
  const names = new Set([...reached].map((id) => plain(id.slice(id.indexOf(":") + 1))));
  const effects: Effect[] = [];
  for (const [key, object] of before.objects) {
    if (isReached(plain(object.name), names)) continue;
    const now = after.objects.get(key);
    if (now?.identity === object.identity && now.content === object.content) continue;
    const what = now === undefined
      ? "it was dropped"
      : now.identity === object.identity
      ? "it is not what it was"
      : "it was dropped and recreated";
    effects.push({ key: `object ${key}`, text: `the ${object.kind} ${object.name}: ${what}` });
  }
  return effects;
}

/** True for what is reached itself, and for members of it. */
function isReached(name: string, names: ReadonlySet<string>): boolean {
  for (let at = name.length; at > 0; at = name.lastIndexOf(".", at - 1)) {
    if (names.has(name.slice(0, at))) return true;
  }
  return false;
}

/** Types in a signature go without the schemas that need not be named. */
function plain(name: string): string {
  const bare = name.replaceAll(/["\s]/g, "");
  const at = bare.indexOf("(");
  return at < 0
    ? bare
    : bare.slice(0, at) + bare.slice(at).replaceAll(/\b(?:pg_catalog|public)\./g, "");
}

function serverEffects(before: Observation, after: Observation): readonly Effect[] {
  const effects: Effect[] = [];
  for (const [name, value] of before.server) {
    const now = after.server.get(name);
    if (now !== value) effects.push({ key: `server ${name}`, text: `${name}: not as before` });
  }
  return effects;
}
