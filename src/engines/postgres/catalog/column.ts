/** Columns of tables and foreign tables, with their identity, and the defaults of columns. */

import { objectId } from "../../../core/snapshot.ts";
import { generatedName } from "../generated_name.ts";
import { joinName } from "../names.ts";
import {
  commentOn,
  commonColumns,
  type CommonFacts,
  commonFacts,
  type CommonRow,
  compact,
  type Plain,
} from "./common.ts";
import { normalized } from "./normalized_expression.ts";
import { columnOptions, sortedItems } from "./options.ts";
import type { Found, Reader } from "./reader.ts";
import { sequenceFacts, type SequenceOptions, type SequenceRow } from "./sequence.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly number: number;
  readonly position: number;
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly of_type: readonly [string, string] | null;
  readonly relkind: string;
  readonly partition: boolean;
  readonly type: string;
  readonly collation_schema: string | null;
  readonly collation: string | null;
  readonly not_null: boolean;
  readonly identity: string;
  readonly generated: string;
  readonly default_oid: string | null;
  readonly expression: string | null;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statistics: number | null;
  readonly options: readonly string[] | null;
  readonly fdw_options: readonly string[] | null;
  readonly inherited: boolean;
  readonly local: boolean;
  readonly parents: readonly (readonly [string, string, string])[] | null;
  readonly sequence: (SequenceRow & { readonly common: CommonRow }) | null;
  readonly nn_name: string | null;
  readonly nn_oid: string | null;
  readonly nn_validated: boolean | null;
  readonly nn_no_inherit: boolean | null;
  readonly nn_local: boolean | null;
  readonly nn_inherited: boolean | null;
  readonly nn_comment: string | null;
}

/** The facts of a `column`; of its not-null constraint from version 18 on, what is not the usual. */
export interface ColumnFacts extends CommonFacts {
  readonly type: string;
  readonly collation?: string;
  readonly not_null?: true;
  readonly not_null_name?: string;
  readonly not_null_not_valid?: true;
  readonly not_null_no_inherit?: true;
  /** A child has the constraint as its own as well. */
  readonly not_null_local?: true;
  readonly not_null_comment?: string;
  readonly identity?: Identity;
  readonly generated?: Generated;
  readonly storage?: string;
  readonly compression?: string;
  readonly statistics?: number;
  readonly options?: readonly string[];
  readonly fdw_options?: readonly string[];
  /** The names of the parents that have the column as well. */
  readonly inherited?: readonly string[];
  /** A column that a parent has is the child's own as well. */
  readonly local?: true;
}

/** An identity column: the options of its sequence that are not the usual, its comment and privileges. */
export type Identity = Plain<IdentityFacts>;

interface IdentityFacts extends CommonFacts, SequenceOptions {
  readonly generation: "always" | "by default";
  /** The full name of the sequence, where it is not the usual one. */
  readonly name?: string;
  /** The sequence is logged and its table is not, or the other way round. */
  readonly persistence_differs?: true;
}

/** The expression of a generated column, and when it is computed. */
export type Generated = {
  readonly expression: string;
  readonly kind: "virtual" | "stored";
};

/** The facts of a `default`; its parent is the column (or the view whose column it is). */
export interface DefaultFacts {
  readonly expression: string;
}

