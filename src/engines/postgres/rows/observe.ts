/** Reads what a Postgres database holds besides its schema. */

import { joinName, splitName } from "../../../core/name.ts";
import type {
  Observation,
  ObservedCounter,
  ObservedObject,
  ObservedTable,
} from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { objectId } from "../../../core/snapshot.ts";
import { LAST_SERVER_OID } from "../catalog/user_objects.ts";

/** Everything in the database; the session must be able to read it. */
export async function observe(
  database: ScratchDatabase,
  tables?: ReadonlySet<string>,
  parts: "all" | "rows" = "all",
): Promise<Observation> {
  return {
    tables: await observeTables(database, tables),
    counters: await observeCounters(database),
    objects: parts === "rows" ? new Map() : await observeObjects(database),
    server: parts === "rows" ? new Map() : await observeServer(database),
  };
}

interface Column {
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  /** Null for a table without columns. */
  readonly name: string | null;
  readonly number: number | null;
}

/** How many tables are read by one query. */
const AT_ONCE = 40;

async function observeTables(
  database: ScratchDatabase,
  wanted: ReadonlySet<string> | undefined,
): Promise<Observation["tables"]> {
  const columns = await database.query<Column>(`
    SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS table, a.attname AS name,
      a.attnum AS number
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a
      ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE c.relkind = 'r' AND c.oid > ${LAST_SERVER_OID} AND n.nspname !~ '^pg_(toast|temp)'
    ORDER BY c.oid, a.attnum`);
  const tables = [...Map.groupBy(columns, ({ oid }) => Number(oid))].filter(([, [first]]) =>
    wanted === undefined || first !== undefined &&
      wanted.has(objectId("table", joinName(first.schema, first.table)))
  );
  const rows = new Map<number, (string | null)[][]>();
  for (let at = 0; at < tables.length; at += AT_ONCE) {
    const parts = tables.slice(at, at + AT_ONCE).map(([oid, list]) => rowsSql(oid, list));
    for (
      const { oid, row } of await database.query<{ oid: number; row: (string | null)[] }>(
        parts.join("\nUNION ALL\n"),
      )
    ) {
      const list = rows.get(Number(oid));
      if (list === undefined) rows.set(Number(oid), [row]);
      else list.push(row);
    }
  }
  return new Map(tables.flatMap(([oid, list]): [string, ObservedTable][] => {
    const [first] = list;
    if (first === undefined) return [];
    const name = joinName(first.schema, first.table);
    const id = objectId("table", name);
    const known = list.flatMap(({ name, number }) =>
      name === null ? [] : [{ key: name, identity: String(number) }]
    );
    return [[id, { id, name, identity: String(oid), columns: known, rows: rows.get(oid) ?? [] }]];
  }));
}

/** Values by their types' output functions: casts may be of the user's making. */
function rowsSql(oid: number, columns: readonly Column[]): string {
  const values = columns.flatMap(({ name }) => {
    if (name === null) return [];
    const column = `t.${always(name)}`;
    return [
      `CASE WHEN pg_catalog.num_nulls(${column}) = 0 THEN pg_catalog.format('%s', ${column}) END`,
    ];
  });
  const [first] = columns;
  const table = `${always(first?.schema ?? "")}.${always(first?.table ?? "")}`;
  return `SELECT ${oid} AS oid, pg_catalog.to_json(ARRAY[${
    values.join(", ")
  }]::pg_catalog.text[]) AS row FROM ONLY ${table} t`;
}

