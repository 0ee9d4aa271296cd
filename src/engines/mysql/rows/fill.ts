/** Fills a table row by row: values that the server refuses are changed until it takes the row. */

import { DatabaseError } from "../../../core/error.ts";
import { objectId } from "../../../core/snapshot.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { fold } from "../catalog/scope.ts";
import { quote, quoteList } from "../quote.ts";
import { candidatesOf } from "./candidates.ts";
import { documentsOf } from "./documents.ts";
import { asLiteral } from "./literals.ts";
import type { SeedColumn, SeedTable } from "./tables.ts";
import { targetOf } from "./tables.ts";
import { labelsOf, ordinaryValue, saltOf, type Shape, shapedValues } from "./values.ts";

/** How many combinations are tried for the first row of a table, and for one that is there for more. */
const MOST_TRIES = 160;
const FEW_TRIES = 24;

/** A row that is to be written. */
export interface RowPlan {
  readonly shape: Shape;
  /** Its number, from 1. */
  readonly row: number;
  /** Values of its own for a column of a type; the usual ones follow. */
  readonly special?: (type: string) => readonly string[];
}

/** Columns that get their values together, and those that they may get; `at` tells the present ones. */
export interface Slot {
  readonly columns: readonly string[];
  readonly values: readonly (readonly string[])[];
  at: number;
}

/** What is known of all tables, and of the values that stand in them by now. */
export interface Known {
  readonly database: ScratchDatabase;
  readonly tables: ReadonlyMap<string, SeedTable>;
  readonly later: ReadonlyMap<string, SeedTable>;
}

/** Whether rows that were just put in break something that the server does not look after; what, or null. */
export type Broken = () => Promise<string | null>;

/** Fills a table, in the order of the plans. Gives how many rows it took, and why the first one was refused. */
export async function fill(
  known: Known,
  table: SeedTable,
  { plans, broken }: { readonly plans: readonly RowPlan[]; readonly broken: Broken | null },
): Promise<{ readonly rows: number; readonly reason: string }> {
  if (table.columns.length === 0) return { rows: 0, reason: "it has no columns to write to" };
  const parents = await parentRows(known, table);
  const learned = new Map<string, number>();
  let rows = 0;
  let reason = "";
  for (const plan of plans) {
    const slots = slotsOf(known, table, { plan, parents });
    const first = rows === 0;
    if (plan.shape === "ordinary") {
      for (const slot of slots) slot.at = learned.get(slot.columns.join()) ?? 0;
    }
    const refusal = await fillRow(known.database, table, slots, {
      most: first ? MOST_TRIES : FEW_TRIES,
      broken,
    });
    if (refusal !== null) {
      if (reason === "") reason = refusal;
      if (first && plan.row >= 3) break;
      continue;
    }
    rows++;
    if (first) {
      for (const { columns, values, at } of slots) {
        const isRule = values.length - at > 0 && at > 0 &&
          !table.keys.flat().includes(columns[0] ?? "");
        if (isRule) learned.set(columns.join(), at);
      }
    }
  }
  return { rows, reason };
}

/** Tries values until the server takes the row. The last refusal, or null. */
export async function fillRow(
  database: ScratchDatabase,
  table: SeedTable,
  slots: readonly Slot[],
  { most, broken }: { readonly most: number; readonly broken: Broken | null },
): Promise<string | null> {
  let refusal = "";
  for (let tries = 0; tries < most; tries++) {
    const failed = await put(database, table, slots, broken);
    if (failed === null) return null;
    refusal = failed;
    if (!advance(blamed(table, slots, refusal))) break;
  }
  return refusal;
}

