/** What must be known of Postgres' tables to put rows into them. */

import { joinName, splitName } from "../../../core/name.ts";
import { objectId } from "../../../core/snapshot.ts";
import { literal } from "../quote.ts";
import { LAST_SERVER_OID, notOfExtension } from "../catalog/user_objects.ts";
import type { Query } from "./read_types.ts";

/** A table that stores rows, or a partitioned one, whose partitions do. */
export interface SeedTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** As SQL. */
  readonly quoted: string;
  readonly isPartitioned: boolean;
  /** The outermost table that it is a partition of; its own oid for others. */
  readonly root: number;
  /** The table that it is a partition of; 0 for others. */
  readonly parent: number;
  readonly columns: readonly SeedColumn[];
  /** The generated ones, which no row is given. */
  readonly generated: readonly (SeedColumn & { readonly expression: string })[];
  /** Conditions on its rows, that of a partition's bound as well. */
  readonly checks: readonly Check[];
  readonly keys: readonly Key[];
  readonly references: readonly Reference[];
  /** Statements that turn off what goes on even for rows that are replicated, and those that turn it on again. */
  readonly always: readonly { readonly off: string; readonly on: string }[];
  /** Ids of the triggers and rules that its rows would set off. */
  readonly triggers: readonly string[];
}

/** A column that is not generated. */
export interface SeedColumn {
  readonly number: number;
  readonly name: string;
  readonly quoted: string;
  readonly type: number;
  readonly modifier: number;
  /** As SQL, with modifiers. */
  readonly typeName: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** Its default is a date without end, so such dates are among its values. */
  readonly isEndless: boolean;
  /** A sequence numbers it. */
  readonly isNumbered: boolean;
  readonly isIdentity: boolean;
}

/** A condition over columns. */
export interface Check {
  readonly name: string;
  readonly expression: string;
  readonly columns: readonly string[];
}

/** What forbids that rows are equal: a key, a unique index, an exclusion. */
export interface Key {
  readonly name: string;
  readonly columns: readonly string[];
  /** Equal values are allowed where not all of them, or an expression of them, are. */
  readonly isPlain: boolean;
}

/** A foreign key. */
export interface Reference {
  readonly name: string;
  readonly columns: readonly string[];
  readonly table: number;
  readonly others: readonly string[];
  /** NULL in all of its columns or in none. */
  readonly isFull: boolean;
}

interface TableRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly quoted: string;
  readonly isPartitioned: boolean;
  readonly parent: number;
  readonly bound: string | null;
  readonly triggers: readonly { readonly name: string; readonly kind: string; state: string }[];
}

interface ColumnRow extends SeedColumn {
  readonly table: number;
  readonly generated: boolean;
  /** What it is generated from, or its default. */
  readonly expression: string | null;
}

interface ConstraintRow {
  readonly table: number;
  readonly name: string;
  readonly type: string;
  readonly key: readonly number[] | null;
  readonly other: number;
  readonly others: readonly string[] | null;
  readonly full: boolean;
  readonly expression: string | null;
}

interface IndexRow {
  readonly table: number;
  readonly name: string;
  readonly key: string;
  readonly used: readonly number[] | null;
  readonly plain: boolean;
}

/** The given tables (ids), what they refer to and their partitions; all tables when none are given. In the order of their names. */
export async function readTables(
  query: Query,
  ids?: ReadonlySet<string>,
): Promise<readonly SeedTable[]> {
  const tables = await query<TableRow>(tablesSql(ids));
  if (tables.length === 0) return [];
  const oids = tables.map(({ oid }) => Number(oid)).join(", ");
  const columns = Map.groupBy(
    await query<ColumnRow>(columnsSql(oids)),
    ({ table }) => Number(table),
  );
  const constraints = await query<ConstraintRow>(constraintsSql(oids));
  const own = Map.groupBy(constraints, ({ table }) => Number(table));
  const indexes = Map.groupBy(
    await query<IndexRow>(indexesSql(oids)),
    ({ table }) => Number(table),
  );
  const parents = new Map(tables.map(({ oid, parent }) => [Number(oid), Number(parent)]));
  return tables.map((table) => {
    const oid = Number(table.oid);
    return tableOf(table, {
      root: rootOf(oid, parents),
      columns: columns.get(oid) ?? [],
      constraints: own.get(oid) ?? [],
      indexes: indexes.get(oid) ?? [],
    });
  });
}

