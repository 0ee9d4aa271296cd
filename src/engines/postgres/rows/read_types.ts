/** The types of columns, with all that they are made of, as the catalog tells them. */

/** Runs a query. */
export type Query = <Row extends object>(sql: string) => Promise<Row[]>;

/** A type; oids as numbers, 0 for none. */
export interface SqlType {
  readonly oid: number;
  /** As SQL, without modifiers: `character varying`. */
  readonly name: string;
  /** The plain name in the catalog: `varchar`. */
  readonly plain: string;
  readonly schema: string;
  /** `b`ase, `c`omposite, `d`omain, `e`num, `r`ange or `m`ultirange. */
  readonly kind: string;
  readonly category: string;
  /** Of a domain. */
  readonly base: number;
  readonly baseModifier: number;
  readonly notNull: boolean;
  /** Conditions of a domain by the name of the constraint, over `VALUE`. */
  readonly checks: readonly { readonly name: string; readonly expression: string }[];
  /** Texts that pass the conditions of a domain, where they were asked for. */
  readonly valid?: readonly string[];
  /** Of an array. */
  readonly element: number;
  /** Of a range; of a multirange its range. */
  readonly part: number;
  readonly labels: readonly string[];
  readonly attributes: readonly { readonly type: number; readonly modifier: number }[];
}

/** Types by their oid. */
export type Types = ReadonlyMap<number, SqlType>;

/** Reads some types, and those that these are made of. */
export async function readTypes(query: Query, wanted: Iterable<number>): Promise<Types> {
  const oids = [...new Set(wanted)];
  const known = oids.flatMap((oid) => usualType(oid) ?? []);
  const usual = new Map(known.map((type) => [type.oid, type]));
  const others = oids.filter((oid) => !usual.has(oid));
  return others.length === 0 ? usual : new Map([...usual, ...await readOthers(query, others)]);
}

async function readOthers(query: Query, oids: readonly number[]): Promise<Types> {
  const rows = await query<SqlType>(`
    WITH RECURSIVE known(oid) AS (
      SELECT t.oid FROM pg_catalog.pg_type t WHERE t.oid IN (${oids.join(", ")})
      UNION
      SELECT part.oid
      FROM known
      JOIN pg_catalog.pg_type t ON t.oid = known.oid
      CROSS JOIN LATERAL (
        SELECT t.typbasetype AS oid WHERE t.typtype = 'd'
        UNION ALL SELECT t.typelem WHERE t.typelem <> 0 AND t.typlen = -1
        UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
        UNION ALL SELECT ${MULTIRANGE_OF} WHERE t.typtype = 'm'
        UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
          WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
      ) part
    )
    SELECT t.oid::int8 AS oid, pg_catalog.format_type(t.oid, -1) AS name, t.typname::text AS plain, n.nspname::text AS schema,
      t.typtype::text AS kind, t.typcategory::text AS category,
      t.typbasetype::int8 AS base, t.typtypmod AS "baseModifier", t.typnotnull AS "notNull",
      CASE WHEN t.typlen = -1 THEN t.typelem::int8 ELSE 0 END AS element,
      CASE t.typtype
        WHEN 'r' THEN (SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid)
        WHEN 'm' THEN ${MULTIRANGE_OF} ELSE 0 END::int8 AS part,
      coalesce(CASE t.typtype WHEN 'd' THEN (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', k.conname,
          'expression', pg_catalog.pg_get_expr(k.conbin, 0)) ORDER BY k.conname)
        FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') END, '[]') AS checks,
      coalesce(CASE t.typtype WHEN 'e' THEN (
        SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder)
        FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) END, '[]') AS labels,
      coalesce(CASE t.typtype WHEN 'c' THEN (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_object('type', a.atttypid::int8,
          'modifier', a.atttypmod) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END, '[]') AS attributes
    FROM known
    JOIN pg_catalog.pg_type t ON t.oid = known.oid
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace`);
  return new Map(rows.map((row) => {
    const type = {
      ...row,
      oid: Number(row.oid),
      base: Number(row.base),
      element: Number(row.element),
      part: Number(row.part),
    };
    return [type.oid, type];
  }));
}

/** Multiranges are there from version 14 on. */
const MULTIRANGE_OF = `(SELECT r.rngtypid FROM pg_catalog.pg_range r
        WHERE (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::pg_catalog.oid = t.oid)`;

/** The type that a domain is made of in the end, with its modifier, and all conditions on the way there. */
export function withoutDomains(types: Types, oid: number, modifier: number): {
  readonly type: SqlType | undefined;
  readonly modifier: number;
  readonly notNull: boolean;
  readonly checks: SqlType["checks"];
} {
  let type = types.get(oid);
  let own = modifier;
  let notNull = false;
  const checks: SqlType["checks"][number][] = [];
  while (type?.kind === "d") {
    notNull ||= type.notNull;
    checks.push(...type.checks);
    own = type.baseModifier;
    type = types.get(type.base);
  }
  return { type, modifier: own, notNull, checks };
}

/** The types that most columns have, by their oids, which are those of all versions: with these, nothing needs to be read. */
const USUAL: Readonly<Record<number, readonly [name: string, plain: string, category: string]>> = {
  16: ["boolean", "bool", "B"],
  17: ["bytea", "bytea", "U"],
  20: ["bigint", "int8", "N"],
  21: ["smallint", "int2", "N"],
  23: ["integer", "int4", "N"],
  25: ["text", "text", "S"],
  114: ["json", "json", "U"],
  700: ["real", "float4", "N"],
  701: ["double precision", "float8", "N"],
  869: ["inet", "inet", "I"],
  1042: ["pg_catalog.bpchar", "bpchar", "S"],
  1043: ["character varying", "varchar", "S"],
  1082: ["date", "date", "D"],
  1083: ["time without time zone", "time", "D"],
  1114: ["timestamp without time zone", "timestamp", "D"],
  1184: ["timestamp with time zone", "timestamptz", "D"],
  1186: ["interval", "interval", "T"],
  1700: ["numeric", "numeric", "N"],
  2950: ["uuid", "uuid", "U"],
  3802: ["jsonb", "jsonb", "U"],
};

function usualType(oid: number): SqlType | undefined {
  const [name, plain, category] = USUAL[oid] ?? [];
  if (name === undefined || plain === undefined || category === undefined) return undefined;
  return {
    oid,
    name,
    plain,
    schema: "pg_catalog",
    kind: "b",
    category,
    base: 0,
    baseModifier: -1,
    notNull: false,
    checks: [],
    element: 0,
    part: 0,
    labels: [],
    attributes: [],
  };
}
