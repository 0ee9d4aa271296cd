/** Tables: plain, partitioned, partitions, children, typed. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import { sortedItems } from "./options.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly unlogged: boolean;
  readonly partition_by: string | null;
  readonly bound: string | null;
  readonly parents: readonly (readonly [string, string])[] | null;
  readonly of_schema: string | null;
  readonly of_type: string | null;
  readonly options: readonly string[] | null;
  readonly toast_options: readonly string[] | null;
  readonly access_method: string | null;
  readonly tablespace: string | null;
  readonly row_security: boolean;
  readonly force_row_security: boolean;
  readonly replica_identity: "full" | "nothing" | null;
}

/** The facts of a `table`. */
export interface TableFacts extends CommonFacts {
  readonly unlogged?: true;
  /** `RANGE (at)` */
  readonly partition_by?: string;
  readonly partition_of?: PartitionOf;
  readonly inherits?: readonly string[];
  /** The composite type that a typed table is made of. */
  readonly of?: string;
  readonly options?: readonly string[];
  readonly toast_options?: readonly string[];
  readonly access_method?: string;
  readonly tablespace?: string;
  readonly row_security?: true;
  readonly force_row_security?: true;
  /** An index that is the identity says so itself. */
  readonly replica_identity?: "full" | "nothing";
}

/** The partitioned table that a partition belongs to, and its bound as SQL. */
export type PartitionOf = { readonly parent: string; readonly bound: string };

/** Reads `table`s. */
export const tables: Reader<Row> = {
  kinds: ["table"],
  sql: () => `
    SELECT c.oid::int8::text AS oid, n.nspname AS schema, c.relname AS name,
      c.relpersistence = 'u' AS unlogged,
      CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS partition_by,
      pg_get_expr(c.relpartbound, c.oid) AS bound,
      (SELECT json_agg(json_build_array(pn.nspname, p.relname) ORDER BY i.inhseqno)
        FROM pg_inherits i
        JOIN pg_class p ON p.oid = i.inhparent
        JOIN pg_namespace pn ON pn.oid = p.relnamespace
        WHERE i.inhrelid = c.oid) AS parents,
      tn.nspname AS of_schema, t.typname AS of_type,
      ${sortedItems("c.reloptions")} AS options,
      ${sortedItems("tc.reloptions")} AS toast_options,
      CASE WHEN am.amname <> 'heap' OR c.relkind = 'p' THEN am.amname END AS access_method,
      ts.spcname AS tablespace,
      c.relrowsecurity AS row_security,
      c.relforcerowsecurity AS force_row_security,
      CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' END AS replica_identity,
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
    LEFT JOIN pg_type t ON t.oid = c.reloftype
    LEFT JOIN pg_namespace tn ON tn.oid = t.typnamespace
    LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid
    LEFT JOIN pg_am am ON am.oid = c.relam
    LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
    WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_class", "c.oid")}
    ORDER BY n.nspname, c.relname`,
  read: (row) => {
    const parents = (row.parents ?? []).map(([schema, name]) => joinName(schema, name));
    const partition = row.bound !== null;
    return {
      object: {
        id: objectId("table", joinName(row.schema, row.name)),
        kind: "table",
        name: joinName(row.schema, row.name),
        parent: null,
        facts: compact<TableFacts>({
          unlogged: row.unlogged,
          partition_by: row.partition_by,
          partition_of: partition ? { parent: parents[0] ?? "", bound: row.bound } : null,
          inherits: partition || parents.length === 0 ? null : parents,
          of: row.of_type === null ? null : joinName(row.of_schema ?? "", row.of_type),
          options: row.options,
          toast_options: row.toast_options,
          access_method: row.access_method,
          tablespace: row.tablespace,
          row_security: row.row_security,
          force_row_security: row.force_row_security,
          replica_identity: row.replica_identity,
          ...commonFacts(row),
        }),
      },
      address: `pg_class/${row.oid}/0`,
    };
  },
};
