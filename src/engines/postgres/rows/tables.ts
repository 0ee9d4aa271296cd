/** What must be known of Postgres' tables to put rows into them. */

import { joinName } from "../../../core/name.ts";
import { objectId, type Snapshot } from "../../../core/snapshot.ts";
import { LAST_SERVER_OID } from "../catalog/user_objects.ts";
import { postgresSnapshot } from "../objects.ts";

/** Runs a query. */
export type Reader = <Row extends object>(sql: string) => Promise<Row[]>;

/** A column that takes a value. */
export interface SeedColumn {
  readonly name: string;
  readonly quoted: string;
  readonly type: string;
  readonly category: string;
  /** The most characters, digits before the point or bits that it takes; null for no limit. */
  readonly size: number | null;
  /** False for generated columns and for identities that always number themselves. */
  readonly written: boolean;
  /** The same for columns that a foreign key joins. */
  readonly salt: number;
  /** Names of the checks of its domain. */
  readonly checks: readonly string[];
}

/** A table, with its constraints as far as they say which values it takes. */
export interface SeedTable {
  readonly name: string;
  readonly path: readonly [string, string];
  readonly quoted: string;
  readonly columns: readonly SeedColumn[];
  /** Columns by the name of their constraint. */
  readonly constraints: ReadonlyMap<string, readonly string[]>;
  /** Constants in checks and partition bounds, by column: what they are likely to take. */
  readonly literals: ReadonlyMap<string, readonly string[]>;
}

interface ColumnRow {
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  readonly quoted_table: string;
  readonly number: number;
  readonly name: string;
  readonly quoted: string;
  readonly type: string;
  readonly category: string;
  readonly modifier: number;
  readonly written: boolean;
  readonly domain: number;
}

interface ConstraintRow {
  readonly name: string;
  readonly table: number;
  readonly domain: number;
  readonly type: string;
  readonly key: readonly number[] | null;
  readonly other: number;
  readonly other_key: readonly number[] | null;
  readonly definition: string;
}

/** All tables that rows can be put into: ordinary ones and partitioned ones, partitions left out. */
export async function seedTables(
  query: Reader,
  expected?: Snapshot,
): Promise<readonly SeedTable[]> {
  const columns = await query<ColumnRow>(`
    SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS table,
      pg_catalog.format('%I.%I', n.nspname, c.relname) AS quoted_table, a.attnum AS number,
      a.attname AS name, pg_catalog.quote_ident(a.attname) AS quoted,
      pg_catalog.format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS type,
      t.typcategory::text AS category, t.oid::int8 AS domain,
      CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE a.atttypmod END AS modifier,
      a.attgenerated = '' AND a.attidentity <> 'a' AS written
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE c.relkind IN ('r', 'p') AND c.oid > ${LAST_SERVER_OID} AND n.nspname !~ '^pg_(toast|temp)'
      AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
    ORDER BY c.relkind DESC, c.oid, a.attnum`);
  const constraints = await query<ConstraintRow>(`
    SELECT conname AS name, conrelid::int8 AS table, contypid::int8 AS domain, contype::text AS type,
      pg_catalog.to_json(conkey) AS key, confrelid::int8 AS other, pg_catalog.to_json(confkey) AS other_key,
      pg_catalog.pg_get_constraintdef(oid) AS definition
    FROM pg_catalog.pg_constraint WHERE oid > ${LAST_SERVER_OID} ORDER BY oid`);
  const bounds = await query<{ readonly oid: number; readonly bound: string }>(`
    SELECT i.inhparent::int8 AS oid, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
    WHERE c.relispartition ORDER BY c.oid`);
  const salts = saltsOf(columns, [...keysOf(constraints), ...keysToCome(columns, expected)]);
  return [...Map.groupBy(columns, ({ oid }) => Number(oid))].flatMap(([oid, list]) => {
    const own = constraints.filter(({ table }) => Number(table) === oid);
    const parts = bounds.filter((bound) => Number(bound.oid) === oid).map(({ bound }) => bound);
    return tableOf(list, own, { constraints, parts, salts });
  });
}

