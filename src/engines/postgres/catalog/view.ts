/** Views and materialized views. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import {
  type AclEntry,
  aclJson,
  commentOn,
  commonColumns,
  type CommonFacts,
  commonFacts,
  type CommonRow,
  compact,
  type Plain,
  privilegeFacts,
} from "./common.ts";
import { normalized } from "./normalized_expression.ts";
import { columnOptions, optionRecord, type Options } from "./options.ts";
import type { Reader } from "./reader.ts";
import { otherCollation } from "./type_traits.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly rule: string | null;
  readonly relkind: string;
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly options: readonly string[] | null;
  readonly toast_options: readonly string[] | null;
  readonly access_method: string | null;
  readonly tablespace: string | null;
  readonly unpopulated: boolean;
  readonly columns: readonly ColumnRow[] | null;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly collation: readonly [string, string] | null;
  readonly comment: string | null;
  readonly acl: readonly AclEntry[] | null;
  readonly statistics: number | null;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly options: readonly string[] | null;
}

/** The facts of a `view`. */
export interface ViewFacts extends CommonFacts {
  readonly definition: string;
  /** In their order. */
  readonly columns?: readonly ViewColumn[];
  readonly options?: Options;
  /** By the name of the column. */
  readonly column_settings?: Readonly<Record<string, Plain<ViewColumnSettings>>>;
}

/** The facts of a `materialized view`. */
export interface MaterializedViewFacts extends ViewFacts {
  readonly toast_options?: Options;
  readonly access_method?: string;
  readonly tablespace?: string;
  /** Its query was never run. */
  readonly unpopulated?: true;
}

/** A column of a view. */
export type ViewColumn = {
  readonly name: string;
  readonly type: string;
  readonly collation?: string;
};

/** What is set for a column of a view: comment and grants; for one of a materialized view also how it is stored. */
export interface ViewColumnSettings extends CommonFacts {
  readonly statistics?: number;
  readonly storage?: string;
  readonly compression?: string;
  readonly options?: Options;
}

/** Reads `view`s and `materialized view`s. */
export const views: Reader<Row> = {
  kinds: ["view", "materialized view"],
  sql: (version) => `
    SELECT c.oid::int8::text AS oid, r.oid::int8::text AS rule, c.relkind::text AS relkind, n.nspname AS schema,
      c.relname AS name,
      pg_get_viewdef(c.oid) AS definition,
      to_json(c.reloptions) AS options, to_json(tc.reloptions) AS toast_options,
      CASE WHEN am.amname <> 'heap' THEN am.amname END AS access_method,
      ts.spcname AS tablespace, NOT c.relispopulated AS unpopulated,
      (SELECT json_agg(json_build_object(
          'name', a.attname,
          'type', format_type(a.atttypid, a.atttypmod),
          'collation', ${otherCollation("a.attcollation", "t.typcollation")},
          'comment', ${commentOn("pg_class", "c.oid", "a.attnum")},
          'acl', CASE WHEN a.attacl IS NOT NULL THEN ${aclJson("a.attacl", "c.relowner")} END,
          'statistics', nullif(a.attstattarget, -1),
          'storage', CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END,
          'compression', ${version >= 140000 ? "nullif(a.attcompression::text, '')" : "NULL"},
          'options', to_json(${columnOptions("a")})) ORDER BY a.attnum)
        FROM pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
      ${
    commonColumns({
      catalog: "pg_class",
      oid: "c.oid",
      owner: "c.relowner",
      acl: "c.relacl",
      defaults: "'r'",
    })
  }
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
    LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid
    LEFT JOIN pg_am am ON am.oid = c.relam
    LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
    WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't'
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_class", "c.oid")}
    ORDER BY n.nspname, c.relname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    const kind = row.relkind === "v" ? "view" : "materialized view";
    const columns = row.columns ?? [];
    return {
      object: {
        id: objectId(kind, name),
        kind,
        name,
        parent: null,
        facts: compact<MaterializedViewFacts>({
          definition: normalized(row.definition.trim().replace(/;$/, "")),
          columns: columns.map((column) =>
            compact<ViewColumn>({
              name: column.name,
              type: column.type,
              collation: column.collation === null ? null : joinName(...column.collation),
            })
          ),
          options: optionRecord(row.options),
          toast_options: optionRecord(row.toast_options),
          access_method: row.access_method,
          tablespace: row.tablespace,
          unpopulated: kind === "materialized view" && row.unpopulated,
          column_settings: columnSettings(columns, kind),
          ...commonFacts(row),
        }),
      },
      address: `pg_class/${row.oid}/0`,
      aliases: row.rule === null ? [] : [`pg_rewrite/${row.rule}/0`],
    };
  },
};

function columnSettings(columns: readonly ColumnRow[], kind: string) {
  const settings: Record<string, Plain<ViewColumnSettings>> = {};
  for (const column of columns) {
    const { comment, acl, storage, compression } = column;
    const isStored = kind !== "view";
    const found = compact<ViewColumnSettings>({
      owner: null,
      comment,
      ...privilegeFacts(acl, []),
      statistics: isStored && column.statistics,
      storage: isStored && storage !== null && STORAGE[storage],
      compression: isStored && compression !== null && COMPRESSION[compression],
      options: isStored && optionRecord(column.options),
    });
    if (Object.keys(found).length > 0) settings[column.name] = found;
  }
  return Object.keys(settings).length === 0 ? null : settings;
}

const STORAGE: Readonly<Record<string, string>> = {
  p: "plain",
  e: "external",
  m: "main",
  x: "extended",
};

const COMPRESSION: Readonly<Record<string, string>> = { p: "pglz", l: "lz4" };