async function put(
  database: ScratchDatabase,
  table: SeedTable,
  slots: readonly Slot[],
  broken: Broken | null,
): Promise<string | null> {
  const names = slots.flatMap(({ columns }) => columns);
  const values = slots.flatMap(({ values, at }) => values[at] ?? []);
  try {
    if (broken !== null) await database.exec("SAVEPOINT aim_row");
    await database.exec(
      `INSERT INTO ${quote(table.name)} (${quoteList(names)}) VALUES (${values.join(", ")})`,
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error.message;
  }
  const refusal = await broken?.() ?? null;
  if (refusal !== null) await database.exec("ROLLBACK TO SAVEPOINT aim_row");
  return refusal;
}

/** True for what a database answers, and false for what ended it. */
export function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.name !== "EngineEndedError";
}

/** The slots that a refusal speaks of: all of them when it names none. */
function blamed(table: SeedTable, slots: readonly Slot[], refusal: string): readonly Slot[] {
  const words = new Set(
    [...refusal.matchAll(/[`'"]([^`'"]+)[`'"]/g)].flatMap(([, name = ""]) => [
      fold(name),
      fold(name.slice(name.lastIndexOf(".") + 1)),
    ]),
  );
  const ruled = table.rules.filter(({ name, text }) =>
    words.has(fold(name)) || refusal === text ||
    (name === "partition" && /partition/i.test(refusal))
  );
  const names = new Set([...ruled.flatMap(({ columns }) => [...columns]), ...words]);
  const found = slots.filter(({ columns }) => columns.some((name) => names.has(fold(name))));
  if (found.length > 0) return found;
  const inRules = new Set(table.rules.flatMap(({ columns }) => [...columns]));
  const some = slots.filter(({ columns }) => columns.some((name) => inRules.has(fold(name))));
  return some.length > 0 ? some : slots;
}

/** The next combination; false behind the last one. */
function advance(slots: readonly Slot[]): boolean {
  for (const slot of slots) {
    if (slot.at + 1 < slot.values.length) {
      slot.at++;
      return true;
    }
    slot.at = 0;
  }
  return false;
}

function slotsOf(
  known: Known,
  table: SeedTable,
  { plan, parents }: {
    readonly plan: RowPlan;
    readonly parents: ReadonlyMap<string, readonly (readonly string[])[]>;
  },
): readonly Slot[] {
  const slots: Slot[] = [];
  const done = new Set<string>();
  const column = (name: string) => table.columns.find((one) => fold(one.name) === fold(name));
  const mayBeNull = (one: SeedColumn) => !isRequired(known, table, one);
  for (const reference of table.references) {
    const own = reference.columns.map(column);
    if (own.some((one) => one === undefined || done.has(fold(one.name)))) continue;
    const found = parents.get(reference.columns.join()) ?? [];
    if (found.length === 0) continue;
    const at = (plan.row - 1) % found.length;
    const turned = [...found.slice(at), ...found.slice(0, at)];
    const nulls = own.map(() => "NULL");
    const isNullable = own.every((one) => one !== undefined && mayBeNull(one));
    const values = plan.shape === "nulls" && isNullable
      ? [nulls, ...turned]
      : isNullable
      ? [...turned, nulls]
      : turned;
    slots.push({ columns: own.map((one) => one?.name ?? ""), values, at: 0 });
    for (const one of own) done.add(fold(one?.name ?? ""));
  }
  const apart = new Set(plan.shape === "copy" ? table.keys.flatMap((key) => key.slice(0, 1)) : []);
  for (const one of table.columns) {
    if (done.has(fold(one.name))) continue;
    const isCopied = plan.shape === "copy" && !apart.has(fold(one.name));
    const usual = usualValues(known, table, { column: one, row: isCopied ? 1 : plan.row });
    const values = [
      ...plan.special?.(one.facts.type) ?? [],
      ...plan.shape === "nulls" && mayBeNull(one) ? ["NULL"] : [],
      ...laterType(known, table, one) === null ? shapedValues(plan.shape, one) : [],
      ...usual,
    ];
    slots.push({ columns: [one.name], values: values.map((value) => [value]), at: 0 });
  }
  return slots;
}

/** Values of an ordinary row for a column, best first. */
export function usualValues(
  known: Known,
  table: SeedTable,
  { column, row }: { readonly column: SeedColumn; readonly row: number },
): readonly string[] {
  const { root, path } = rootOf(known, table, column);
  const salt = saltOf(path);
  const later = laterType(known, table, column);
  const rules = table.rules.filter(({ columns }) => columns.has(fold(column.name)));
  const { type } = column.facts;
  const ahead = later === null
    ? []
    : labelsOf(type).length > 0 && labelsOf(later).length > 0
    ? turnedBy(labelsOf(later).filter((label) => labelsOf(type).includes(label)), row)
    : [ordinaryValue({ ...column, facts: { ...column.facts, type: later } }, salt, row)];
  return [
    ...ahead,
    ...root === column ? documentsOf(rules, row) : [],
    ordinaryValue(root, salt, row),
    ...root === column ? [] : [ordinaryValue(column, salt, row)],
    ...candidatesOf(type, rules, row),
    ...isRequired(known, table, column) ? [] : ["NULL"],
  ];
}

function turnedBy<T>(list: readonly T[], row: number): readonly T[] {
  const at = list.length === 0 ? 0 : row % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function laterType({ later }: Known, table: SeedTable, column: SeedColumn): string | null {
  const type = laterColumn(later, table, column)?.facts.type;
  return type === undefined || type === column.facts.type ? null : type;
}

function laterColumn(
  later: Known["later"],
  table: SeedTable,
  { name }: SeedColumn,
): SeedColumn | undefined {
  return later.get(table.id)?.columns.find((one) => fold(one.name) === fold(name));
}

function isRequired({ later }: Known, table: SeedTable, column: SeedColumn): boolean {
  const { not_null, auto_increment } = column.facts;
  return not_null === true || auto_increment === true ||
    laterColumn(later, table, column)?.facts.not_null === true;
}

/** What a column refers to in the end, itself where it refers to nothing. */
function rootOf(
  { tables }: Known,
  table: SeedTable,
  column: SeedColumn,
): { readonly root: SeedColumn; readonly path: string } {
  let [owner, root] = [table, column];
  const passed = new Set<SeedColumn>();
  while (!passed.has(root)) {
    passed.add(root);
    for (const reference of owner.references) {
      const at = reference.columns.findIndex((name) => fold(name) === fold(root.name));
      const parent = at < 0 ? undefined : tables.get(targetOf(reference));
      const target = parent?.columns.find(({ name }) =>
        fold(name) === fold(reference.references[at] ?? "")
      );
      if (parent === undefined || target === undefined) continue;
      [owner, root] = [parent, target];
      break;
    }
  }
  return { root, path: `${owner.name}.${fold(root.name)}` };
}

/** Values that rows of other tables have, by the columns that refer to them; none of the table itself. */
async function parentRows(
  { database, tables }: Known,
  table: SeedTable,
): Promise<ReadonlyMap<string, readonly (readonly string[])[]>> {
  const found = new Map<string, readonly (readonly string[])[]>();
  for (const reference of table.references) {
    const parent = tables.get(targetOf(reference));
    if (parent === undefined || parent.id === objectId("table", table.name)) continue;
    if (parent.id === table.id) continue;
    const values = reference.references.map((name, at) => {
      const type = parent.columns.find((one) => fold(one.name) === fold(name))?.facts.type ?? "";
      return `${asLiteral(quote(name), type)} AS c${at}`;
    });
    const where = reference.references.map((name) => `${quote(name)} IS NOT NULL`).join(" AND ");
    try {
      const rows = await database.query<Record<string, string>>(
        `SELECT ${values.join(", ")} FROM ${quote(parent.name)} WHERE ${where} LIMIT 40`,
      );
      found.set(
        reference.columns.join(),
        rows.map((row) => reference.references.map((_, at) => row[`c${at}`] ?? "NULL")),
      );
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return found;
}