/** The id that a snapshot gives a table. */
export function idOf({ schema, name }: Pick<SeedTable, "schema" | "name">): string {
  return objectId("table", joinName(schema, name));
}

/** True in SQL for tables with one of the ids, by the aliases of `pg_namespace` and `pg_class`; for all where there are none. */
export function namedTables(
  ids: ReadonlySet<string> | undefined,
  schema = "n",
  table = "c",
): string {
  if (ids === undefined) return "true";
  const names = [...ids].flatMap((id) => {
    const [, name] = /^table:(.*)$/s.exec(id) ?? [];
    const parts = name === undefined ? [] : splitName(name);
    return parts.length === 2 ? [`(${parts.map(literal).join(", ")})`] : [];
  });
  return names.length === 0
    ? "false"
    : `(${schema}.nspname, ${table}.relname) IN (${names.join(", ")})`;
}

function tablesSql(ids: ReadonlySet<string> | undefined): string {
  return `
    WITH RECURSIVE wanted(oid) AS (
      SELECT c.oid
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.oid > ${LAST_SERVER_OID} AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_(toast|temp)' AND n.nspname <> 'information_schema'
        AND ${namedTables(ids)} AND ${notOfExtension("pg_class", "c.oid")}
      UNION
      SELECT other.oid
      FROM wanted
      CROSS JOIN LATERAL (
        SELECT k.confrelid AS oid FROM pg_catalog.pg_constraint k
        WHERE k.conrelid = wanted.oid AND k.contype = 'f'
        UNION ALL
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
        WHERE i.inhparent = wanted.oid AND p.relkind = 'p'
      ) other
    )
    SELECT c.oid::int8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
      pg_catalog.format('%I.%I', n.nspname, c.relname) AS quoted, c.relkind = 'p' AS "isPartitioned",
      CASE WHEN c.relispartition THEN
        (SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid LIMIT 1) ELSE 0 END::int8 AS parent,
      CASE WHEN c.relispartition THEN pg_catalog.pg_get_partition_constraintdef(c.oid) END AS bound,
      coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', x.name, 'kind', x.kind, 'state', x.state)
          ORDER BY x.kind, x.name)
        FROM (
          SELECT t.tgname::text COLLATE "C" AS name, 'trigger' AS kind, t.tgenabled::text AS state
          FROM pg_catalog.pg_trigger t
          WHERE c.relhastriggers AND t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgtype & 4 <> 0
          UNION ALL
          SELECT r.rulename::text COLLATE "C", 'rule', r.ev_enabled::text FROM pg_catalog.pg_rewrite r
          WHERE c.relhasrules AND r.ev_class = c.oid AND r.ev_type = '3'
        ) x WHERE x.state <> 'D'), '[]') AS triggers
    FROM (SELECT DISTINCT oid FROM wanted) w
    JOIN pg_catalog.pg_class c ON c.oid = w.oid AND c.relkind IN ('r', 'p')
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C"`;
}

function columnsSql(oids: string): string {
  return `
    SELECT a.attrelid::int8 AS table, a.attnum AS number, a.attname::text AS name,
      pg_catalog.quote_ident(a.attname) AS quoted, a.atttypid::int8 AS type, a.atttypmod AS modifier,
      pg_catalog.format_type(a.atttypid, a.atttypmod) AS "typeName", a.attnotnull AS "notNull", a.atthasdef OR a.attidentity <> '' AS "hasDefault",
      a.attidentity <> '' AS "isIdentity", a.attgenerated <> '' AS generated,
      pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
      a.attidentity <> '' OR coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false) AS "isNumbered",
      coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid) ILIKE '%''%infinity''%', false) AS "isEndless"
    FROM pg_catalog.pg_attribute a
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid IN (${oids}) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum`;
}

/** The foreign keys that stand for the partitions of what is referred to are left out. */
function constraintsSql(oids: string): string {
  return `
    SELECT k.conrelid::int8 AS table, k.conname::text AS name, k.contype::text AS type,
      pg_catalog.to_json(k.conkey) AS key, k.confrelid::int8 AS other,
      (SELECT pg_catalog.json_agg(a.attname ORDER BY u.place)
        FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY u(number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number) AS others,
      k.confmatchtype = 'f' AS full,
      pg_catalog.pg_get_expr(k.conbin, k.conrelid) AS expression
    FROM pg_catalog.pg_constraint k
    LEFT JOIN pg_catalog.pg_constraint p ON p.oid = k.conparentid
    WHERE k.conrelid IN (${oids}) AND k.contype IN ('c', 'f') AND p.conrelid IS DISTINCT FROM k.conrelid
    ORDER BY k.conrelid, k.conname`;
}

