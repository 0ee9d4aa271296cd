/** Makes rows refer to what is there, where values did not come out as they were meant to. */

import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { literal } from "../quote.ts";
import { isRefusal } from "./expected.ts";
import { always, alwaysList } from "./names.ts";
import type { SeedReference, SeedTable } from "./tables.ts";

/** Rows that are deleted may have been referred to. */
const MOST_ROUNDS = 6;

/**
 * Rows of the tables that refer to nothing get another value, or NULL, or go. Gives why, by the name of each table from which some
 * went. A foreign key that SQLite itself cannot look at (no unique key in the other table) refuses nothing.
 */
export async function mendReferences(
  database: ScratchDatabase,
  tables: readonly SeedTable[],
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let isMended = true;
    for (const [table, parents] of await violations(database, tables)) {
      for (const reference of table.references.filter(({ table }) => parents.has(table))) {
        isMended = false;
        const isGone = await mend(database, table, reference);
        if (!isGone) continue;
        reasons.set(
          table.name,
          `there is nothing in ${reference.table} that its rows could refer to`,
        );
      }
    }
    if (isMended) break;
  }
  return reasons;
}

/** So many tables are looked at by one query. */
const AT_ONCE = 100;

/** Tables with rows that refer to nothing, and the names of what they should refer to. */
async function violations(
  database: ScratchDatabase,
  tables: readonly SeedTable[],
): Promise<readonly (readonly [SeedTable, ReadonlySet<string>])[]> {
  const referring = tables.filter(({ references }) => references.length > 0);
  const found: (readonly [SeedTable, ReadonlySet<string>])[] = [];
  for (let at = 0; at < referring.length; at += AT_ONCE) {
    const some = referring.slice(at, at + AT_ONCE);
    const rows = await violationsIn(database, some) ?? await violationsApart(database, some);
    for (const table of some) {
      const own = rows.filter(({ name }) => name === table.name).map(({ parent }) => parent);
      if (own.length > 0) found.push([table, new Set(own)]);
    }
  }
  return found;
}

/** One after the other: those that SQLite cannot look at have none. */
async function violationsApart(
  database: ScratchDatabase,
  tables: readonly SeedTable[],
): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  for (const table of tables) found.push(...await violationsIn(database, [table]) ?? []);
  return found;
}

interface Violation {
  readonly name: string;
  readonly parent: string;
}

/** Null where SQLite cannot look at one of them. */
async function violationsIn(
  database: ScratchDatabase,
  tables: readonly SeedTable[],
): Promise<readonly Violation[] | null> {
  const parts = tables.map(({ name }) =>
    `SELECT ${literal(name)} AS name, parent FROM pragma_foreign_key_check(${literal(name)})`
  );
  try {
    return await database.query(parts.join(" UNION "));
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** True when rows were deleted. */
async function mend(
  database: ScratchDatabase,
  { name, columns, keys }: SeedTable,
  reference: SeedReference,
): Promise<boolean> {
  const [own, other] = [always(name), always(reference.table)];
  const pairs = reference.columns.map((column, at) =>
    `aim_other.${always(reference.others[at] ?? column)} = ${own}.${always(column)}`
  );
  const filled = reference.columns.map((column) => `${own}.${always(column)} IS NOT NULL`);
  const orphan = `${filled.join(" AND ")}
    AND NOT EXISTS (SELECT 1 FROM ${other} AS aim_other WHERE ${pairs.join(" AND ")})`;
  const others = reference.others.map((column) => `aim_there.${always(column)}`);
  const there = others.map((column) => `${column} IS NOT NULL`);
  const free = `NOT EXISTS (SELECT 1 FROM ${own} AS aim_own WHERE ${
    reference.columns.map((column, at) => `aim_own.${always(column)} = ${others[at] ?? "NULL"}`)
      .join(" AND ")
  })`;
  const take = (conditions: readonly string[]) =>
    `UPDATE OR IGNORE ${own} SET (${alwaysList(reference.columns)}) =
      (SELECT ${others.join(", ")} FROM ${other} AS aim_there WHERE ${
      conditions.join(" AND ")
    } LIMIT 1)
      WHERE ${orphan}`;
  const isAlone = keys.some((key) => key.every((one) => reference.columns.includes(one)));
  await tries(database, isAlone ? Array(8).fill(take([...there, free])) : [take(there)]);
  const optional = reference.columns.find((column) =>
    columns.some((one) => one.name === column && !one.isRequired && !one.isRowid)
  );
  const give = (rows: string) => [
    ...optional === undefined
      ? []
      : [`UPDATE OR IGNORE ${own} SET ${always(optional)} = NULL WHERE ${rows}`],
    `DELETE FROM ${own} WHERE ${rows}`,
  ];
  // Where there is no other table, all rows that name something name nothing.
  if (!await tries(database, give(orphan))) await tries(database, give(filled.join(" AND ")));
  const [row] = await database.query<{ readonly count: number }>("SELECT changes() AS count");
  return Number(row?.count ?? 0) > 0;
}

/** False where the server refuses one: there is no other table. */
async function tries(database: ScratchDatabase, statements: readonly string[]): Promise<boolean> {
  try {
    await database.exec(statements.join("; "));
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
