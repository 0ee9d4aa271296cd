/** Puts rows into the tables of a SQLite database. */

import { literalsOf, type Seeded } from "../../../core/observation.ts";
import { objectId, type Snapshot } from "../../../core/snapshot.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { SeedOptions } from "../../engine.ts";
import { literal } from "../quote.ts";
import { fold } from "../tokens.ts";
import { columnsOf } from "./columns.ts";
import { type Expected, expectedOf, NOTHING_EXPECTED } from "./expected.ts";
import { type Columns, fill, ORDINARY, type RowPlan } from "./fill.ts";
import { always } from "./names.ts";
import { mendReferences } from "./references.ts";
import { readSeedTables, type SeedTable, type SeedVirtualTable } from "./tables.ts";
import { fillVirtual } from "./virtual.ts";
import type { Shape } from "./values.ts";
import { withoutTriggers } from "./without_triggers.ts";

/** What rows there are of a table: what a change asks for, or all that the schema lets in. */
const FITTING: readonly Shape[] = [
  ...Array<Shape>(ORDINARY).fill("ordinary"),
  "nulls",
  "high",
  "low",
  "copy",
];
const ALL: readonly Shape[] = [...FITTING, "odd", "other"];

/** Puts rows into the tables, without a look at foreign keys and without firing triggers; what refers has what it refers to. */
export async function seed(database: ScratchDatabase, options: SeedOptions = {}): Promise<Seeded> {
  const { tables, virtual } = await withParents(database, options.tables);
  const plans = plansOf(options);
  const { result, triggers } = await withoutTriggers(
    database,
    () => fillTables(database, { tables, virtual, plans, expected: options.expected }),
  );
  if (triggers === 0) return result;
  return { ...result, notes: [silentTriggers(triggers)] };
}

/** A row of each shape, and one for each string and each number of the statements. */
function plansOf({ expected, statements = [] }: SeedOptions): readonly RowPlan[] {
  const { texts, numbers } = literalsOf(statements);
  const special = [
    ...texts.map((text) => (type: string) => NUMERIC.test(type) ? [] : [literal(text)]),
    ...numbers.map((value) => (type: string) => NUMERIC.test(type) ? [String(value)] : []),
  ];
  const shapes = expected === undefined ? ALL : FITTING;
  return [
    ...shapes.map((shape, at): RowPlan => ({ shape, row: at + 1 })),
    ...special.map((special, at): RowPlan => ({
      shape: "ordinary",
      row: ALL.length + at + 1,
      special,
    })),
  ];
}

const NUMERIC = /INT|NUM|REAL|FLOA|DOUB|DEC/;

async function fillTables(
  database: ScratchDatabase,
  { tables, virtual, plans, expected }: {
    readonly tables: readonly SeedTable[];
    readonly virtual: readonly SeedVirtualTable[];
    readonly plans: readonly RowPlan[];
    readonly expected: Snapshot | undefined;
  },
): Promise<Seeded> {
  const columns: Columns = columnsOf(tables, expected);
  const filled = new Map<string, { readonly rows: number; readonly reason: string }>();
  for (const table of parentsFirst(tables)) {
    const ahead: Expected = expected === undefined ? NOTHING_EXPECTED : expectedOf(table, expected);
    filled.set(table.name, await fill(database, table, { plans, columns, expected: ahead }));
  }
  for (const [name, reason] of await mendReferences(database, tables)) {
    const [row] = await database.query<{ readonly count: number }>(
      `SELECT count(*) AS count FROM ${always(name)}`,
    );
    filled.set(name, { rows: Number(row?.count ?? 0), reason });
  }
  for (const table of virtual) filled.set(table.name, await fillVirtual(database, table));
  const taken = ({ name }: { readonly name: string }) => filled.get(name)?.rows ?? 0;
  return {
    rows: [...filled.values()].reduce((sum, { rows }) => sum + rows, 0),
    tables: [...tables, ...virtual].filter((table) => taken(table) > 0).map(({ id }) => id),
    empty: [...tables, ...virtual].filter((table) => taken(table) === 0)
      .map(({ name }) => ({ table: name, reason: filled.get(name)?.reason ?? "" })),
  };
}

/** Tables with the ids, and those without rows that they cannot do without. */
async function withParents(database: ScratchDatabase, ids: ReadonlySet<string> | undefined) {
  let wanted = ids;
  for (;;) {
    const found = await readSeedTables(database, wanted);
    if (wanted === undefined) return found;
    const known = wanted;
    const parents = new Set(found.tables.flatMap(requiredParents).filter((id) => !known.has(id)));
    const empty = await withoutRows(database, parents);
    if (empty.length === 0) return found;
    wanted = new Set([...known, ...empty]);
  }
}

function requiredParents({ columns, references }: SeedTable): readonly string[] {
  return references.filter((reference) =>
    reference.columns.every((name) =>
      columns.some((column) => column.name === name && column.isRequired)
    )
  ).map(({ table }) => objectId("table", fold(table)));
}

async function withoutRows(
  database: ScratchDatabase,
  ids: ReadonlySet<string>,
): Promise<readonly string[]> {
  const empty: string[] = [];
  for (const { id, name } of ids.size === 0 ? [] : (await readSeedTables(database, ids)).tables) {
    const rows = await database.query(`SELECT 1 FROM ${always(name)} LIMIT 1`);
    if (rows.length === 0) empty.push(id);
  }
  return empty;
}

/** What is referred to stands before what refers to it, but for cycles. */
function parentsFirst(tables: readonly SeedTable[]): readonly SeedTable[] {
  const byName = new Map(tables.map((table) => [fold(table.name), table]));
  const order = new Set<SeedTable>();
  const begun = new Set<SeedTable>();
  for (const start of tables) {
    const stack = [start];
    for (let table = stack.at(-1); table !== undefined; table = stack.at(-1)) {
      begun.add(table);
      const next = table.references.map((reference) => byName.get(fold(reference.table)))
        .find((parent) => parent !== undefined && !begun.has(parent));
      if (next !== undefined) stack.push(next);
      else order.add(stack.pop() ?? table);
    }
  }
  return [...order];
}

function silentTriggers(count: number): string {
  return `${count} ${count === 1 ? "trigger" : "triggers"} did not fire while rows were put in`;
}
