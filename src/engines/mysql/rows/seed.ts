/** Puts a few rows into every table. */

import { DatabaseError } from "../../../core/error.ts";
import { lastName } from "../../../core/name.ts";
import type { Seeded } from "../../../core/observation.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { SeedOptions } from "../../engine.ts";
import { factsOf, type ForeignKeyFacts } from "../facts.ts";
import { inspect } from "../inspect.ts";
import { quote } from "../quote.ts";
import { valueOf } from "./values.ts";

/** Rows in each table. */
const ROWS = 3;

/** How many other values are tried for a row that a table refuses. */
const ATTEMPTS = 6;

/** See `Rows.seed`. */
export async function seed(
  database: ScratchDatabase,
  { tables: wanted }: SeedOptions = {},
): Promise<Seeded> {
  const snapshot = await inspect(database, { ignoreTables: [] });
  const tables = inOrder(snapshot);
  const taken: string[] = [];
  const empty: { table: string; reason: string }[] = [];
  const values = new Map<string, readonly string[]>();
  let rows = 0;
  for (const table of tables) {
    if (wanted !== undefined && !wanted.has(table.id)) continue;
    const outcome = await fill(database, { snapshot, table, values });
    rows += outcome.rows;
    if (outcome.rows > 0) taken.push(table.id);
    else empty.push({ table: table.name, reason: outcome.reason });
  }
  return { rows, tables: taken, empty };
}

/** Tables after those that they refer to. */
function inOrder(snapshot: Snapshot): readonly SchemaObject[] {
  const done = new Set<string>();
  const order: SchemaObject[] = [];
  const visit = (table: SchemaObject, path: ReadonlySet<string>) => {
    if (done.has(table.id) || path.has(table.id)) return;
    for (const { table: other } of foreignKeys(snapshot, table)) {
      const target = snapshot.objects.get(`table:${other}`);
      if (target !== undefined) visit(target, new Set([...path, table.id]));
    }
    if (done.has(table.id)) return;
    done.add(table.id);
    order.push(table);
  };
  for (const object of snapshot.objects.values()) {
    if (object.kind === "table") visit(object, new Set());
  }
  return order;
}

function membersOf(snapshot: Snapshot, table: SchemaObject, kind: string): readonly SchemaObject[] {
  return [...snapshot.objects.values()].filter((one) =>
    one.kind === kind && one.parent === table.id
  );
}

function foreignKeys(snapshot: Snapshot, table: SchemaObject): readonly ForeignKeyFacts[] {
  return membersOf(snapshot, table, "constraint").map((one) => factsOf(one, "constraint"))
    .filter((facts) => facts.type === "foreign key");
}

interface Work {
  readonly snapshot: Snapshot;
  readonly table: SchemaObject;
  /** The values of columns that are there already, row by row, by `table.column`. */
  readonly values: Map<string, readonly string[]>;
}

async function fill(
  database: ScratchDatabase,
  { snapshot, table, values }: Work,
): Promise<{ readonly rows: number; readonly reason: string }> {
  const columns = membersOf(snapshot, table, "column").filter((column) => {
    const { generated, row } = factsOf(column, "column");
    return generated === undefined && row === undefined;
  });
  const keys = foreignKeys(snapshot, table);
  const kept = new Map<string, string[]>();
  let rows = 0;
  let reason = "it has no columns";
  for (let row = 0; row < ROWS; row++) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const given = columns.map((column) => {
        const own = lastName(column.name);
        return referred(own, row, { table, keys, values }) ??
          valueOf(factsOf(column, "column"), own, row + attempt * ROWS);
      });
      try {
        await database.exec(
          `INSERT INTO ${quote(lastName(table.name))} (${
            columns.map((column) => quote(lastName(column.name))).join(", ")
          }) VALUES (${given.join(", ")})`,
        );
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        reason = error.message;
        continue;
      }
      rows++;
      for (const [at, column] of columns.entries()) {
        const key = `${lastName(table.name)}.${lastName(column.name).toLowerCase()}`;
        kept.set(key, [...kept.get(key) ?? [], given[at] ?? "NULL"]);
      }
      break;
    }
  }
  for (const [key, list] of kept) values.set(key, list);
  return { rows, reason };
}

/** The value that a foreign key's column takes from the row that it refers to; its own row's where that is the same table. */
function referred(
  column: string,
  row: number,
  { table, keys, values }: Pick<Work, "table" | "values"> & {
    readonly keys: readonly ForeignKeyFacts[];
  },
): string | null {
  for (const key of keys) {
    const at = key.columns.findIndex((one) => one.toLowerCase() === column.toLowerCase());
    const target = key.references[at]?.toLowerCase();
    if (at < 0 || target === undefined || key.table === table.name) continue;
    const known = values.get(`${key.table}.${target}`);
    if (known !== undefined && known.length > 0) return known[row % known.length] ?? null;
  }
  return null;
}
