/** Writes what a Postgres schema takes after a change and did not take before. */

import type { NewData } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { SeedAfterOptions } from "../../engine.ts";
import { isOf, type PostgresSnapshot, postgresSnapshot, type Table } from "../objects.ts";
import { type NewRow, newRows } from "./differences.ts";
import { setReplicationRole } from "./replication_role.ts";
import { type Filled, fillTable } from "./fill_table.ts";
import { type Group, groupsOf } from "./groups.ts";
import { type Check, idOf, readTables, type SeedTable } from "./read_tables.ts";
import { type Query, readTypes } from "./read_types.ts";
import { membersOf, type ReferenceUnit, referenceUnits, ReferredKeys } from "./references.ts";
import { advanceSequences } from "./sequences.ts";
import { canAsk, unlessEnded } from "./solve.ts";
import { ColumnTexts, type RowPlan, saltsOf } from "./row_plan.ts";
import { withValidDomains } from "./valid_domains.ts";

/** Ordinary values of these rows are beyond those of the rows that are there. */
const FIRST = 1007;

/** A row for each thing that is newly possible, in every given table that was there before; what it refers to is there. Triggers and rules are off. */
export async function seedAfter(
  database: ScratchDatabase,
  options: SeedAfterOptions,
): Promise<readonly NewData[]> {
  const query: Query = (sql) => database.query(sql);
  const before = postgresSnapshot(options.before);
  const after = postgresSnapshot(options.after);
  const wanted = changedTables(before, after, options.tables);
  if (wanted.length === 0) return [];
  const tables = await readTables(query, new Set(wanted.map(({ id }) => id)));
  const types = await readTypes(
    query,
    tables.flatMap(({ columns, generated }) => [...columns, ...generated].map(({ type }) => type)),
  );
  const writing = new Writing(query, {
    before,
    after,
    tables,
    texts: new ColumnTexts(await withValidDomains(query, types), saltsOf(tables)),
  });
  const always = tables.flatMap((table) => table.always);
  await setReplicationRole(query, "replica");
  for (const { off } of always) await query(off);
  const written: NewData[] = [];
  for (const table of wanted) {
    await unlessEnded(async () => {
      written.push(...await writing.write(table));
    });
  }
  for (const { on } of always) await query(on);
  if (written.length > 0) await advanceSequences(query, tables.map(({ oid }) => oid));
  await setReplicationRole(query, "origin");
  return written;
}

/** Tables that are in both schemas. */
function changedTables(
  before: PostgresSnapshot,
  after: PostgresSnapshot,
  ids: ReadonlySet<string> | undefined,
): readonly Table[] {
  return [...after.objects.values()].filter((object) => isOf(object, "table"))
    .filter(({ id }) => (ids?.has(id) ?? true) && before.objects.has(id));
}

interface Written {
  readonly before: PostgresSnapshot;
  readonly after: PostgresSnapshot;
  readonly tables: readonly SeedTable[];
  readonly texts: ColumnTexts;
}

class Writing {
  readonly #query: Query;
  readonly #input: Written;
  #number = FIRST;

  constructor(query: Query, input: Written) {
    this.#query = query;
    this.#input = input;
  }

  /** The rows of a table; those of a partitioned one go into the first of its partitions that takes them. */
  async write({ id, name }: Table): Promise<readonly NewData[]> {
    const { before, after, tables, texts } = this.#input;
    const table = tables.find((one) => idOf(one) === id);
    if (table === undefined) return [];
    const members = membersOf(tables).get(table.oid) ?? [];
    const root = tables.find(({ oid }) => oid === table.root);
    // What the partitioned table takes as well is written there.
    const known = new Set(
      root === undefined || root === table
        ? []
        : newRows(idOf(root), { table: root, before, after, texts }).map(keyOf),
    );
    const written: NewData[] = [];
    for (const row of newRows(id, { table, before, after, texts })) {
      if (known.has(keyOf(row))) continue;
      for (const member of members.slice(0, MOST_PARTITIONS)) {
        const value = await this.#writeRow(member, row);
        if (value === null) continue;
        const [column, ...others] = row.columns;
        written.push({
          table: id,
          tableName: name,
          column: others.length > 0 ? null : column ?? null,
          kind: row.kind,
          value,
        });
        break;
      }
    }
    return written;
  }

