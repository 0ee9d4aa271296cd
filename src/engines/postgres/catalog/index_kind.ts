/** Indexes that no constraint owns. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commentFacts, commentOn, type CommonFacts, compact } from "./common.ts";
import { normalized } from "./normalized_expression.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly relation_schema: string;
  readonly relation: string;
  readonly relkind: string;
  readonly definition: string;
  readonly unique: boolean;
  readonly valid: boolean;
  readonly clustered: boolean;
  readonly replica_identity: boolean;
  readonly tablespace: string | null;
  readonly options: readonly string[] | null;
  readonly parent_schema: string | null;
  readonly parent_name: string | null;
  readonly statistics: readonly (readonly [number, number])[] | null;
  readonly comment: string | null;
}

/** The facts of an `index`. */
export interface IndexFacts extends CommonFacts {
  /** The table or materialized view. */
  readonly on: string;
  /** From the access method on, without options. */
  readonly definition: string;
  readonly unique?: true;
  readonly options?: readonly string[];
  readonly tablespace?: string;
  readonly clustered?: true;
  readonly replica_identity?: true;
  /** An index of a partitioned table, while some of the partitions have none. */
  readonly invalid?: true;
  readonly statistics?: StatisticsTargets;
  /** The index of the partitioned table whose child it is. */
  readonly attached_to?: string;
}

/** Statistics targets by the number of the column of an index. */
export type StatisticsTargets = readonly (readonly [column: number, target: number])[];

/** Reads `index`es. */
export const indexes: Reader<Row> = {
  kinds: ["index"],
  sql: () => `
    SELECT ic.oid::int8::text AS oid, n.nspname AS schema, ic.relname AS name,
      cn.nspname AS relation_schema, c.relname AS relation, c.relkind::text AS relkind,
      substr(pg_get_indexdef(ic.oid), 1 + length(
        'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' || quote_ident(ic.relname)
        || ' ON ' || CASE ic.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END
        || quote_ident(cn.nspname) || '.' || quote_ident(c.relname) || ' USING ')) AS definition,
      i.indisunique AS "unique", i.indisvalid AS valid,
      i.indisclustered AS clustered, i.indisreplident AS replica_identity,
      ts.spcname AS tablespace,
      to_json(ic.reloptions) AS options,
      pn.nspname AS parent_schema, p.relname AS parent_name,
      (SELECT json_agg(json_build_array(a.attnum, a.attstattarget) ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = ic.oid AND a.attstattarget >= 0) AS statistics,
      ${commentOn("pg_class", "ic.oid")} AS comment
    FROM pg_index i
    JOIN pg_class ic ON ic.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = ic.relnamespace
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace cn ON cn.oid = c.relnamespace
    LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
    LEFT JOIN (pg_inherits h
      JOIN pg_class p ON p.oid = h.inhparent
      JOIN pg_namespace pn ON pn.oid = p.relnamespace) ON h.inhrelid = ic.oid
    WHERE ic.relpersistence <> 't'
      AND NOT EXISTS (
        SELECT FROM pg_constraint k WHERE k.conindid = ic.oid AND k.contype IN ('p', 'u', 'x')
          AND k.conrelid = i.indrelid)
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_class", "ic.oid")}
      AND ${notOfExtension("pg_class", "c.oid")}
    ORDER BY ic.oid`,
  read: (row) => {
    const on = joinName(row.relation_schema, row.relation);
    const name = joinName(row.schema, row.name);
    const attached = row.parent_name === null
      ? null
      : joinName(row.parent_schema ?? "", row.parent_name);
    const { definition, options } = withoutOptions(
      normalized(row.definition),
      row.options ?? [],
    );
    return {
      object: {
        id: objectId("index", name),
        kind: "index",
        name,
        parent: objectId(row.relkind === "m" ? "materialized view" : "table", on),
        facts: compact<IndexFacts>({
          on,
          definition,
          unique: row.unique,
          options,
          tablespace: row.tablespace,
          clustered: row.clustered,
          replica_identity: row.replica_identity,
          invalid: !row.valid,
          statistics: row.statistics,
          attached_to: attached,
          ...commentFacts(row.comment),
        }),
      },
      address: `pg_class/${row.oid}/0`,
    };
  },
};

/** Takes ` WITH (...)` out of a definition, as the server prints it; leaves both as they are when it is not found. */
function withoutOptions(definition: string, options: readonly string[]) {
  if (options.length === 0) return { definition, options: null };
  const printed = options.map((option) => {
    const at = option.indexOf("=");
    const value = option.slice(at + 1);
    const plain = /^[a-z_][a-z0-9_$]*$/.test(value);
    return `${option.slice(0, at)}=${plain ? value : `'${value.replaceAll("'", "''")}'`}`;
  });
  const clause = ` WITH (${printed.join(", ")})`;
  const quotedAll = ` WITH (${
    options.map((option) => option.replace(/=(.*)$/s, "='$1'")).join(", ")
  })`;
  for (const text of [clause, quotedAll]) {
    if (definition.includes(text)) {
      return { definition: definition.replace(text, () => ""), options: [...options].sort() };
    }
  }
  return { definition, options: null };
}
