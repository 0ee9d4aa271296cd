/** Fills a table: all rows at once where the server takes them, else one after the other with values that it does not refuse. */

import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { fold, tokenize } from "../tokens.ts";
import { candidatesOf, documentsOf } from "./candidates.ts";
import { type Expected, isRefusal, NOTHING_EXPECTED } from "./expected.ts";
import { always, alwaysList, columnKey } from "./names.ts";
import type { SeedColumn, SeedTable } from "./tables.ts";
import { ordinaryValues, ownNumber, type Shape, shapedValues } from "./values.ts";

/** How many combinations are tried for an ordinary row, and for one that is there for more. */
const MOST_TRIES = 120;
const FEW_TRIES = 24;
/** Milliseconds after which no more of them are tried. */
const MOST_TIME = 10_000;

/** So many ordinary rows stand first. */
export const ORDINARY = 3;

/** A row that is to be written. */
export interface RowPlan {
  readonly shape: Shape;
  /** Its number, from 1. */
  readonly row: number;
  /** Values of its own for a column of a type; the usual ones follow. */
  readonly special?: (type: string) => readonly string[];
}

/** What is known of the columns of all tables. */
export interface Columns {
  /** A number for each; columns that keys join have the same. */
  salt(table: string, column: SeedColumn): number;
  /** What a column refers to in the end, itself where it refers to nothing. */
  root(table: string, column: SeedColumn): SeedColumn;
  /** Which of its candidates passed, by the key of a column. */
  readonly learned: Map<string, number>;
}

/** Values that a column of a row may get, and which is the present one. */
export interface Slot {
  readonly column: SeedColumn;
  readonly values: readonly string[];
  at: number;
}

/** Fills a table. Gives how many rows it took, and why the first one was refused. */
export async function fill(
  database: ScratchDatabase,
  table: SeedTable,
  { plans, columns, expected }: {
    readonly plans: readonly RowPlan[];
    readonly columns: Columns;
    readonly expected: Expected;
  },
): Promise<{ readonly rows: number; readonly reason: string }> {
  if (table.columns.length === 0) return { rows: 0, reason: "it has no columns to write to" };
  const slots = (plan: RowPlan) => slotsOf(table, plan, { columns, expected });
  const [first, ...others] = plans;
  if (first === undefined) return { rows: 0, reason: "" };
  let rest = plans;
  let rows = 0;
  if (table.rules.length > 0) {
    const own = slots(first);
    const reason = await fillRow(database, table, own, { expected, most: MOST_TRIES });
    if (reason !== null) return { rows: 0, reason };
    learn(table, own, columns);
    [rest, rows] = [others, 1];
  }
  const all = rest.map(slots);
  if (await fillAll(database, table, all, expected)) return { rows: rows + all.length, reason: "" };
  let reason = "";
  for (const [at, own] of all.entries()) {
    const most = rest[at]?.shape === "ordinary" && rows === 0 ? MOST_TRIES : FEW_TRIES;
    const refusal = await fillRow(database, table, own, { expected, most });
    if (refusal === null) rows++;
    else if (reason === "") reason = refusal;
    if (rows === 0) break;
  }
  return { rows, reason };
}

function slotsOf(
  table: SeedTable,
  plan: RowPlan,
  { columns, expected }: { readonly columns: Columns; readonly expected: Expected },
): readonly Slot[] {
  const apart = plan.shape === "copy" ? columnsApart(table) : new Set<string>();
  return table.columns.map((column) => {
    const root = columns.root(table.name, column);
    const salt = columns.salt(table.name, column);
    const isCopied = plan.shape === "copy" && !apart.has(column.name);
    const fits = expected.typeOf(column) === undefined;
    // What is to have another type refers to an ordinary row.
    const isOrdinary = !fits && root !== column && plan.shape !== "ordinary";
    const row = isCopied ? 1 : isOrdinary ? (plan.row - 1) % ORDINARY + 1 : plan.row;
    const usual = usualValues(table, column, { columns, expected, row });
    const isNull = plan.shape === "nulls" && !column.isRequired && !column.isRowid &&
      !expected.isRequired(column);
    const { type, isStrict, isRowid } = root;
    const values = [
      ...plan.special?.(type) ?? [],
      ...isNull ? ["NULL"] : [],
      ...fits ? shapedValues(plan.shape, { type, isStrict, isRowid, salt, row }) : [],
      ...usual,
    ];
    return { column, values, at: 0 };
  });
}

/** Columns in which a row must differ from one that it is a copy of: one of each key. */
function columnsApart(table: SeedTable): ReadonlySet<string> {
  const referring = new Set(table.references.flatMap(({ columns }) => columns));
  const apart = new Set<string>();
  for (const key of table.keys) {
    if (key.some((name) => apart.has(name))) continue;
    const [name] = [...key.filter((one) => !referring.has(one)), ...key];
    if (name !== undefined) apart.add(name);
  }
  return apart;
}

/** Values of an ordinary row, best first: those that passed before. */
export function usualValues(
  table: SeedTable,
  column: SeedColumn,
  { columns, expected, row }: {
    readonly columns: Columns;
    readonly expected: Expected;
    readonly row: number;
  },
): readonly string[] {
  const root = columns.root(table.name, column);
  const salt = columns.salt(table.name, column);
  const later = expected.typeOf(column);
  const of = ({ type, isStrict, isRowid }: SeedColumn) =>
    ordinaryValues({ type, isStrict, isRowid, salt, row });
  const rules = [
    ...root === column ? [] : root.rules,
    ...column.rules,
    ...expected.rules(column),
  ];
  const own = ownNumber({ salt, row });
  const values = [
    ...later === undefined ? [] : of({ ...column, type: later }),
    ...documentsOf(rules, own),
    ...of(root),
    ...root === column ? [] : of(column),
    ...candidatesOf(rules, own),
    ...column.isRequired || column.isRowid || expected.isRequired(column) ? [] : ["NULL"],
  ];
  const passed = columns.learned.get(columnKey(table.name, column.name)) ?? 0;
  return passed === 0 ? values : [values[passed] ?? "NULL", ...values];
}

