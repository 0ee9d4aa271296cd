/** Mends what refers to nothing: with NULL where it may be, else with what is there, else the row goes. */

import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { fold } from "../catalog/scope.ts";
import type { ForeignKeyFacts } from "../facts.ts";
import { quote } from "../quote.ts";
import { isRefusal } from "./fill.ts";
import { type SeedTable, targetOf } from "./tables.ts";

/** How often all tables are gone through. */
const MOST_ROUNDS = 8;

/** Gives how many rows the tables have that lost some, by id. */
export async function mendReferences(
  database: ScratchDatabase,
  wanted: readonly SeedTable[],
  tables: ReadonlyMap<string, SeedTable>,
): Promise<ReadonlyMap<string, number>> {
  const cut = new Map<string, number>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let isDone = true;
    for (const table of wanted) {
      for (const reference of table.references) {
        const parent = tables.get(targetOf(reference));
        if (parent === undefined) continue;
        const orphan = orphanOf(table, reference, parent);
        if (await countOf(database, table, orphan) === 0) continue;
        isDone = false;
        await mend(database, table, { reference, parent, orphan });
        if (await countOf(database, table, orphan) === 0) continue;
        await tried(database, `DELETE FROM ${quote(table.name)} WHERE ${orphan}`);
        cut.set(table.id, await countOf(database, table, "TRUE"));
      }
    }
    if (isDone) break;
  }
  return cut;
}

async function mend(
  database: ScratchDatabase,
  table: SeedTable,
  { reference, parent, orphan }: {
    readonly reference: ForeignKeyFacts;
    readonly parent: SeedTable;
    readonly orphan: string;
  },
): Promise<void> {
  const nullable = reference.columns.find((name) =>
    table.columns.some((one) => fold(one.name) === fold(name) && one.facts.not_null !== true)
  );
  const pairs = reference.columns.map((name, at) =>
    `${quote(name)} = (SELECT v FROM (SELECT ${quote(reference.references[at] ?? "")} AS v FROM ${
      quote(parent.name)
    } ORDER BY 1 LIMIT 1) AS aim_one)`
  );
  if (reference.columns.length === 1) {
    await tried(database, `UPDATE ${quote(table.name)} SET ${pairs[0]} WHERE ${orphan}`);
  }
  if (nullable === undefined || await countOf(database, table, orphan) === 0) return;
  await tried(
    database,
    `UPDATE ${quote(table.name)} SET ${quote(nullable)} = NULL WHERE ${orphan}`,
  );
}

/** The condition by which a row refers to nothing; the parent's rows stand behind a name, as its table may be the same. */
function orphanOf(table: SeedTable, reference: ForeignKeyFacts, parent: SeedTable): string {
  const own = (name: string) => `${quote(table.name)}.${quote(name)}`;
  const there = reference.columns.map((name) => `${own(name)} IS NOT NULL`).join(" AND ");
  const targets = reference.references.map(quote).join(", ");
  return `${there} AND (${
    reference.columns.map(own).join(", ")
  }) NOT IN (SELECT * FROM (SELECT ${targets} FROM ${quote(parent.name)} WHERE ${
    reference.references.map((name) => `${quote(name)} IS NOT NULL`).join(" AND ")
  }) AS aim_parents)`;
}

async function countOf(
  database: ScratchDatabase,
  { name }: SeedTable,
  condition: string,
): Promise<number> {
  const [row] = await database.query<{ readonly count: number | string }>(
    `SELECT COUNT(*) AS count FROM ${quote(name)} WHERE ${condition}`,
  );
  return Number(row?.count ?? 0);
}

async function tried(database: ScratchDatabase, sql: string): Promise<void> {
  try {
    await database.exec(sql);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
