/** What happened to rows where nobody says what was to change: two looks at a database, and nothing else. */

import type { Observation, ObservedTable } from "../../../core/observation.ts";
import { type Effect, effectOn } from "./effects.ts";
import { difference } from "./row_effects.ts";
import { isSameAgain, pairs, rowsBy, sameRows, sameValue } from "./values.ts";

/** How strictly values are compared. */
export type Strictness =
  /** A column may have been converted: each value by itself. */
  | "converted"
  /** All is back as it was. */
  | "restored";

/** Rows and values that are gone or are others, of tables and columns that are still there under whatever name. */
export function plainEffects(
  before: Observation,
  after: Observation,
  strictness: Strictness,
): readonly Effect[] {
  return [...before.tables.values()].flatMap((table): readonly Effect[] => {
    const now = table.rows.length === 0 ? null : laterTable(table, before, after);
    if (now === null) return [];
    const later = withFormerNames(table, now);
    const columns = table.columns.map(({ key }) => key).filter((key) =>
      later.columns.some((column) => column.key === key)
    );
    return tableEffects(table, later, { columns, strictness });
  });
}

/** The table of the same name, or what it is called now; null where it went. */
function laterTable(
  { id, identity }: ObservedTable,
  before: Observation,
  after: Observation,
): ObservedTable | null {
  const same = after.tables.get(id);
  if (same !== undefined) return same;
  return [...after.tables.values()].find((one) =>
    one.identity === identity && !before.tables.has(one.id)
  ) ?? null;
}

/** The later table with its columns under the names that they had, where the same table has the same columns under others. */
function withFormerNames(before: ObservedTable, after: ObservedTable): ObservedTable {
  const isSame = before.identity === after.identity;
  const columns = after.columns.map((column) => {
    if (!isSame || column.identity === "") return column;
    const former = before.columns.find(({ identity }) => identity === column.identity);
    const taken = before.columns.some(({ key }) => key === column.key);
    // Another column that took the name is not the one that had it.
    return { ...column, key: former?.key ?? (taken ? `${column.key} (new)` : column.key) };
  });
  return { ...after, columns };
}

function tableEffects(
  before: ObservedTable,
  after: ObservedTable,
  { columns, strictness }: { readonly columns: readonly string[]; readonly strictness: Strictness },
): readonly Effect[] {
  if (columns.length === 0) {
    const text =
      `the rows of table ${before.name}: ${before.rows.length} before, ${after.rows.length} after`;
    return after.rows.length < before.rows.length
      ? [effectOn(before.name, { key: `table ${before.id}`, text, kind: "lost" })]
      : [];
  }
  const [old, now] = [rowsBy(before, columns), rowsBy(after, columns)];
  if (sameRows(old, now)) return [];
  if (after.rows.length < before.rows.length) return [difference(before, after, columns)];
  // Rows that came beside them are no loss; which of them is which cannot be told where values changed as well.
  if (after.rows.length > before.rows.length) return [];
  const same = columns.filter((key) => sameRows(rowsBy(before, [key]), rowsBy(after, [key])));
  const other = columns.filter((key) => !same.includes(key));
  if (other.length === 0) return [difference(before, after, columns)];
  const fresh = after.columns.map(({ key }) => key).filter((key) =>
    !before.columns.some((column) => column.key === key)
  );
  return other.flatMap((key) => {
    // Another column has the values now, under a name of its own, and a new one has the old name.
    const values = rowsBy(before, [key]);
    if (fresh.some((one) => sameRows(values, rowsBy(after, [one])))) return [];
    const wrong = wrongPair(before, after, { same, other, key, strictness });
    if (wrong === null) return [];
    const [was, is, what] = wrong;
    return [{
      key: `values ${before.id}.${key}`,
      kind: is === null ? "lost" as const : "altered" as const,
      table: before.name,
      column: key,
      before: was,
      after: is,
      text: `the values of column ${before.name}.${key}: ${what}`,
    }];
  });
}

/** A value that is not what it was, as far as that can be told, and what is wrong with it. */
function wrongPair(
  before: ObservedTable,
  after: ObservedTable,
  { same, other, key, strictness }: {
    readonly same: readonly string[];
    readonly other: readonly string[];
    readonly key: string;
    readonly strictness: Strictness;
  },
): readonly [string | null, string | null, string] | null {
  const all = pairs(before, after, { kept: same, key });
  const gone = all.find(([was, is]) => was !== null && is === null);
  if (gone !== undefined) return [...gone, "they are NULL now"];
  const values = all.filter(([was]) => was !== null);
  if (strictness === "restored") {
    const wrong = values.find(([was, is]) => !isSameAgain(was, is));
    return wrong === undefined ? null : [...wrong, "not as they were"];
  }
  const swapped = other.find((one) =>
    one !== key && sameRows(rowsBy(before, [one]), rowsBy(after, [key]))
  );
  const [moved] = values.filter(([was, is]) => was !== is);
  if (swapped !== undefined && moved !== undefined) {
    return [...moved, `they are those of ${swapped}`];
  }
  const images = new Map<string, string>();
  for (const [was, is] of values) {
    if (was === null || is === null || sameValue(was, is)) continue;
    const twin = [...images].find(([one, image]) => one !== was && image === is);
    if (twin !== undefined) return [was, is, "different ones are one and the same now"];
    images.set(was, is);
  }
  return null;
}