/** Reads `column`s of tables and foreign tables, and the `default`s of columns. */
export const columns: Reader<Row> = {
  kinds: ["column", "default"],
  sql: (version) => `
    SELECT c.oid::int8::text AS oid, a.attnum AS number, n.nspname AS schema, c.relname AS relation, a.attname AS name,
      CASE WHEN c.reloftype <> 0 THEN (
        SELECT json_build_array(yn.nspname, y.typname)
        FROM pg_type y JOIN pg_namespace yn ON yn.oid = y.typnamespace
        WHERE y.oid = c.reloftype
      ) END AS of_type,
      c.relkind::text AS relkind, c.relispartition AS partition,
      (row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum))::int - 1 AS position,
      format_type(a.atttypid, a.atttypmod) AS type,
      co.collname AS collation, cn.nspname AS collation_schema,
      a.attnotnull AS not_null,
      a.attidentity::text AS identity,
      a.attgenerated::text AS generated,
      d.oid::int8::text AS default_oid,
      pg_get_expr(d.adbin, d.adrelid) AS expression,
      CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage,
      ${version >= 140000 ? "nullif(a.attcompression::text, '')" : "NULL"} AS compression,
      nullif(a.attstattarget, -1) AS statistics,
      ${sortedItems(columnOptions("a"))} AS options,
      ${sortedItems("a.attfdwoptions")} AS fdw_options,
      a.attinhcount > 0 AS inherited, a.attislocal AS local,
      CASE WHEN a.attinhcount > 0 THEN (
        SELECT json_agg(json_build_array(pc.relkind, pn.nspname, pc.relname) ORDER BY i.inhseqno)
        FROM pg_inherits i
        JOIN pg_class pc ON pc.oid = i.inhparent
        JOIN pg_namespace pn ON pn.oid = pc.relnamespace
        JOIN pg_attribute pa ON pa.attrelid = pc.oid AND pa.attname = a.attname AND NOT pa.attisdropped
        WHERE i.inhrelid = c.oid
      ) END AS parents,
      CASE WHEN a.attidentity <> '' THEN (
        SELECT json_build_object('oid', sc.oid::int8::text, 'schema', sn.nspname, 'name', sc.relname,
          'type', format_type(s.seqtypid, NULL), 'start', s.seqstart::text,
          'increment', s.seqincrement::text, 'min', s.seqmin::text, 'max', s.seqmax::text,
          'cache', s.seqcache::text, 'cycle', s.seqcycle,
          'unlogged', sc.relpersistence <> c.relpersistence,
          'common', (SELECT row_to_json(x) FROM (SELECT ${
    commonColumns({
      catalog: "pg_class",
      oid: "sc.oid",
      owner: "sc.relowner",
      inherited: true,
      acl: "sc.relacl",
      defaults: "'s'",
    })
  }) x))
        FROM pg_depend sd
        JOIN pg_class sc ON sc.oid = sd.objid AND sc.relkind = 'S'
        JOIN pg_namespace sn ON sn.oid = sc.relnamespace
        JOIN pg_sequence s ON s.seqrelid = sc.oid
        WHERE sd.classid = 'pg_class'::regclass AND sd.refclassid = 'pg_class'::regclass
          AND sd.refobjid = c.oid AND sd.refobjsubid = a.attnum AND sd.deptype = 'i'
      ) END AS sequence,
      ${version >= 180000 ? NOT_NULL_COLUMNS : NO_NOT_NULL_COLUMNS},
      ${
    commonColumns({
      catalog: "pg_class",
      oid: "c.oid",
      column: "a.attnum",
      acl: "a.attacl",
      owner: "c.relowner",
      inherited: true,
      defaults: "'c'",
    })
  }
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
    LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    ${version >= 180000 ? NOT_NULL_JOIN : ""}
    WHERE (c.relkind IN ('r', 'p', 'f') OR (c.relkind = 'v' AND d.oid IS NOT NULL))
      AND c.relpersistence <> 't'
      AND a.attnum > 0 AND NOT a.attisdropped
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_class", "c.oid")}
    ORDER BY n.nspname, c.relname, a.attnum`,
  read: (row) => {
    const name = joinName(row.schema, row.relation, row.name);
    const id = objectId("column", name);
    const relation = objectId(
      RELATION[row.relkind] ?? "table",
      joinName(row.schema, row.relation),
    );
    const generated = row.generated !== "" && row.expression !== null;
    const found: Found[] = [];
    if (row.relkind !== "v") {
      found.push({
        object: {
          id,
          kind: "column",
          name,
          parent: relation,
          facts: columnFacts(row),
          position: row.position,
        },
        address: `pg_class/${row.oid}/${row.number}`,
        aliases: [
          ...generated ? [`pg_attrdef/${row.default_oid}/0`] : [],
          ...row.nn_oid === null ? [] : [`pg_constraint/${row.nn_oid}/0`],
          ...row.sequence === null ? [] : [`pg_class/${row.sequence.oid}/0`],
        ],
        droppedWith: row.of_type === null
          ? []
          : [objectId("attribute", joinName(...row.of_type, row.name))],
        dependsOn: (row.parents ?? []).map(([, schema, table]) =>
          objectId("column", joinName(schema, table, row.name))
        ),
      });
    }
    if (row.expression !== null && !generated) {
      found.push({
        object: {
          id: objectId("default", name),
          kind: "default",
          name,
          parent: row.relkind === "v" ? relation : id,
          facts: { expression: normalized(row.expression) },
        },
        address: `pg_attrdef/${row.default_oid}/0`,
      });
    }
    return found;
  },
};

