/** Which tables rows are put into: those that a migration can touch, those that refer to them, and those that all these refer to. */

import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import { lastName } from "../../../core/name.ts";
import { type Intent, tableOf } from "./intent.ts";

/** Ids of the tables that get rows and are looked at, all of them there before. `scripts` are the texts that run. */
export function scopeOf(intent: Intent, scripts: readonly string[]): ReadonlySet<string> {
  const { from } = intent;
  const links = linksIn(from);
  const touched = new Set(namedTables(from, scripts));
  for (const id of changedAndDependent(intent)) {
    const table = tableOf(id, intent);
    if (table !== null && from.objects.has(table)) touched.add(table);
  }
  const scope = new Set(touched);
  for (const { table, other } of links) if (touched.has(other)) scope.add(table);
  return withTargets(scope, links);
}

/** Ids of what changes, and of all that depends on what is altered or dropped. */
function changedAndDependent(intent: Intent): ReadonlySet<string> {
  const { from, changes } = intent;
  const reached = new Set(changes.flatMap(({ op, id }) => op === "create" ? [] : [id]));
  // What has a column of a type depends on the type, whichever of its members changes.
  for (const change of changes) {
    const { parent } = change.op === "drop" ? change.before : change.after;
    if (parent !== null && from.objects.has(parent) && tableOf(parent, intent) === null) {
      reached.add(parent);
    }
  }
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const { id, dependsOn } of from.objects.values()) {
      if (dependsOn.some((other) => reached.has(other))) reached.add(id);
    }
  }
  for (const { id } of changes) reached.add(id);
  return reached;
}

/** A set of tables with all that they refer to, directly and not. */
function withTargets(
  tables: ReadonlySet<string>,
  links: readonly TableLink[],
): ReadonlySet<string> {
  const scope = new Set(tables);
  for (let size = -1; size !== scope.size;) {
    size = scope.size;
    for (const { table, other } of links) if (scope.has(table)) scope.add(other);
  }
  return scope;
}

/** A table that needs another one: it refers to it, inherits from it or is a part of it. */
export interface TableLink {
  readonly table: string;
  readonly other: string;
}

/** Which tables need which, by what their members depend on. */
export function linksIn(snapshot: Snapshot): readonly TableLink[] {
  const around = { from: snapshot, to: snapshot };
  const seen = new Map<string, TableLink>();
  for (const object of snapshot.objects.values()) {
    const table = tableOf(object.id, around);
    if (table === null) continue;
    for (const needed of neededBy(object)) {
      const other = tableOf(needed, around);
      if (other !== null && other !== table && snapshot.objects.has(other)) {
        seen.set(`${table}\n${other}`, { table, other });
      }
    }
  }
  return [...seen.values()];
}

/** What an object depends on; a key also names the table that it refers to, which may not be there yet. */
function neededBy({ dependsOn, facts }: SchemaObject): readonly string[] {
  const { table, references, type } = facts;
  if (type !== "foreign key") return dependsOn;
  const named = [table, references].filter((name) => typeof name === "string");
  return [
    ...dependsOn,
    ...named.flatMap((name) => [`table:${name}`, `table:${name.toLowerCase()}`]),
  ];
}

/** Ids of the tables of a snapshot whose names stand somewhere in scripts. */
function namedTables({ objects }: Snapshot, scripts: readonly string[]): ReadonlySet<string> {
  const tables = [...objects.values()].filter(({ kind }) => kind === "table");
  return tablesNamedIn(new Map(tables.map(({ id, name }) => [id, name])), scripts);
}

/** Ids of the tables, by their names, that stand somewhere in scripts: as a word, in whatever quotes. */
export function tablesNamedIn(
  tables: ReadonlyMap<string, string>,
  scripts: readonly string[],
): ReadonlySet<string> {
  const whole = scripts.join("\n").toLowerCase();
  const words = new Set(whole.match(/[\p{L}\p{N}_$]+/gu) ?? []);
  const found = new Set<string>();
  for (const [id, name] of tables) {
    const bare = lastName(name).toLowerCase();
    if (/^[\p{L}\p{N}_$]+$/u.test(bare) ? words.has(bare) : whole.includes(bare)) found.add(id);
  }
  return found;
}

/** Whether scripts speak of tables at all, so that there may be others behind them. */
export function mayMakeTables(scripts: readonly string[]): boolean {
  return scripts.some((text) => /table|into/i.test(text));
}

/** Whether a name stands in SQL as a word. */
export function isWordIn(name: string, sql: string): boolean {
  const words: readonly string[] = sql.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];
  return words.includes(name.toLowerCase());
}
