/** Which tables were there before a migration: what it makes itself, nobody uses yet. */

import { lastName } from "../core/name.ts";
import type { Operation } from "../core/operation.ts";
import type { ColumnShape, TableShape } from "../core/shape.ts";
import type { Examined, ExaminedStatement } from "./rule.ts";

/** An operation with its statement and what was there of its table. */
export interface Touch {
  readonly statement: ExaminedStatement;
  readonly operation: Operation;
  /** The table as it was before the migration; null for one that the migration makes, or that is not known. */
  readonly table: TableShape | null;
  /** True for an object, of whatever kind, that an earlier statement of the migration made. */
  readonly isNew: boolean;
}

/** All operations in order, each with its table as it was before. Renames within the migration are followed. */
export function touches(migration: Examined): readonly Touch[] {
  const { before, nameKey } = migration;
  const origins = new Map<string, TableShape | null>();
  const find = (name: string): TableShape | null => {
    const key = nameKey(name);
    const known = origins.get(key);
    return known !== undefined ? known : tableNamed(before, name, nameKey);
  };
  const made = new Set<string>();
  const found: Touch[] = [];
  for (const statement of migration.statements) {
    for (const operation of statement.operations) {
      const { action, kind, on, newName } = operation;
      const table = on === "" ? null : find(on);
      const isNew = made.has(objectKey(kind, on, nameKey));
      found.push({ statement, operation, table, isNew });
      if (action === "create" && operation.isConditional !== true) {
        const name = kind === "index" ? operation.name ?? "" : on;
        made.add(objectKey(kind, name, nameKey));
      }
      if (kind !== "table") continue;
      if (action === "set-schema" && newName !== undefined) {
        origins.set(nameKey(`${newName}.${lastName(on)}`), table);
      }
      if (action === "create" && operation.isConditional !== true) origins.set(nameKey(on), null);
      if (action === "create" && operation.isConditional === true && table === null) {
        origins.set(nameKey(on), null);
      }
      if (action === "rename" && newName !== undefined) {
        origins.set(nameKey(newName), table);
        origins.set(nameKey(renamed(on, newName)), table);
      }
    }
  }
  return found;
}

/** A table that was dropped and stands there again with its rows copied, as SQLite wants it for what ALTER TABLE cannot do. */
export interface Rebuild {
  /** The statement that drops the old table. */
  readonly statement: ExaminedStatement;
  readonly table: TableShape;
  readonly after: TableShape;
  /** Columns that were copied into others, by name. */
  readonly renames: ReadonlyMap<string, string>;
}

/** The rebuilds of a migration: rows were copied into a new table that has the old one's name in the end. */
export function rebuilds(migration: Examined): readonly Rebuild[] {
  const { after, nameKey, statements } = migration;
  const all = statements.flatMap(({ operations }) => operations);
  const isFilled = (name: string) =>
    all.some(({ action, on }) => action === "insert" && nameKey(on) === nameKey(name));
  return onOldTables(migration).flatMap(({ statement, operation, table }) => {
    if (operation.action !== "drop" || operation.kind !== "table") return [];
    const now = after.find(({ id }) => id === table.id);
    const own = nameKey(lastName(table.name));
    const isBack = all.some(({ action, kind, on, newName }) =>
      kind === "table" &&
      ((action === "rename" && nameKey(newName ?? "") === own && isFilled(on)) ||
        (action === "create" && nameKey(lastName(on)) === own && isFilled(on)))
    );
    if (now === undefined || !isBack) return [];
    return [{ statement, table, after: now, renames: copiedInto(table, now, all) }];
  });
}

/** Columns that are not in the new table and whose values were copied into one that was not in the old. */
function copiedInto(
  table: TableShape,
  after: TableShape,
  all: readonly Operation[],
): ReadonlyMap<string, string> {
  const has = ({ columns }: TableShape, name: string) => columns.some((one) => one.name === name);
  const pairs = all.flatMap(({ action, reads = [], writes }) => {
    if (action !== "insert") return [];
    const targets = writes ??
      after.columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name);
    return reads.flatMap((from, at): readonly (readonly [string, string])[] => {
      const to = targets[at];
      return from === null || to === undefined ? [] : [[from, to]];
    });
  });
  return new Map(
    pairs.filter(([from, to]) =>
      has(table, from) && !has(after, from) && has(after, to) && !has(table, to)
    ),
  );
}

/** The operations on tables that were there before. */
export function onOldTables(
  migration: Examined,
): readonly (Touch & { readonly table: TableShape })[] {
  return touches(migration).flatMap((touch) =>
    touch.table === null ? [] : [{ ...touch, table: touch.table }]
  );
}

/** The table of a name that may leave out its schema. */
export function tableNamed(
  tables: readonly TableShape[],
  name: string,
  nameKey: (name: string) => string,
): TableShape | null {
  const key = nameKey(name);
  return tables.find((table) => nameKey(table.name) === key) ??
    tables.find((table) => nameKey(table.name).endsWith(`.${key}`)) ?? null;
}

/** A column of a table, by its name. */
export function columnNamed(
  table: TableShape | null,
  name: string | undefined,
  nameKey: (name: string) => string,
): ColumnShape | null {
  if (name === undefined) return null;
  return table?.columns.find((column) => nameKey(column.name) === nameKey(name)) ?? null;
}

/** Domains are types; what is made without its schema is found with it, and the other way round. */
function objectKey(kind: string, name: string, nameKey: (name: string) => string): string {
  return `${kind === "domain" ? "type" : kind} ${nameKey(lastName(name))}`;
}

/** A name with another last part. */
function renamed(name: string, last: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? last : `${name.slice(0, dot)}.${last}`;
}
