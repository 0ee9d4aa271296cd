/** Which columns belong together: those that a key joins have the same values, and no others. */

import type { Snapshot } from "../../../core/snapshot.ts";
import { foreignKeyFacts } from "../ddl/member.ts";
import type { Columns } from "./fill.ts";
import { columnKey } from "./names.ts";
import type { SeedColumn, SeedTable } from "./tables.ts";

/** A number for each column, and what it refers to in the end; a schema that is ahead joins columns as well. */
export function columnsOf(
  tables: readonly SeedTable[],
  expected: Snapshot | undefined,
): Columns {
  const byKey = new Map<string, SeedColumn>();
  for (const { name, columns } of tables) {
    for (const column of columns) byKey.set(columnKey(name, column.name), column);
  }
  const parents = new Map<string, string>();
  for (const [own, other] of [...joined(tables), ...joinedLater(expected)]) {
    if (!parents.has(own) && own !== other) parents.set(own, other);
  }
  const rootOf = (key: string) => {
    const seen = new Set([key]);
    for (let at = key;;) {
      const next = parents.get(at);
      if (next === undefined || seen.has(next)) return at;
      seen.add(next);
      at = next;
    }
  };
  const salts = new Map<string, number>();
  for (const key of byKey.keys()) {
    const root = rootOf(key);
    if (!salts.has(root)) salts.set(root, salts.size + 1);
  }
  const known = new Map<SeedColumn, readonly [number, SeedColumn]>();
  const placeOf = (table: string, column: SeedColumn) => {
    let place = known.get(column);
    if (place === undefined) {
      const root = rootOf(columnKey(table, column.name));
      place = [salts.get(root) ?? salts.size + 1, byKey.get(root) ?? column];
      known.set(column, place);
    }
    return place;
  };
  return {
    salt: (table, column) => placeOf(table, column)[0],
    root: (table, column) => placeOf(table, column)[1],
    learned: new Map(),
  };
}

type Pair = readonly [string, string];

function joined(tables: readonly SeedTable[]): readonly Pair[] {
  return tables.flatMap(({ name, references }) =>
    references.flatMap(({ columns, table, others }) =>
      columns.map((column, at): Pair => [
        columnKey(name, column),
        columnKey(table, others[at] ?? column),
      ])
    )
  );
}

function joinedLater(expected: Snapshot | undefined): readonly Pair[] {
  return [...expected?.objects.values() ?? []].flatMap((object) => {
    const facts = foreignKeyFacts(object);
    if (facts === null || facts.references === undefined) return [];
    const table = (object.parent ?? "").slice("table:".length);
    const { references } = facts;
    return facts.columns.map((column, at): Pair => [
      columnKey(table, column),
      columnKey(facts.table, references[at] ?? column),
    ]);
  });
}
