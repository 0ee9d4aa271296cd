/** What became of the rows of a table, against what a change of its columns implies. */

import { lastName } from "../../core/name.ts";
import type { Observation, ObservedTable } from "../../core/observation.ts";
import type { Change } from "../../core/change.ts";
import type { Effect, Intent } from "./effects.ts";

/** Values that were in a database and are not any more. */
export interface Loss {
  readonly table: string;
  /** Key of the column, or null for whole rows. */
  readonly column: string | null;
  /** `the values of column public.users.email` */
  readonly text: string;
  /** True where something of the new schema could have kept them. */
  readonly avoidable: boolean;
}

type Row = readonly (string | null)[];

/** Compares the rows of a table that is there before and after. `own` are the changes of it. */
export function rowEffects(
  before: ObservedTable,
  after: ObservedTable,
  own: readonly Change[],
  intent: Intent | null,
): readonly Effect[] {
  const { id, name } = before;
  const altered = alteredColumns(own);
  const kept = before.columns.map(({ key }) => key).filter((key) =>
    !altered.has(key) && after.columns.some((column) => column.key === key)
  );
  const moved = before.identity !== after.identity
    ? undefined
    : kept.find((key) => identityOf(before, key) !== identityOf(after, key));
  if (moved !== undefined) {
    return [{
      key: `table ${id}`,
      text: `the column ${moved} of table ${name}: another column has its name now`,
    }];
  }
  const [old, now] = [rowsBy(before, kept), rowsBy(after, kept)];
  if (!sameRows(old, now)) {
    const counts = before.rows.length === after.rows.length
      ? "not as they were"
      : `${before.rows.length} before, ${after.rows.length || "none"} after`;
    const isLoss = isMerge(before, after, kept, own);
    const gained = after.rows.length > before.rows.length && includes(now, old) &&
      intent?.changes.some(({ op, kind }) => op === "drop" && /table|column/.test(kind));
    return gained === true
      ? []
      : [{ key: `table ${id}`, text: `the rows of table ${name}: ${counts}`, isLoss }];
  }
  return [...altered].flatMap(([key, facts]) => valueEffects({ before, after, kept, key, facts }));
}

/** Columns that a change alters, with the facts that differ. */
function alteredColumns(own: readonly Change[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    own.flatMap((change): [string, readonly string[]][] =>
      change.op === "alter" && change.kind === "column" ? [[keyOf(change.id), change.facts]] : []
    ),
  );
}

/** The last part of an id. */
function keyOf(id: string): string {
  return lastName(id.slice(id.indexOf(":") + 1));
}

function identityOf(table: ObservedTable, key: string): string | undefined {
  return table.columns.find((column) => column.key === key)?.identity;
}

/** The rows, reduced to some columns, as texts in order. */
function rowsBy(table: ObservedTable, keys: readonly string[]): readonly string[] {
  const places = placesOf(table, keys);
  return table.rows.map((row) => JSON.stringify(places.map((at) => row[at]))).sort();
}

function placesOf(table: ObservedTable, keys: readonly string[]): readonly number[] {
  return keys.map((key) => table.columns.findIndex((column) => column.key === key));
}

function sameRows(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((row, at) => row === other[at]);
}