  /** SQL of what was written; null where the table does not take it. */
  async #writeRow(table: SeedTable, row: NewRow): Promise<string | null> {
    const only = await this.#only(table, row);
    if (only === null) return null;
    const checks: readonly Check[] = row.broken === undefined ? [] : [{
      name: "",
      expression: `(${row.broken}) IS FALSE`,
      columns: row.columns,
    }];
    if (row.broken !== undefined && !await canAsk(this.#query, table, row.broken)) return null;
    const { rows } = await this.#fill(table, { only, checks });
    const [filled] = rows;
    if (filled === undefined) return null;
    const values = row.columns.map((name) => short(filled.values.get(name) ?? "DEFAULT"));
    return values.length === 1 ? values.join() : `(${values.join(", ")})`;
  }

  /** Which values the columns must have; null where there are none. */
  async #only(
    table: SeedTable,
    row: NewRow,
  ): Promise<ReadonlyMap<string, readonly string[]> | null> {
    const [column = ""] = row.columns;
    if (row.values !== null) return new Map([[column, row.values]]);
    if (row.isOrphan === true) {
      const { texts } = this.#input;
      return new Map(
        table.columns.filter(({ name }) => row.columns.includes(name))
          .map((one) => [one.name, texts.ordinary(table, one, 50_000 + this.#number)]),
      );
    }
    if (row.isDuplicate !== true) return new Map();
    const found = await this.#existing(table, row.columns);
    return found === null
      ? null
      : new Map(row.columns.map((name, at) => [name, [found[at] ?? "NULL"]]));
  }

  /** Values that a row has, which is put in where there is none. */
  async #existing(table: SeedTable, columns: readonly string[]): Promise<readonly string[] | null> {
    const wanted = { table: table.oid, others: columns, columns };
    const read = async () =>
      (await new ReferredKeys(this.#query, this.#input.tables).of(wanted, table))[0] ?? null;
    const found = await read();
    if (found !== null) return found;
    await this.#fill(table, { only: new Map(), checks: [] });
    return await read();
  }

  async #fill(
    table: SeedTable,
    { only, checks }: {
      readonly only: ReadonlyMap<string, readonly string[]>;
      readonly checks: readonly Check[];
    },
  ): Promise<Filled> {
    const { texts } = this.#input;
    const plan: RowPlan = {
      number: this.#number++,
      wanted: () => [],
      only: ({ name }) => only.get(name) ?? null,
    };
    const groups = await groupsOf({
      query: this.#query,
      table,
      texts,
      references: await this.#references(table),
      checks,
      better: () => [],
      takes: () => true,
      plans: [plan],
    });
    if (checks.length > 0 && !isBrokenBy(groups, checks)) return NOTHING;
    return await fillTable({ query: this.#query, table, groups, plans: [plan] });
  }

  async #references(table: SeedTable): Promise<readonly ReferenceUnit[]> {
    const keys = new ReferredKeys(this.#query, this.#input.tables);
    return await referenceUnits(table, table.references, {
      keysOf: (reference) => keys.of(reference, table),
      texts: this.#input.texts,
    });
  }
}

function keyOf({ kind, columns }: NewRow): string {
  return JSON.stringify([kind, columns]);
}

const MOST_PARTITIONS = 3;
const NOTHING: Filled = { rows: [], reason: "" };

/** Without the server's word on the condition, nothing says that the values break it. */
function isBrokenBy(groups: readonly Group[], checks: readonly Check[]): boolean {
  const names = checks.flatMap(({ columns }) => columns);
  return groups.filter(({ columns }) => columns.some((name) => names.includes(name)))
    .every(({ isSolved }) => isSolved);
}

/** The longest value that is shown as it is. */
const MOST_SHOWN = 60;

function short(sql: string): string {
  if (sql.length <= MOST_SHOWN) return sql;
  const [, char] = /^'(.)\1+'$/su.exec(sql) ?? [];
  if (char !== undefined) return `repeat('${char}', ${[...sql].length - 2})`;
  return `${sql.slice(0, MOST_SHOWN)}...'`;
}
