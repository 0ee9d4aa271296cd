/** What goes with dropped columns and tables, unless something of the new schema has it now. */

import type { Change } from "../../../core/change.ts";
import type { Observation, ObservedTable } from "../../../core/observation.ts";
import { type Intent, keyOf } from "./intent.ts";
import { includes, placesOf, rowsBy, sameRows, sameValue } from "./values.ts";

/** Values that were in a database and are not any more. */
export interface Loss {
  /** Id of the table. */
  readonly table: string;
  readonly tableName: string;
  /** Key of the column, or null for whole rows. */
  readonly column: string | null;
  /** One of the values; null for whole rows. */
  readonly value: string | null;
  /** `the values of column public.users.email` */
  readonly text: string;
  /** True where something of the new schema could have kept them. */
  readonly avoidable: boolean;
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
    const value = values.find((one) => !isKept(one, places));
    const isThere = (after.tables.get(before.id)?.columns ?? []).some((one) => one.key === key);
    if (at < 0 || value === undefined || isThere) return [];
    const text = `the values of column ${before.name}.${key}`;
    const tableName = before.name;
    return [{ table: before.id, tableName, column: key, value, text, avoidable: heirs }];
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
  const avoidable = alike.length > 0;
  return [{ table: before.id, tableName: before.name, column: null, value: null, text, avoidable }];
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
export function isKept(value: string, tables: readonly Pick<ObservedTable, "rows">[]): boolean {
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

/** True when the table that lost something has the very rows after DOWN that it had before UP. */
export function isRestored(first: Observation, last: Observation, { table }: Loss): boolean {
  const [before, after] = [first.tables.get(table), last.tables.get(table)];
  if (before === undefined || after === undefined) return false;
  const keys = before.columns.map(({ key }) => key);
  return sameRows(rowsBy(before, keys), rowsBy(after, keys));
}