function includes(whole: readonly string[], part: readonly string[]): boolean {
  const left = [...whole];
  return part.every((row) => {
    const at = left.indexOf(row);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

/** True where rows are gone that a new key of the table cannot have beside those that are left. */
function isMerge(
  before: ObservedTable,
  after: ObservedTable,
  kept: readonly string[],
  own: readonly Change[],
): boolean {
  const unique = own.flatMap((change) => change.op === "create" ? uniqueColumns(change) : []);
  if (unique.length === 0 || !includes(rowsBy(before, kept), rowsBy(after, kept))) return false;
  return unique.some((columns) => {
    if (!columns.every((key) => kept.includes(key))) return false;
    const [old, now] = [rowsBy(before, columns), rowsBy(after, columns)];
    return new Set(old).size === new Set(now).size;
  });
}

/** The columns of a key that is made; none for other changes. */
function uniqueColumns(change: Extract<Change, { readonly op: "create" }>): readonly string[][] {
  const { facts } = change.after;
  const isKey = facts.type === "unique" || facts.type === "primary key" || facts.unique === true;
  if (!isKey) return [];
  const columns = Array.isArray(facts.columns)
    ? facts.columns.map((column) => plainColumn(String(column)))
    : (/\(([^()]*)\)/.exec(String(facts.definition))?.[1] ?? "").split(",").map(plainColumn);
  return [columns];
}

function plainColumn(text: string): string {
  return text.trim().replace(/^"(.*)"$/, "$1");
}

/** What became of the values of a column that is altered: a new type converts them, anything else leaves them. */
function valueEffects({ before, after, kept, key, facts }: {
  readonly before: ObservedTable;
  readonly after: ObservedTable;
  readonly kept: readonly string[];
  readonly key: string;
  readonly facts: readonly string[];
}): readonly Effect[] {
  const converts = facts.some((fact) => !/^not_?null$/i.test(fact));
  const effect = (what: string): readonly Effect[] => [{
    key: `values ${before.id}.${key}`,
    text: `the values of column ${before.name}.${key}: ${what}`,
    isLoss: converts,
  }];
  const images = new Map<string, string>();
  for (const [old, now] of pairs(before, after, { kept, key })) {
    if (old === null) continue;
    if (now === null) return effect("they are NULL now");
    if (!converts && old !== now) return effect("not as they were");
    if (sameValue(old, now)) continue;
    const twin = [...images].find(([other, image]) => other !== old && image === now);
    if (twin !== undefined) return effect("different ones are one and the same now");
    images.set(old, now);
  }
  return [];
}

/** The old and the new value of a column for each row that can be told from the others. */
function pairs(
  before: ObservedTable,
  after: ObservedTable,
  { kept, key }: { readonly kept: readonly string[]; readonly key: string },
): readonly (readonly [string | null, string | null])[] {
  const [oldAt = -1] = placesOf(before, [key]);
  const [newAt = -1] = placesOf(after, [key]);
  if (newAt < 0 || oldAt < 0) return [];
  const byRow = (table: ObservedTable, at: number) => {
    const places = placesOf(table, kept);
    return Map.groupBy(
      table.rows,
      (row: Row) => JSON.stringify(places.map((place) => row[place])),
    ).entries().map(([row, list]) => [row, list.map((one) => one[at] ?? null)] as const);
  };
  const now = new Map(byRow(after, newAt));
  return [...byRow(before, oldAt)].flatMap(([row, values]) => {
    const others = now.get(row) ?? [];
    if (kept.length === 0 || values.length > 1) {
      const sorted = (list: readonly (string | null)[]) => [...list].sort();
      return sorted(values).map((value, at) => [value, sorted(others)[at] ?? null] as const);
    }
    return [[values[0] ?? null, others[0] ?? null] as const];
  });
}

/** True for a value that a new type writes in another way at most: `1`, `1.00`, `'1'`. */
function sameValue(old: string, now: string): boolean {
  const [a, b] = [old, now].map((text) => text.replace(/^'(.*)'$/s, "$1").trim());
  return a === b || (a !== "" && Number(a) === Number(b));
}

/** The losses that go with dropped columns of a table, or with the table when `own` is null. */
export function columnLosses(
  before: ObservedTable,
  own: readonly Change[] | null,
  { after, intent }: { readonly after: Observation; readonly intent: Intent },
): readonly Loss[] {
  if (before.rows.length === 0) return [];
  if (own === null) return tableLoss(before, { after, intent });
  const dropped = own.flatMap((change) =>
    change.op === "drop" && change.kind === "column" ? [keyOf(change.id)] : []
  );
  const heirs = own.some(({ op, kind }) => op === "create" && kind === "column");
  const now = freshColumns(after.tables.get(before.id), own);
  const created = intent.changes.flatMap(({ op, kind, id }) =>
    op === "create" && kind === "table" ? after.tables.get(id) ?? [] : []
  );
  const places = [...now, ...created];
  return dropped.flatMap((key) => {
    const [at = -1] = placesOf(before, [key]);
    const values = before.rows.flatMap((row) => row[at] ?? []);
    if (at < 0 || values.every((value) => isKept(value, places))) return [];
    const text = `the values of column ${before.name}.${key}`;
    return [{ table: before.id, column: key, text, avoidable: heirs }];
  });
}

function tableLoss(
  before: ObservedTable,
  { after, intent }: { readonly after: Observation; readonly intent: Intent },
): readonly Loss[] {
  const created = intent.changes.flatMap(({ op, kind, id }) =>
    op === "create" && kind === "table" ? after.tables.get(id) ?? [] : []
  );
  const shared = (table: ObservedTable) =>
    before.columns.filter(({ key }) => table.columns.some((column) => column.key === key))
      .map(({ key }) => key);
  const alike = created.filter((table) =>
    shared(table).length > 0 && shared(table).length * 2 >= before.columns.length
  );
  const text = `the rows of table ${before.name}`;
  const heir = alike.find((table) => {
    const keys = shared(table);
    return includes(rowsBy(table, keys), rowsBy(before, keys));
  });
  if (heir !== undefined) return [];
  return [{ table: before.id, column: null, text, avoidable: alike.length > 0 }];
}

/** The table with the columns alone that a change creates. */
function freshColumns(
  table: ObservedTable | undefined,
  own: readonly Change[],
): readonly Pick<ObservedTable, "rows">[] {
  const fresh = own.flatMap(({ op, kind, id }) =>
    op === "create" && kind === "column" ? [keyOf(id)] : []
  );
  if (table === undefined) return [];
  const places = placesOf(table, fresh);
  return [{ rows: table.rows.map((row) => places.map((at) => row[at] ?? null)) }];
}

/** True when some row has the value, or a longer one in which it stands as a word. */
function isKept(value: string, tables: readonly Pick<ObservedTable, "rows">[]): boolean {
  const bare = value.replace(/^'(.*)'$/s, "$1");
  if (bare === "") return true;
  const holds = (text: string) => {
    for (let at = text.indexOf(bare); at >= 0; at = text.indexOf(bare, at + 1)) {
      const around = (text[at - 1] ?? " ") + (text[at + bare.length] ?? " ");
      if (!/\w/.test(around)) return true;
    }
    return sameValue(bare, text);
  };
  return tables.some(({ rows }) =>
    rows.some((row) => row.some((one) => one !== null && holds(one)))
  );
}

/** Values that UP kept elsewhere and that are not back after DOWN: of dropped columns and tables, those lost in UP left out. */
export function missingAfterReturn(
  start: Observation,
  end: Observation,
  { changes, lost }: { readonly changes: readonly Change[]; readonly lost: readonly Loss[] },
): readonly Effect[] {
  return changes.flatMap((change): readonly Effect[] => {
    if (change.op !== "drop" || !/^(?:table|column)$/.test(change.kind)) return [];
    const column = change.kind === "column" ? keyOf(change.id) : null;
    const id = column === null ? change.id : change.before.parent ?? "";
    if (lost.some((loss) => loss.table === id && (loss.column ?? column) === column)) return [];
    const [before, after] = [start.tables.get(id), end.tables.get(id)];
    if (before === undefined || after === undefined) return [];
    const keys = column === null ? before.columns.map(({ key }) => key) : [column];
    const gone = keys.find((key) => !isBack(before, after, key));
    if (gone === undefined) return [];
    const text =
      `the values of column ${before.name}.${gone}: UP keeps them, DOWN does not restore them`;
    return [{ key: `return ${id}.${gone}`, text }];
  });
}

function isBack(before: ObservedTable, after: ObservedTable, key: string): boolean {
  const [from = -1] = placesOf(before, [key]);
  const [to = -1] = placesOf(after, [key]);
  const rows = [{ rows: after.rows.map((row) => [row[to] ?? null]) }];
  return before.rows.every((row) => isKept(row[from] ?? "", rows) || row[from] === null);
}
