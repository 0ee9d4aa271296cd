/** What became of the rows of a table, against what a change of its columns implies. */

import type { Change } from "../../../core/change.ts";
import type { ObservedTable } from "../../../core/observation.ts";
import type { Effect } from "./effects.ts";
import { type Intent, keyOf, mayMoveValues } from "./intent.ts";
import { includes, missingIn, pairs, rowsBy, sameRows, sameValue } from "./values.ts";

/** Compares the rows of a table that is there before and after. `own` are the changes of it. */
export function rowEffects(
  before: ObservedTable,
  after: ObservedTable,
  own: readonly Change[],
  intent: Intent | null,
): readonly Effect[] {
  const { id, name } = before;
  const altered = alteredColumns(own, intent?.converted.get(id) ?? NONE);
  const kept = before.columns.map(({ key }) => key).filter((key) =>
    !altered.has(key) && after.columns.some((column) => column.key === key)
  );
  const moved = before.identity !== after.identity
    ? undefined
    : kept.find((key) => identityOf(before, key) !== identityOf(after, key));
  if (moved !== undefined) {
    return [{
      ...blank(before),
      kind: "altered",
      column: moved,
      text: `the column ${moved} of table ${name}: another column has its name now`,
    }];
  }
  const [old, now] = [rowsBy(before, kept), rowsBy(after, kept)];
  if (!sameRows(old, now)) {
    const gained = after.rows.length > before.rows.length && includes(now, old) &&
      intent?.changes.some(({ op, kind }) => op === "drop" && /table|column/.test(kind));
    if (gained === true) return [];
    return [{ ...difference(before, after, kept), isLoss: isMerge(before, after, kept, own) }];
  }
  return [...altered].flatMap(([key, facts]) => valueEffects({ before, after, kept, key, facts }));
}

const NONE: ReadonlySet<string> = new Set();

function blank({ id, name }: ObservedTable) {
  return { key: `table ${id}`, table: name, column: null, before: null, after: null };
}

/** How rows differ that should be the same in some columns: one that is gone or new, or a value that is another. */
export function difference(
  before: ObservedTable,
  after: ObservedTable,
  kept: readonly string[],
): Effect {
  const { name } = before;
  if (before.rows.length !== after.rows.length) {
    const isLess = before.rows.length > after.rows.length;
    const [gone] = missingIn(rowsBy(after, kept), rowsBy(before, kept));
    const counts = `${before.rows.length} before, ${after.rows.length || "none"} after`;
    return {
      ...blank(before),
      kind: isLess ? "lost" : "altered",
      before: gone === undefined ? null : rowText(kept, gone),
      text: `the rows of table ${name}: ${counts}`,
    };
  }
  const text = `the rows of table ${name}: not as they were`;
  const wrong = kept.filter((key) => !sameRows(rowsBy(before, [key]), rowsBy(after, [key])));
  const right = kept.filter((key) => !wrong.includes(key));
  for (const key of wrong) {
    const pair = pairs(before, after, { kept: right, key }).find(([was, is]) => was !== is);
    if (pair === undefined) continue;
    const [was, is] = pair;
    return {
      ...blank(before),
      kind: is === null ? "lost" : "altered",
      column: key,
      before: was,
      after: is,
      text,
    };
  }
  const [gone] = missingIn(rowsBy(after, kept), rowsBy(before, kept));
  const [come] = missingIn(rowsBy(before, kept), rowsBy(after, kept));
  return {
    ...blank(before),
    kind: "altered",
    before: gone === undefined ? null : rowText(kept, gone),
    after: come === undefined ? null : rowText(kept, come),
    text,
  };
}

/** A row of `rowsBy` for people: `id = 1, name = 'x'`, cut where it is long. */
function rowText(keys: readonly string[], row: string): string {
  const values: readonly (string | null)[] = JSON.parse(row);
  const text = keys.map((key, at) => `${key} = ${values[at] ?? "NULL"}`).join(", ");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

/** The most characters of a row that are shown. */
const LONGEST = 120;

/** Columns that a change alters, with the facts that differ, and those whose type changes. */
function alteredColumns(
  own: readonly Change[],
  converted: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ...[...converted].map((key) => [key, ["type"]] as const),
    ...own.flatMap((change): [string, readonly string[]][] =>
      change.op === "alter" && change.kind === "column" && mayMoveValues(change)
        ? [[keyOf(change.id), change.facts]]
        : []
    ),
  ]);
}

function identityOf(table: ObservedTable, key: string): string | undefined {
  return table.columns.find((column) => column.key === key)?.identity;
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
  const effect = (what: string, was: string | null, is: string | null): readonly Effect[] => [{
    key: `values ${before.id}.${key}`,
    kind: is === null ? "lost" : "altered",
    table: before.name,
    column: key,
    before: was,
    after: is,
    text: `the values of column ${before.name}.${key}: ${what}`,
    isLoss: converts,
  }];
  const images = new Map<string, string>();
  for (const [old, now] of pairs(before, after, { kept, key })) {
    if (old === null) continue;
    if (now === null) return effect("they are NULL now", old, now);
    if (!converts && old !== now) return effect("not as they were", old, now);
    if (sameValue(old, now)) continue;
    const twin = [...images].find(([other, image]) => other !== old && image === now);
    if (twin !== undefined) return effect("different ones are one and the same now", old, now);
    images.set(old, now);
  }
  return [];
}
