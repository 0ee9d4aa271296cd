/** Foreign keys that could not be heeded while rows were put in. */

import type { Reference, SeedTable } from "./read_tables.ts";
import type { Query } from "./read_types.ts";
import { always, canBeNull, type FillOrder } from "./references.ts";
import type { ColumnTexts } from "./row_plan.ts";
import { isRefusal } from "./solve.ts";

/** What there is to settle. */
export interface Unsettled {
  readonly tables: readonly SeedTable[];
  readonly later: FillOrder["later"];
  readonly texts: ColumnTexts;
  /** How many rows each table has got; those that are taken out are counted down. */
  readonly rows: Map<SeedTable, number>;
}

/** A foreign key with the tables that it joins. */
interface Link {
  readonly table: SeedTable;
  readonly reference: Reference;
  readonly other: SeedTable;
}

/** A row refers where it can, and those that would have to and do not are taken out. The tables that have none left, and why. */
export async function settle(
  query: Query,
  { tables, later, texts, rows }: Unsettled,
): Promise<readonly (readonly [SeedTable, Reference])[]> {
  const byOid = new Map(tables.map((table) => [table.oid, table]));
  const linkOf = (table: SeedTable, reference: Reference): readonly Link[] => {
    const other = byOid.get(reference.table);
    return other === undefined ? [] : [{ table, reference, other }];
  };
  const open = [...later].flatMap(([table, list]) => list.flatMap((one) => linkOf(table, one)));
  for (const one of open) {
    if ((rows.get(one.table) ?? 0) === 0) continue;
    await link(query, { ...one, texts, referred: referredColumns(one.table, tables) });
  }
  const all = tables.filter(({ isPartitioned }) => !isPartitioned)
    .flatMap((table) => table.references.flatMap((one) => linkOf(table, one)));
  const empty: (readonly [SeedTable, Reference])[] = [];
  const takeOut = async (links: readonly Link[]) => {
    let gone = 0;
    for (const one of links) {
      const held = rows.get(one.table) ?? 0;
      if (held === 0) continue;
      const orphans = await deleteOrphans(query, one);
      rows.set(one.table, held - orphans);
      if (orphans === held) empty.push([one.table, one.reference]);
      gone += orphans;
    }
    return gone;
  };
  // What refers by a generated column was not chosen.
  const unsure = [...open, ...all.filter(({ table, reference }) => !isWritten(table, reference))];
  let gone = await takeOut(unsure);
  for (let turn = 0; turn < tables.length && gone > 0; turn++) gone = await takeOut(all);
  return empty;
}

function isWritten(table: SeedTable, { columns }: Reference): boolean {
  return columns.every((name) => table.columns.some((column) => column.name === name));
}

/** Columns that others refer to. */
function referredColumns({ oid, root }: SeedTable, tables: readonly SeedTable[]): Set<string> {
  return new Set(
    tables.flatMap(({ references }) =>
      references.filter(({ table }) => table === oid || table === root)
        .flatMap(({ others }) => others)
    ),
  );
}

/** Lets a row refer through a foreign key that could not be heeded when it was put in. A row that no key allows it stays as it is. */
async function link(
  query: Query,
  { table, reference, other, texts, referred }: Link & {
    readonly texts: ColumnTexts;
    /** Columns that others refer to, which must stay as they are. */
    readonly referred: ReadonlySet<string>;
  },
): Promise<void> {
  const { columns, others } = reference;
  const shared = new Set(
    table.references.filter((one) => one !== reference).flatMap((one) => one.columns),
  );
  const own = columns.filter((name) => !shared.has(name) && !referred.has(name));
  const written = own.filter((name) =>
    table.columns.some((column) => column.name === name && texts.isNullable(column))
  );
  if (written.length === 0 || !canBeNull(table, reference, texts)) return;
  const at = (name: string) => `p.${always(others[columns.indexOf(name)] ?? "")}`;
  const fits = columns.filter((name) => !written.includes(name))
    .map((name) => `${at(name)} = t.${always(name)}`);
  const target = written.map((name) => always(name)).join(", ");
  const values = written.map(at);
  const from = `${other.isPartitioned ? "" : "ONLY "}${other.quoted} p`;
  const known = [`pg_catalog.num_nulls(${values.join(", ")}) = 0`, ...fits].join(" AND ");
  try {
    await query(`
      UPDATE ONLY ${table.quoted} t
      SET (${target}) = (SELECT ${
      values.join(", ")
    } FROM ${from} WHERE ${known} ORDER BY p.ctid DESC LIMIT 1)
      WHERE t.ctid = (SELECT f.ctid FROM ONLY ${table.quoted} f LIMIT 1)`);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

/** Deletes the rows of a table that refer to nothing; how many they were. */
async function deleteOrphans(
  query: Query,
  { table, reference, other }: Link,
): Promise<number> {
  const { columns, others } = reference;
  const own = columns.map((name) => `t.${always(name)}`);
  const equal = own.map((column, at) => `p.${always(others[at] ?? "")} = ${column}`);
  const from = `${other.isPartitioned ? "" : "ONLY "}${other.quoted} p`;
  const rows = await query<{ readonly gone: number }>(`
    DELETE FROM ONLY ${table.quoted} t
    WHERE pg_catalog.num_nulls(${own.join(", ")}) = 0
      AND NOT EXISTS (SELECT FROM ${from} WHERE ${equal.join(" AND ")})
    RETURNING 1 AS gone`);
  return rows.length;
}
