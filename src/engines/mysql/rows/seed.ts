/** Puts rows into the tables of a MySQL or MariaDB database. */

import { lastName } from "../../../core/name.ts";
import { literalsOf, type Seeded } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { SeedOptions } from "../../engine.ts";
import { inspect } from "../inspect.ts";
import { literal, quote } from "../quote.ts";
import { fold } from "../catalog/scope.ts";
import { brokenAhead } from "./ahead.ts";
import { fill, type Known, type RowPlan } from "./fill.ts";
import { mendReferences } from "./references.ts";
import { aheadOf, type SeedTable, seedTables, targetOf } from "./tables.ts";
import { withoutTriggers } from "./triggers.ts";
import { baseOf, type Shape } from "./values.ts";

/** What rows there are of a table: what a change asks for, or all that the schema lets in. */
const FITTING: readonly Shape[] = [
  "ordinary",
  "ordinary",
  "ordinary",
  "nulls",
  "high",
  "low",
  "copy",
];
const ALL: readonly Shape[] = [...FITTING, "odd", "blank"];

/** Keys are looked after by this code; a value that a type cannot hold is refused. */
export const SESSION =
  "SET SESSION foreign_key_checks = 0, SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', SESSION time_zone = '+00:00'";

/** See `Rows.seed`. */
export async function seed(database: ScratchDatabase, options: SeedOptions = {}): Promise<Seeded> {
  const all = seedTables(await inspect(database, { ignoreTables: [] }));
  const later = options.expected === undefined
    ? new Map<string, SeedTable>()
    : seedTables(options.expected);
  const tables = new Map([...all].map(([id, table]) => [id, aheadOf(table, later.get(id))]));
  await database.exec(SESSION);
  const wanted = parentsFirst(await withParents(database, tables, options.tables), tables);
  const plans = plansOf(options);
  const known: Known = { database, tables, later };
  const { result, off } = await withoutTriggers(
    database,
    wanted,
    () => fillTables(known, wanted, plans),
  );
  if (off.length === 0) return result;
  const [count, word] = [off.length, off.length === 1 ? "trigger" : "triggers"];
  return { ...result, off, notes: [`${count} ${word} did not fire while rows were put in`] };
}

async function fillTables(
  known: Known,
  tables: readonly SeedTable[],
  plans: readonly RowPlan[],
): Promise<Seeded> {
  const { database, later } = known;
  const filled = new Map<string, { readonly rows: number; readonly reason: string }>();
  await database.exec("START TRANSACTION");
  for (const table of tables) {
    const ahead = later.get(table.id);
    const broken = ahead === undefined ? null : brokenAhead(database, ahead);
    filled.set(
      table.id,
      KEEPS_NOTHING.test(table.storage)
        ? { rows: 0, reason: `its engine ${table.storage} keeps no rows` }
        : await fill(known, table, { plans, broken }),
    );
  }
  for (const [id, counted] of await mendReferences(database, tables, known.tables)) {
    const reason = "no row has what it refers to";
    filled.set(id, { rows: counted, reason });
  }
  await database.exec("COMMIT");
  const rowsOf = ({ id }: SeedTable) => filled.get(id)?.rows ?? 0;
  return {
    rows: tables.reduce((sum, table) => sum + rowsOf(table), 0),
    tables: tables.filter((table) => rowsOf(table) > 0).map(({ id }) => id),
    empty: tables.filter((table) => rowsOf(table) === 0).map(({ id, name }) => ({
      table: name,
      reason: filled.get(id)?.reason ?? "",
    })),
  };
}

const KEEPS_NOTHING = /^(?:BLACKHOLE|FEDERATED|CONNECT)$/i;

/** A row of each shape, and one for each string and each number of the statements. */
function plansOf({ expected, statements = [] }: SeedOptions): readonly RowPlan[] {
  const { texts, numbers } = literalsOf(statements);
  const special = [
    ...texts.map((text) => (type: string) => TEXT.test(baseOf(type)) ? [literal(text)] : []),
    ...numbers.map((value) => (type: string) => NUMBER.test(baseOf(type)) ? [String(value)] : []),
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

const TEXT = /char|text|enum|set/;
const NUMBER = /int|decimal|float|double/;

/** Tables with the ids, and those without rows that they cannot do without. */
async function withParents(
  database: ScratchDatabase,
  tables: ReadonlyMap<string, SeedTable>,
  ids: ReadonlySet<string> | undefined,
): Promise<readonly SeedTable[]> {
  if (ids === undefined) return [...tables.values()];
  const wanted = new Set([...ids].filter((id) => tables.has(id)));
  for (const id of wanted) {
    const { columns = [], references = [] } = tables.get(id) ?? {};
    for (const reference of references) {
      const parent = tables.get(targetOf(reference));
      const isNeeded = reference.columns.every((name) =>
        columns.some((one) => fold(one.name) === fold(name) && one.facts.not_null === true)
      );
      if (parent === undefined || !isNeeded || wanted.has(parent.id)) continue;
      const rows = await database.query(`SELECT 1 FROM ${quote(lastName(parent.name))} LIMIT 1`);
      if (rows.length === 0) wanted.add(parent.id);
    }
  }
  return [...wanted].flatMap((id) => tables.get(id) ?? []);
}

/** What is referred to stands before what refers to it, but for cycles. */
function parentsFirst(
  wanted: readonly SeedTable[],
  tables: ReadonlyMap<string, SeedTable>,
): readonly SeedTable[] {
  const mine = new Set(wanted);
  const order = new Set<SeedTable>();
  const begun = new Set<SeedTable>();
  for (const start of wanted) {
    const stack = [start];
    for (let table = stack.at(-1); table !== undefined; table = stack.at(-1)) {
      begun.add(table);
      const next = table.references.map((reference) => tables.get(targetOf(reference)))
        .find((parent) => parent !== undefined && mine.has(parent) && !begun.has(parent));
      if (next !== undefined) stack.push(next);
      else order.add(stack.pop() ?? table);
    }
  }
  return [...order];
}