const RELATION: Readonly<Record<string, string>> = {
  r: "table",
  p: "table",
  f: "foreign table",
  v: "view",
};

/** The not-null constraint of a column is a row of `pg_constraint` from version 18 on. */
const NOT_NULL_COLUMNS =
  `nn.conname AS nn_name, nn.oid::int8::text AS nn_oid, nn.convalidated AS nn_validated,
      nn.connoinherit AS nn_no_inherit, nn.conislocal AS nn_local, nn.coninhcount > 0 AS nn_inherited,
      CASE WHEN nn.oid IS NOT NULL THEN ${commentOn("pg_constraint", "nn.oid")} END AS nn_comment`;

const NO_NOT_NULL_COLUMNS =
  `NULL::text AS nn_name, NULL::text AS nn_oid, NULL::bool AS nn_validated,
      NULL::bool AS nn_no_inherit, NULL::bool AS nn_local, NULL::bool AS nn_inherited, NULL::text AS nn_comment`;

const NOT_NULL_JOIN = `LEFT JOIN pg_constraint nn
      ON nn.conrelid = c.oid AND nn.contype = 'n' AND nn.conkey = ARRAY[a.attnum]`;

const STORAGE: Readonly<Record<string, string>> = {
  p: "plain",
  e: "external",
  m: "main",
  x: "extended",
};

function columnFacts(row: Row): Plain<ColumnFacts> {
  const table = row.relation;
  const usual = generatedName(table, row.name, "not_null");
  const notNull = row.nn_name !== null || row.not_null;
  return compact<ColumnFacts>({
    type: row.type,
    collation: row.collation === null ? null : joinName(row.collation_schema ?? "", row.collation),
    not_null: notNull,
    not_null_name: row.nn_name !== null && row.nn_name !== usual ? row.nn_name : null,
    not_null_not_valid: row.nn_validated === false,
    not_null_no_inherit: row.nn_no_inherit === true,
    not_null_local: !row.partition && row.nn_inherited === true && row.nn_local === true,
    not_null_comment: row.nn_comment,
    identity: row.sequence === null ? null : identityFacts(row, row.sequence),
    generated: row.generated === "" || row.expression === null ? null : {
      expression: normalized(row.expression),
      kind: row.generated === "v" ? "virtual" : "stored",
    },
    storage: row.storage === null ? null : STORAGE[row.storage] ?? row.storage,
    compression: row.compression === "p"
      ? "pglz"
      : row.compression === "l"
      ? "lz4"
      : row.compression,
    statistics: row.statistics,
    options: row.options,
    fdw_options: row.fdw_options,
    inherited: row.inherited ? parentNames(row) : null,
    local: row.inherited && row.local,
    ...commonFacts(row),
  });
}

/** The tables that a column is inherited from. */
function parentNames(row: Row): readonly string[] {
  return (row.parents ?? []).map(([, schema, table]) => joinName(schema, table));
}

function identityFacts(row: Row, sequence: NonNullable<Row["sequence"]>): Identity {
  const usual = generatedName(row.relation, row.name, "seq");
  const named = sequence.schema !== row.schema || sequence.name !== usual;
  return compact<IdentityFacts>({
    generation: row.identity === "a" ? "always" : "by default",
    name: named ? joinName(sequence.schema, sequence.name) : null,
    ...sequenceFacts(sequence, row.type),
    persistence_differs: sequence.unlogged,
    ...commonFacts(sequence.common),
  });
}