function learn(table: SeedTable, slots: readonly Slot[], { learned }: Columns): void {
  for (const { column, at } of slots) {
    if (at > 0) learned.set(columnKey(table.name, column.name), at);
  }
}

/** True when the server took the first choice of all of them. */
async function fillAll(
  database: ScratchDatabase,
  table: SeedTable,
  all: readonly (readonly Slot[])[],
  expected: Expected,
): Promise<boolean> {
  const inserts = all.map((slots) => insertOf(table, slots));
  return await kept(database, inserts, expected) === null;
}

/** Tries values until the server takes the row: after a refusal those that it speaks of are changed. The last refusal, or null. */
export async function fillRow(
  database: ScratchDatabase,
  table: SeedTable,
  slots: readonly Slot[],
  { expected, most }: { readonly expected: Pick<Expected, "broken">; readonly most: number },
): Promise<string | null> {
  let refusal = "";
  const end = performance.now() + MOST_TIME;
  for (let tries = 0; tries < most; tries++) {
    const failed = await kept(database, [insertOf(table, slots)], expected);
    if (failed === null) return null;
    refusal = failed;
    if (!advance(blamed(table, slots, refusal)) || performance.now() > end) break;
  }
  return refusal;
}

/** Runs statements, and undoes them where the server refuses one or the rows then break what is ahead; the refusal, or null. */
async function kept(
  database: ScratchDatabase,
  statements: readonly string[],
  { broken }: Pick<Expected, "broken">,
): Promise<string | null> {
  const isCertain = broken === NOTHING_EXPECTED.broken;
  const ending = isCertain ? ["RELEASE aim_row"] : [];
  let refusal: string | null = null;
  try {
    await database.exec(["SAVEPOINT aim_row", ...statements, ...ending].join("; "));
    if (!isCertain) refusal = await broken(database);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    refusal = error.message;
  }
  if (refusal !== null) await database.exec("ROLLBACK TO aim_row; RELEASE aim_row");
  else if (!isCertain) await database.exec("RELEASE aim_row");
  return refusal;
}

/** Whatever the constraints say of conflicts: refused, and nothing else. */
function insertOf({ name }: SeedTable, slots: readonly Slot[]): string {
  const names = alwaysList(slots.map(({ column }) => column.name));
  const values = slots.map(({ values, at }) => values[at] ?? "NULL").join(", ");
  return `INSERT OR ABORT INTO ${always(name)} (${names}) VALUES (${values})`;
}

/** The slots that a refusal speaks of: all of them when it names none. */
function blamed(table: SeedTable, slots: readonly Slot[], refusal: string): readonly Slot[] {
  const names = blamedNames(table, refusal);
  const found = slots.filter(({ column }) => names.has(fold(column.name)));
  const referring = new Set(table.references.flatMap(({ columns }) => columns));
  const order = [
    ...found.filter(({ column }) => !referring.has(column.name)),
    ...found.filter(({ column }) => referring.has(column.name)),
  ];
  return order.length > 0 ? order : slots;
}

function blamedNames(table: SeedTable, refusal: string): ReadonlySet<string> {
  const told = /^(?:UNIQUE|NOT NULL) constraint failed: (.*)$/s.exec(refusal)?.[1];
  if (told !== undefined) {
    const qualified = (names: readonly string[]) =>
      names.map((name) => `${table.name}.${name}`).join(", ");
    const key = [...table.keys, ...table.columns.map(({ name }) => [name])]
      .find((names) => qualified(names) === told);
    if (key !== undefined) return new Set(key.map(fold));
    const index = table.rules.find(({ name }) => name !== null && told === `index '${name}'`);
    if (index !== undefined) return index.columns;
  }
  const check = /^CHECK constraint failed: (.*)$/s.exec(refusal)?.[1];
  if (check !== undefined) {
    const rule = table.rules.find(({ kind, name, text }) =>
      kind === "check" && (name === check || (name === null && text === check.trim()))
    );
    return rule?.columns ?? namesOf(check);
  }
  const strict = /^cannot store .* value in .* column (.*)$/s.exec(refusal)?.[1];
  if (strict !== undefined) return new Set([fold(strict.slice(table.name.length + 1))]);
  if (refusal === "datatype mismatch") {
    return new Set(
      table.columns.filter(({ isRowid }) => isRowid).map(({ name }) => fold(name)),
    );
  }
  const computed = table.rules.filter(({ kind }) => kind === "computed");
  const named = [...namesOf(refusal), ...computed.flatMap(({ columns }) => [...columns])];
  return new Set(named);
}

/** What may be names in a text: of a rule that is ahead, of an error in an expression. */
function namesOf(text: string): ReadonlySet<string> {
  return new Set(tokenize(text).map(({ value }) => fold(value)));
}

/** The next combination of the slots' values; false when there is none. */
function advance(slots: readonly Slot[]): boolean {
  for (const slot of slots) {
    slot.at += 1;
    if (slot.at < slot.values.length) return true;
    slot.at = 0;
  }
  return false;
}
