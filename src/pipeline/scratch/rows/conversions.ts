/** Whether columns whose type changes hold what the draft says of them: its expressions are run on the rows before UP. */

import type { Converted, Observation } from "../../../core/observation.ts";
import type { Draft } from "../../../core/plan.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { wordsOf, writesValues } from "../../../sql/words.ts";
import { type Project } from "../../project.ts";
import type { Effect } from "./effects.ts";
import { type Intent, keyOf, tableOf } from "./intent.ts";
import { missingIn, placesOf, rowsBy, sameRows } from "./values.ts";

/** Runs what the draft says of conversions on the rows that are there. None where other statements write values too. */
export async function convertedBy(
  { engine }: Project,
  database: ScratchDatabase,
  { draft, intent, first }: {
    readonly draft: Draft | null;
    readonly intent: Intent;
    readonly first: Observation;
  },
): Promise<readonly Converted[]> {
  const { converted } = engine.rows;
  if (draft === null || converted === undefined) return [];
  const statements = draft.up.map(({ sql }) => sql);
  if (statements.some((sql) => writesValues(wordsOf(sql, engine)))) return [];
  const columns = intent.changes.flatMap((change) => {
    if (change.op !== "alter" || change.kind !== "column" || !change.facts.includes("type")) {
      return [];
    }
    const table = first.tables.get(tableOf(change.id, intent) ?? "");
    const after = change.after.facts.type;
    if (table === undefined || typeof after !== "string" || table.rows.length === 0) return [];
    return [{ table, column: keyOf(change.id), type: after }];
  });
  if (columns.length === 0) return [];
  const once = await converted(database, { columns, statements });
  const again = await converted(database, { columns, statements });
  // What is another value each time says nothing.
  return once.filter((one, at) => JSON.stringify(one) === JSON.stringify(again[at]));
}

/** Columns with other values than they were to have. Those that are as before UP are not converted yet. */
export function conversionEffects(
  first: Observation,
  now: Observation,
  converted: readonly Converted[],
): readonly Effect[] {
  return converted.flatMap(({ table: id, column, expected }): readonly Effect[] => {
    const [before, after] = [first.tables.get(id), now.tables.get(id)];
    if (before === undefined || after === undefined) return [];
    const has = new Set(after.columns.map(({ key }) => key));
    const others = new Set(
      converted.filter(({ table }) => table === id).map((one) => one.column),
    );
    const kept = before.columns.map(({ key }) => key).filter((key) =>
      has.has(key) && !others.has(key)
    );
    if (!has.has(column) || !sameRows(rowsBy(before, kept), rowsBy(after, kept))) return [];
    const keys = [...kept, column];
    const there = rowsBy(after, keys);
    if (sameRows(rowsBy(before, keys), there)) return [];
    const [at = -1] = placesOf(expected, [column]);
    const filled = { ...expected, rows: expected.rows.filter((row) => row[at] !== null) };
    const [wrong] = missingIn(there, rowsBy(filled, keys));
    if (wrong === undefined) return [];
    const wanted: readonly (string | null)[] = JSON.parse(wrong);
    const same = JSON.stringify(wanted.slice(0, -1));
    const found = there.map((row): readonly (string | null)[] => JSON.parse(row))
      .find((row) => JSON.stringify(row.slice(0, -1)) === same);
    return [{
      key: `conversion ${id}.${column}`,
      kind: "altered",
      table: before.name,
      column,
      before: wanted.at(-1) ?? null,
      after: found?.at(-1) ?? null,
      text:
        `the values of column ${before.name}.${column}: not what the conversion is said to give`,
    }];
  });
}
