/** What a run of statements did besides the changes that it is for: everything outside of them must be as it was. */

import type { Observation, ObservedCounter, ObservedTable } from "../../../core/observation.ts";
import type { RowFinding } from "../../../core/proof.ts";
import { type Intent, tableOf } from "./intent.ts";
import { columnLosses, type Loss } from "./losses.ts";
import { defaultEffects } from "./new_columns.ts";
import { withPartitions } from "./partitions.ts";
import { rowEffects } from "./row_effects.ts";

/** Something that was touched and must not be. */
export interface Effect
  extends Pick<RowFinding, "key" | "text" | "kind" | "table" | "column" | "before" | "after"> {
  /** True for a loss that the change may imply, if it is stated: a key that merges rows, a type that takes less. */
  readonly isLoss?: boolean;
}

/** An effect on what is neither row nor column. */
export function effectOn(
  thing: string,
  { key, text, kind = "altered" }: {
    readonly key: string;
    readonly text: string;
    readonly kind?: Effect["kind"];
  },
): Effect {
  return { key, text, kind, table: thing, column: null, before: null, after: null };
}

/** A loss as an effect. */
export function lossEffect({ table, tableName, column, value, text }: Loss): Effect {
  return {
    key: `loss ${table} ${column}`,
    kind: "lost",
    table: tableName,
    column,
    before: value,
    after: null,
    text,
  };
}

/** What was found. */
export interface Effects {
  readonly touched: readonly Effect[];
  /** Values of dropped columns, and rows of dropped tables, that nothing else has now. */
  readonly losses: readonly Loss[];
}

/** Compares two moments of a database. */
export function effectsBetween(start: Observation, end: Observation, intent: Intent): Effects {
  const [before, after] = withPartitions(start, end, intent);
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
    const own = intent.changes.filter((change) => tableOf(change.id, intent) === id);
    if (own.some((change) => change.id === id && change.op === "drop")) {
      losses.push(...columnLosses(table, null, { after, intent }));
      continue;
    }
    if (now === undefined) {
      // What is divided into no partition yet stores nothing.
      if (table.rows.length === 0 && intent.to.objects.has(id)) continue;
      const text = `the table ${table.name}: it was dropped`;
      touched.push(effectOn(table.name, { key: `table ${id}`, text, kind: "lost" }));
    } else if (own.length === 0 && !intent.converted.has(id)) {
      touched.push(...untouched(table, now, intent));
    } else {
      touched.push(...rowEffects(table, now, own, intent));
      touched.push(...defaultEffects(table, now, own, intent));
      losses.push(...columnLosses(table, own, { after, intent }));
    }
  }
  for (const [id, { name }] of after.tables) {
    if (before.tables.has(id) || intent.to.objects.has(id)) continue;
    if (intent.changes.some(({ op, id: created }) => op === "create" && created === id)) continue;
    touched.push(effectOn(name, { key: `new ${id}`, text: `the table ${name}: no schema has it` }));
  }
  return { touched, losses };
}

/** A table that no change is about: the very same, with the same columns and rows. */
function untouched(
  before: ObservedTable,
  after: ObservedTable,
  intent: Intent,
): readonly Effect[] {
  const { id, name } = before;
  const key = `table ${id}`;
  if (before.identity !== after.identity && !intent.reached.has(id)) {
    const text = `the table ${name}: another table has its name now`;
    return [effectOn(name, { key, text })];
  }
  const columns = (table: ObservedTable) =>
    JSON.stringify(intent.reached.has(id) ? table.columns.map((one) => one.key) : table.columns);
  if (columns(before) !== columns(after)) {
    return [effectOn(name, { key, text: `the columns of table ${name}: others have their names` })];
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
    const own = changes.filter(({ id }) => tableOf(id, { from, to }) === counter.table);
    const now = after.counters.get(name);
    const gone = isDropped ||
      own.some(({ op, id }) => op === "drop" && (id === counter.table || id === counter.column)) ||
      (now === undefined && own.some(({ kind }) => /^(?:column|default|constraint)$/.test(kind)));
    if (gone || now?.count === counter.count) continue;
    const isItself = changes.some(({ op, id, kind }) =>
      op === "alter" && kind === "sequence" && from.objects.get(id)?.name === name
    );
    const isOwn = counter.table !== null && own.length > 0;
    if (now !== undefined && goesOn(counter, now, isItself || isOwn)) continue;
    if (now !== undefined && isOwn && now.count >= counter.count) continue;
    const text = now === undefined
      ? `the counter ${name}: it was dropped`
      : `the counter ${name}: ${counter.count} values given out before, ${now.count} after`;
    effects.push({
      // With the rows of its table goes what they were counted by.
      ...effectOn(counter.table === null ? name : from.objects.get(counter.table)?.name ?? name, {
        key: `counter ${name}`,
        text,
        kind: now === undefined ? "lost" : "altered",
      }),
      before: String(counter.count),
      after: now === undefined ? null : String(now.count),
    });
  }
  return effects;
}

/** Whether a counter goes on where it was, counted from another start; where it is changed itself, it may go on further ahead. */
function goesOn(before: ObservedCounter, now: ObservedCounter, isChanged: boolean): boolean {
  if (before.next === undefined || now.next === undefined) return false;
  return isChanged ? now.next >= before.next : now.next === before.next;
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
    const text = `the ${object.kind} ${object.name}: ${what}`;
    effects.push(effectOn(object.name, { key: `object ${key}`, text }));
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
    if (now === value) continue;
    effects.push({
      ...effectOn(name, { key: `server ${name}`, text: `${name}: not as before` }),
      before: value,
      after: now ?? null,
    });
  }
  return effects;
}