function indexesSql(oids: string): string {
  return `
    SELECT i.indrelid::int8 AS table, c.relname::text AS name, i.indkey::text AS key,
      i.indpred IS NULL AND i.indexprs IS NULL AND i.indisunique AND i.indisvalid AS plain,
      (SELECT pg_catalog.json_agg(DISTINCT d.refobjsubid) FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = i.indexrelid
          AND d.refobjid = i.indrelid AND d.refobjsubid > 0) AS used
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid IN (${oids}) AND (i.indisunique OR i.indisexclusion)
    ORDER BY i.indrelid, i.indisprimary DESC, c.relname`;
}

function rootOf(oid: number, parents: ReadonlyMap<number, number>): number {
  let root = oid;
  for (let next = parents.get(root) ?? 0; next !== 0; next = parents.get(root) ?? 0) root = next;
  return root;
}

function tableOf(
  row: TableRow,
  { root, columns, constraints, indexes }: {
    readonly root: number;
    readonly columns: readonly ColumnRow[];
    readonly constraints: readonly ConstraintRow[];
    readonly indexes: readonly IndexRow[];
  },
): SeedTable {
  const names = new Map(columns.map(({ number, name }) => [number, name]));
  const named = (numbers: readonly number[] | null) =>
    [...new Set(numbers ?? [])].flatMap((number) => names.get(number) ?? []);
  const typed = columns.map((column) => ({ ...column, type: Number(column.type) }));
  const mentioned = (text: string) =>
    columns.filter((one) => isNamedIn(text, one)).map(({ name }) => name);
  const checks = constraints.flatMap(({ type, name, key, expression }) =>
    type !== "c" || expression === null ? [] : [{
      name,
      expression,
      columns: key === null ? mentioned(expression) : named(key),
    }]
  );
  const bound = row.bound === null
    ? []
    : [{ name: PARTITION_BOUND, expression: row.bound, columns: mentioned(row.bound) }];
  return {
    oid: Number(row.oid),
    schema: row.schema,
    name: row.name,
    quoted: row.quoted,
    isPartitioned: row.isPartitioned,
    root,
    parent: Number(row.parent),
    columns: typed.filter(({ generated }) => !generated),
    generated: typed.filter(({ generated }) => generated)
      .map((column) => ({ ...column, expression: column.expression ?? "" })),
    checks: [...checks, ...bound],
    keys: indexes.map(({ name, key, used, plain }) => ({
      name,
      columns: named([...key.split(" ").map(Number), ...used ?? []]),
      isPlain: plain,
    })),
    references: constraints.flatMap(({ type, name, key, other, others, full }) =>
      type !== "f"
        ? []
        : [{ name, columns: named(key), table: Number(other), others: others ?? [], isFull: full }]
    ),
    always: row.triggers.flatMap((one) => alwaysOf(row.quoted, one)),
    triggers: row.triggers.map(({ kind, name }) =>
      `${kind}:${joinName(row.schema, row.name, name)}`
    ),
  };
}

/** What a partition's bound is called among the checks. */
const PARTITION_BOUND = "partition constraint";

/** May be wrong for texts in an expression: then a column is looked at that does not count. */
export function isNamedIn(expression: string, { name, quoted }: SeedColumn): boolean {
  if (quoted.startsWith('"')) return expression.includes(quoted);
  for (let at = expression.indexOf(name); at >= 0; at = expression.indexOf(name, at + 1)) {
    const around = (expression[at - 1] ?? " ") + (expression[at + name.length] ?? " ");
    if (!/[\p{L}\d_$]/u.test(around)) return true;
  }
  return false;
}

function alwaysOf(
  table: string,
  { name, kind, state }: { readonly name: string; readonly kind: string; readonly state: string },
): SeedTable["always"] {
  const word = { A: "ALWAYS", R: "REPLICA" }[state];
  if (word === undefined) return [];
  const what = `${kind.toUpperCase()} "${name.replaceAll('"', '""')}"`;
  return [{
    off: `ALTER TABLE ${table} DISABLE ${what}`,
    on: `ALTER TABLE ${table} ENABLE ${word} ${what}`,
  }];
}
