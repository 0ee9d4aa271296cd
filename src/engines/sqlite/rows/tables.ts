/** What must be known of tables to put rows into them, as SQLite's pragmas and the stored statements tell it. */

import { objectId } from "../../../core/snapshot.ts";
import type { Connection } from "../../../runtimes/runtime.ts";
import { UnreadableStatement } from "../../common/token_cursor.ts";
import { readIndex } from "../catalog/index_object.ts";
import { cachedTable } from "../catalog/parse_cache.ts";
import { literal } from "../quote.ts";
import { fold, type Token } from "../tokens.ts";
import { tableList } from "./names.ts";

/** A column that is written to: no generated one. */
export interface SeedColumn {
  readonly name: string;
  /** The declared type in capitals, empty for none. */
  readonly type: string;
  readonly isRequired: boolean;
  /** Another name of the rowid. */
  readonly isRowid: boolean;
  /** In a STRICT table, which refuses what is not of the type. */
  readonly isStrict: boolean;
  /** Rules that speak of it. */
  readonly rules: readonly Rule[];
}

/** An expression that a row must get through: a check, a generated column, what an index holds. */
export interface Rule {
  readonly kind: "check" | "computed";
  /** By which SQLite names it when it refuses a row, and its text. */
  readonly name: string | null;
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Folded names of the columns that it speaks of. */
  readonly columns: ReadonlySet<string>;
}

/** A foreign key, as it is declared; the columns that it refers to are known if the table is. */
export interface SeedReference {
  readonly columns: readonly string[];
  readonly table: string;
  readonly others: readonly string[];
}

/** A table that stores rows itself. */
export interface SeedTable {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly SeedColumn[];
  /** Columns of unique keys, those of unique indexes on columns among them. */
  readonly keys: readonly (readonly string[])[];
  readonly rules: readonly Rule[];
  readonly references: readonly SeedReference[];
}

/** A virtual table. */
export interface SeedVirtualTable {
  readonly id: string;
  readonly name: string;
  readonly sql: string;
  readonly columns: readonly string[];
}

interface ColumnRow {
  readonly table: string;
  readonly kind: string;
  readonly sql: string;
  readonly strict: number;
  readonly without_rowid: number;
  readonly name: string;
  readonly type: string;
  readonly required: number;
  readonly pk: number;
  readonly hidden: number;
}

/** Reads the tables with these ids, or all: those that a virtual table keeps its index in and SQLite's own are left out. */
export async function readSeedTables(
  database: Connection,
  ids?: ReadonlySet<string>,
): Promise<{
  readonly tables: readonly SeedTable[];
  readonly virtual: readonly SeedVirtualTable[];
}> {
  const rows = await database.query<ColumnRow>(`
    SELECT l.name AS "table", l.type AS kind, s.sql AS sql, l.strict AS strict, l.wr AS without_rowid,
      x.name AS name, upper(x.type) AS type, x."notnull" AS required, x.pk AS pk, x.hidden AS hidden
    FROM ${tableList(ids)}
    JOIN sqlite_schema s ON s.type = 'table' AND s.name = l.name
    JOIN pragma_table_xinfo(l.name) x
    WHERE l.schema = 'main' AND l.type IN ('table', 'virtual')
      AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY s.rowid, x.cid`);
  const byTable = Map.groupBy(rows, ({ table }) => table);
  const plain = [...byTable.values()].filter(([first]) => first?.kind === "table");
  const names = plain.flatMap(([first]) => first?.table ?? []);
  const keys = await readKeys(database, names);
  const references = await readReferences(database, names);
  return {
    tables: plain.map((columns) => tableOf(columns, keys, references)),
    virtual: [...byTable.values()].filter(([first]) => first?.kind === "virtual")
      .map((columns) => virtualTableOf(columns)),
  };
}

interface Key {
  readonly columns: readonly string[];
  /** What the unique index computes, where that is more than its columns. */
  readonly rule: Rule | null;
}

async function readKeys(
  database: Connection,
  tables: readonly string[],
): Promise<ReadonlyMap<string, readonly Key[]>> {
  if (tables.length === 0) return new Map();
  const rows = await database.query<{
    readonly table: string;
    readonly index: string;
    readonly unique: number;
    readonly sql: string | null;
    readonly column: string | null;
  }>(`
    SELECT t.name AS "table", i.name AS "index", i."unique" AS "unique", s.sql AS sql, c.name AS "column"
    FROM sqlite_schema t
    JOIN pragma_index_list(t.name) i
    JOIN pragma_index_xinfo(i.name) c ON c.key = 1
    LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = i.name
    WHERE t.type = 'table' AND t.name IN (${tables.map(literal).join(", ")})
    ORDER BY t.rowid, i.seq, c.seqno`);
  const keys = new Map<string, Key[]>();
  for (const list of Map.groupBy(rows, ({ table, index }) => `${table}\n${index}`).values()) {
    const [first] = list;
    if (first === undefined) continue;
    const columns = list.flatMap(({ column }) => column ?? []);
    const found = keys.get(first.table) ?? [];
    found.push({
      columns: first.unique === 1 && columns.length === list.length ? columns : [],
      rule: first.sql === null ? null : indexRule(first.index, first.sql),
    });
    keys.set(first.table, found);
  }
  return keys;
}