function tableOf(
  columns: readonly ColumnRow[],
  own: readonly ConstraintRow[],
  { constraints, parts, salts }: {
    readonly constraints: readonly ConstraintRow[];
    readonly parts: readonly string[];
    readonly salts: ReadonlyMap<string, number>;
  },
): readonly SeedTable[] {
  const [first] = columns;
  if (first === undefined) return [];
  const literals = new Map<string, readonly string[]>();
  const seeded = columns.map((column): SeedColumn => {
    const { name, quoted, type, category, modifier, written, number, oid, domain } = column;
    const ofDomain = constraints.filter((one) => Number(one.domain) === Number(domain));
    const texts = [
      ...[...own, ...ofDomain].filter(({ type, key }) =>
        type === "c" && (key === null || key.includes(number))
      ).map(({ definition }) => definition),
      ...parts,
    ];
    literals.set(name, texts.flatMap(literalsIn));
    const salt = salts.get(`${oid} ${number}`) ?? 0;
    const checks = ofDomain.map((one) => one.name);
    const size = sizeOf(type, modifier);
    return { name, quoted, type, category, size, written, salt, checks };
  });
  const names = new Map(columns.map(({ number, name }) => [number, name]));
  return [{
    name: joinName(first.schema, first.table),
    path: [first.schema, first.table],
    quoted: first.quoted_table,
    columns: seeded,
    constraints: new Map(
      own.map(({ name, key }) => [name, (key ?? []).flatMap((number) => names.get(number) ?? [])]),
    ),
    literals,
  }];
}

/** What a type's modifier says: the length of texts and bits, the digits before the point. */
function sizeOf(type: string, modifier: number): number | null {
  if (modifier < 0) return null;
  if (type === "numeric") return (modifier - 4 >> 16) - (modifier - 4 & 0x7ff);
  if (type.startsWith("bit")) return modifier;
  return type.startsWith("character") ? modifier - 4 : null;
}

/** Constants of an expression, and the numbers beside them. */
function literalsIn(expression: string): readonly string[] {
  const texts = expression.match(/'(?:[^']|'')*'/g) ?? [];
  const numbers = expression.replaceAll(/'(?:[^']|'')*'/g, "").match(/(?<![\w.])\d+(?:\.\d+)?/g) ??
    [];
  return [
    ...new Set([
      ...texts,
      ...numbers.flatMap((text) => [text, String(Number(text) + 1), String(Number(text) - 1)]),
    ]),
  ];
}

/** Two columns that a foreign key joins, by oid and number. */
type Joined = readonly [string, string];

function keysOf(constraints: readonly ConstraintRow[]): readonly Joined[] {
  return constraints.flatMap(({ type, table, key, other, other_key }) =>
    type !== "f" ? [] : (key ?? []).map((number, at): Joined => [
      `${table} ${number}`,
      `${other} ${other_key?.[at]}`,
    ])
  );
}

/** The columns that a foreign key of a schema to come joins. */
function keysToCome(columns: readonly ColumnRow[], expected?: Snapshot): readonly Joined[] {
  const found = (id: string, name: string) => {
    const column = columns.find((one) =>
      one.name === name && objectId("table", joinName(one.schema, one.table)) === id
    );
    return column === undefined ? [] : [`${column.oid} ${column.number}`];
  };
  const objects = expected === undefined ? [] : [...postgresSnapshot(expected).objects.values()];
  return objects.filter((object) => object.kind === "constraint").flatMap(({ parent, facts }) => {
    const { type, columns: keys = [], references = "" } = facts;
    if (type !== "foreign key") return [];
    const others = (/ REFERENCES [^(]*\(([^)]*)\)/.exec(facts.definition)?.[1] ?? "")
      .split(", ").map((name) => name.replace(/^"(.*)"$/, "$1"));
    return keys.flatMap((name, at): Joined[] => {
      const [own] = found(parent ?? "", name);
      const [other] = found(objectId("table", references), others[at] ?? "");
      return own === undefined || other === undefined ? [] : [[own, other]];
    });
  });
}

/** A number for each column, by oid and number; columns that a foreign key joins have the same. */
function saltsOf(
  columns: readonly ColumnRow[],
  joined: readonly Joined[],
): ReadonlyMap<string, number> {
  const roots = new Map(columns.map(({ oid, number }) => [`${oid} ${number}`, `${oid} ${number}`]));
  const rootOf = (key: string): string => {
    const next = roots.get(key) ?? key;
    return next === key ? key : rootOf(next);
  };
  for (const [one, other] of joined) roots.set(rootOf(one), rootOf(other));
  const salts = new Map<string, number>();
  return new Map([...roots.keys()].map((key) => {
    const root = rootOf(key);
    const salt = salts.get(root) ?? salts.size + 1;
    salts.set(root, salt);
    return [key, salt];
  }));
}