/** Quoted in any case: a keyword of a later version as well. */
function always(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

interface Sequence {
  readonly schema: string;
  readonly name: string;
  readonly start: number;
  readonly step: number;
  readonly owner_schema: string | null;
  readonly owner: string | null;
}

async function observeCounters(database: ScratchDatabase): Promise<Observation["counters"]> {
  const sequences = await database.query<Sequence>(`
    SELECT n.nspname AS schema, c.relname AS name, s.seqstart::float8 AS start,
      s.seqincrement::float8 AS step, tn.nspname AS owner_schema, t.relname AS owner
    FROM pg_catalog.pg_sequence s
    JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.objid = c.oid AND d.refclassid = d.classid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
    LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
    WHERE n.nspname !~ '^pg_(toast|temp)'
    ORDER BY c.oid`);
  const counters = new Map<string, ObservedCounter>();
  for (let at = 0; at < sequences.length; at += AT_ONCE) {
    const list = sequences.slice(at, at + AT_ONCE);
    const values = await database.query<{ at: number; value: number; called: boolean }>(
      list.map(({ schema, name }, index) =>
        `SELECT ${index} AS at, last_value::float8 AS value, is_called AS called FROM ${
          always(schema)
        }.${always(name)}`
      ).join("\nUNION ALL\n"),
    );
    for (const { at: index, value, called } of values) {
      const sequence = list[Number(index)];
      if (sequence === undefined) continue;
      const { schema, start, step, owner, owner_schema } = sequence;
      const name = joinName(schema, sequence.name);
      const table = owner === null || owner_schema === null
        ? null
        : objectId("table", joinName(owner_schema, owner));
      const count = (Number(value) - Number(start)) / Number(step) + (called ? 1 : 0);
      counters.set(name, { name, table, count });
    }
  }
  return counters;
}

/** Catalogs whose rows stand for objects, by the SQL for those that count and for what counts of them. */
const OBJECTS: Readonly<Record<string, { readonly where?: string; readonly content?: string }>> = {
  pg_class: {
    where:
      "t.relkind NOT IN ('t', 'c', 'r') AND t.relnamespace <> 'pg_toast'::pg_catalog.regnamespace",
    content:
      "(t.relname, t.relnamespace, t.relowner, t.relkind, t.relacl, t.reloptions, t.relpersistence)",
  },
  pg_proc: {},
  pg_type: {
    where:
      `NOT EXISTS (SELECT FROM pg_catalog.pg_class r WHERE r.oid = t.typrelid AND r.relkind <> 'c')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)`,
  },
  pg_constraint: {},
  pg_trigger: { where: "NOT t.tgisinternal" },
  pg_rewrite: {},
  pg_policy: {},
  pg_namespace: {},
  pg_extension: {},
  pg_event_trigger: {},
  pg_operator: {},
  pg_opclass: {},
  pg_opfamily: {},
  pg_cast: {},
  pg_collation: {},
  pg_conversion: {},
  pg_language: {},
  pg_statistic_ext: {},
  pg_publication: {},
  pg_foreign_data_wrapper: {},
  pg_foreign_server: {},
  pg_transform: {},
  pg_ts_config: {},
  pg_ts_dict: {},
  pg_ts_parser: {},
  pg_ts_template: {},
};

async function observeObjects(database: ScratchDatabase): Promise<Observation["objects"]> {
  const parts = Object.entries(OBJECTS).map(([catalog, { where = "true", content = "t" }]) =>
    `SELECT 'pg_catalog.${catalog}'::pg_catalog.regclass AS catalog, t.oid,
      pg_catalog.md5(${content}::pg_catalog.text) AS content
    FROM pg_catalog.${catalog} t WHERE t.oid > ${LAST_SERVER_OID} AND ${where}`
  );
  const rows = await database.query<ObservedObject>(`
    SELECT i.type AS kind, x.catalog::oid || ':' || x.oid AS identity, x.content,
      CASE WHEN t.oid IS NULL THEN i.identity
        ELSE pg_catalog.quote_ident(i.name) || ' on ' || pg_catalog.quote_ident(n.nspname)
          || '.' || pg_catalog.quote_ident(t.relname) END AS name
    FROM (${parts.join("\nUNION ALL\n")}) x
    CROSS JOIN pg_catalog.pg_identify_object(x.catalog, x.oid, 0) i
    LEFT JOIN pg_catalog.pg_index d ON d.indexrelid = x.oid
      AND x.catalog = 'pg_catalog.pg_class'::pg_catalog.regclass
    LEFT JOIN pg_catalog.pg_class t ON t.oid = d.indrelid
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
    WHERE i.identity IS NOT NULL`);
  return new Map(rows.map(({ name, ...row }) => {
    const plain = plainName(name);
    return [`${row.kind} ${plain}`, { ...row, name: plain }];
  }));
}

/** `users_pkey on public.users` as `public.users.users_pkey`, without quotes and blanks. */
function plainName(identity: string): string {
  const [, member, owner] = /^("(?:[^"]|"")*"|[^" ]+) on (.+)$/.exec(identity) ?? [];
  const name = member === undefined || owner === undefined ? identity : `${owner}.${member}`;
  const signature = /\(.*$/s.exec(name)?.[0] ?? "";
  return `${splitName(name).join(".")}${signature}`.replaceAll(/["\s]/g, "");
}

async function observeServer(database: ScratchDatabase): Promise<Observation["server"]> {
  const all = (catalog: string) =>
    `SELECT pg_catalog.md5(pg_catalog.string_agg(t::pg_catalog.text, ' ' ORDER BY t::pg_catalog.text)) FROM ${catalog} t`;
  const parts = Object.entries({
    "the roles": all("pg_catalog.pg_authid"),
    "the members of roles": all(
      "(SELECT roleid, member, grantor, admin_option FROM pg_catalog.pg_auth_members)",
    ),
    "the settings of roles and databases": all("pg_catalog.pg_db_role_setting"),
    "the database": all(
      "(SELECT datname, datdba, datacl, datallowconn, datconnlimit FROM pg_catalog.pg_database)",
    ),
    "default privileges": all(
      "(SELECT oid, defaclrole, defaclobjtype FROM pg_catalog.pg_default_acl)",
    ),
    "the large objects": all("pg_catalog.pg_largeobject"),
    "the privileges of large objects": all("pg_catalog.pg_largeobject_metadata"),
    "the role of the session": "SELECT session_user || ' ' || current_user",
    "the prepared statements": all("(SELECT name FROM pg_catalog.pg_prepared_statements)"),
    "the open cursors": all("(SELECT name FROM pg_catalog.pg_cursors WHERE name <> '')"),
    "the advisory locks": all(
      "(SELECT classid, objid, objsubid FROM pg_catalog.pg_locks WHERE locktype = 'advisory')",
    ),
    "the channels listened to": all("pg_catalog.pg_listening_channels()"),
    "the temporary objects": all(
      "(SELECT relname FROM pg_catalog.pg_class WHERE relpersistence = 't')",
    ),
  }).map(([name, sql]) => `SELECT '${name}' AS name, (${sql}) AS value`);
  const rows = await database.query<{ name: string; value: string | null }>(
    `${parts.join("\nUNION ALL\n")}
    UNION ALL SELECT 'the setting ' || name, setting FROM pg_catalog.pg_settings
    WHERE name !~ '^(transaction_|in_hot_standby)'`,
  );
  return new Map(rows.map(({ name, value }) => [name, value ?? ""]));
}