/** All that an index with expressions or a condition speaks of; null for one on columns alone. */
function indexRule(name: string, sql: string): Rule | null {
  const index = readable(() => readIndex(sql));
  if (index === null) return null;
  const computed = index.terms.some(({ expression }) => expression.tokens.length > 1);
  if (!computed && index.where === null) return null;
  const tokens = [
    ...index.terms.flatMap(({ expression }) => expression.tokens),
    ...index.where?.tokens ?? [],
  ];
  return { kind: "computed", name, text: "", tokens, columns: namesIn(tokens) };
}

async function readReferences(
  database: Connection,
  tables: readonly string[],
): Promise<ReadonlyMap<string, readonly SeedReference[]>> {
  if (tables.length === 0) return new Map();
  const rows = await database.query<{
    readonly table: string;
    readonly id: number;
    readonly name: string;
    readonly other: string;
    readonly other_name: string | null;
  }>(`
    SELECT t.name AS "table", k.id AS id, k."from" AS name, k."table" AS other,
      coalesce(k."to", (SELECT p.name FROM pragma_table_info(k."table") p WHERE p.pk = k.seq + 1)) AS other_name
    FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k
    WHERE t.type = 'table' AND t.name IN (${tables.map(literal).join(", ")})
    ORDER BY t.rowid, k.id, k.seq`);
  const found = new Map<string, SeedReference[]>();
  for (const list of Map.groupBy(rows, ({ table, id }) => `${table}\n${id}`).values()) {
    const [first] = list;
    if (first === undefined) continue;
    const own = found.get(first.table) ?? [];
    own.push({
      columns: list.map(({ name }) => name),
      table: first.other,
      others: list.flatMap(({ other_name }) => other_name ?? []),
    });
    found.set(first.table, own);
  }
  return found;
}

function tableOf(
  rows: readonly ColumnRow[],
  allKeys: ReadonlyMap<string, readonly Key[]>,
  allReferences: ReadonlyMap<string, readonly SeedReference[]>,
): SeedTable {
  const { table: name = "", sql = "", strict = 0, without_rowid = 0 } = rows[0] ?? {};
  const own = allKeys.get(name) ?? [];
  const rules = [...textRules(sql, name), ...own.flatMap(({ rule }) => rule ?? [])];
  const primary = rows.filter(({ pk }) => pk > 0).map(({ name }) => name);
  const isAlias = without_rowid === 0 && primary.length === 1 &&
    !own.some(({ columns }) => columns.length === 1 && columns[0] === primary[0]);
  const columns = rows.filter(({ hidden }) => hidden === 0).map((column): SeedColumn => ({
    name: column.name,
    type: column.type,
    // SQLite takes NULL in a primary key for the sake of old databases; nobody means it.
    isRequired: column.required === 1 || column.pk > 0,
    isRowid: isAlias && column.pk > 0 && column.type === "INTEGER",
    isStrict: strict === 1,
    rules: rules.filter((rule) => rule.columns.has(fold(column.name))),
  }));
  const keys = [primary, ...own.map(({ columns }) => columns)].filter(({ length }) => length > 0);
  return {
    id: objectId("table", fold(name)),
    name,
    columns,
    keys,
    rules,
    references: allReferences.get(name) ?? [],
  };
}

/** Checks and generated columns; none for a text that is not as SQLite writes them. */
function textRules(sql: string, name: string): readonly Rule[] {
  const table = readable(() => cachedTable(sql, name));
  if (table === null) return [];
  const checks = table.constraints.flatMap((constraint): readonly Rule[] => {
    if (constraint.type !== "check") return [];
    const { tokens, source } = constraint.expression;
    const text = source.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
    return [{ kind: "check", name: constraint.name, text, tokens, columns: namesIn(tokens) }];
  });
  const computed = table.columns.flatMap(({ generated }): readonly Rule[] => {
    if (generated === null) return [];
    const { tokens } = generated.expression;
    return [{ kind: "computed", name: null, text: "", tokens, columns: namesIn(tokens) }];
  });
  return [...checks, ...computed];
}

function virtualTableOf(rows: readonly ColumnRow[]): SeedVirtualTable {
  const { table: name = "", sql = "" } = rows[0] ?? {};
  return {
    id: objectId("virtual table", fold(name)),
    name,
    sql,
    columns: rows.filter(({ hidden }) => hidden === 0).map(({ name }) => name),
  };
}

function namesIn(tokens: readonly Token[]): ReadonlySet<string> {
  return new Set(
    tokens.filter(({ kind }) => kind === "name" || kind === "quoted")
      .map(({ value }) => fold(value)),
  );
}

function readable<Read>(read: () => Read): Read | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableStatement) return null;
    throw error;
  }
}
