/** Constraints of tables and foreign tables; those of domains are facts of the domain, not-null ones of the column. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commentFacts, commentOn, type CommonFacts, compact } from "./common.ts";
import type { StatisticsTargets } from "./index_kind.ts";
import { normalized } from "./normalized_expression.ts";
import { sortedItems } from "./options.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row {
  readonly oid: string;
  readonly schema: string;
  readonly relation: string;
  readonly relkind: string;
  readonly name: string;
  readonly contype: string;
  readonly definition: string;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly validated: boolean;
  readonly enforced: boolean;
  readonly index_oid: string | null;
  readonly clustered: boolean;
  readonly replica_identity: boolean;
  readonly options: readonly string[] | null;
  readonly tablespace: string | null;
  readonly parent_schema: string | null;
  readonly parent_relation: string | null;
  readonly parent_name: string | null;
  readonly columns: readonly string[] | null;
  readonly referenced_schema: string | null;
  readonly referenced: string | null;
  readonly invalid: boolean;
  readonly index_parent_schema: string | null;
  readonly index_parent: string | null;
  readonly inherited: boolean;
  readonly above: readonly (readonly [string, string])[] | null;
  readonly comment: string | null;
  readonly index_comment: string | null;
  readonly merged: boolean;
  readonly statistics: readonly (readonly [number, number])[] | null;
}

const TYPES: Readonly<Record<string, ConstraintType>> = {
  p: "primary key",
  u: "unique",
  f: "foreign key",
  c: "check",
  x: "exclude",
};

/**
 * The facts of a `constraint`. What a child only inherits is not an object, but for a check whose validity is not that of the
 * parent's. Constraint triggers are triggers.
 */
export interface ConstraintFacts extends CommonFacts {
  readonly type: ConstraintType;
  /** Without deferrability, validity and enforcement, which are facts. */
  readonly definition: string;
  readonly columns?: readonly string[];
  /** The table that a foreign key refers to. */
  readonly references?: string;
  readonly deferrable?: true;
  readonly deferred?: true;
  readonly not_valid?: true;
  readonly not_enforced?: true;
  /** Of its index; those of an exclusion stand in its definition. */
  readonly options?: readonly string[];
  readonly tablespace?: string;
  readonly clustered?: true;
  readonly replica_identity?: true;
  readonly statistics?: StatisticsTargets;
  /** A key of a partitioned table, while some of the partitions have none. */
  readonly invalid?: true;
  /** A check that the child has from its parent alone. */
  readonly inherited?: true;
  /** The constraint of the partitioned table whose child it is. */
  readonly attached_to?: string;
  /** The index of the partitioned table whose child its index is. */
  readonly attached_index?: string;
  /** A check that the parent has as well. */
  readonly merged?: true;
  readonly index_comment?: string;
}

/** The types of constraints. */
export type ConstraintType = "primary key" | "unique" | "foreign key" | "check" | "exclude";

/** Reads `constraint`s. */
export const constraints: Reader<Row> = {
  kinds: ["constraint"],
  sql: (version) => `
    SELECT k.oid::int8::text AS oid, n.nspname AS schema, c.relname AS relation, c.relkind::text AS relkind,
      k.conname AS name, k.contype::text AS contype,
      pg_get_constraintdef(k.oid) AS definition,
      k.condeferrable AS deferrable, k.condeferred AS deferred, k.convalidated AS validated,
      ${version >= 180000 ? "k.conenforced" : "true"} AS enforced,
      CASE WHEN k.contype IN ('p', 'u', 'x') THEN ic.oid::int8::text END AS index_oid,
      coalesce(i.indisclustered, false) AS clustered,
      coalesce(i.indisreplident, false) AS replica_identity,
      CASE WHEN k.contype <> 'x' THEN ${sortedItems("ic.reloptions")} END AS options,
      ts.spcname AS tablespace,
      ic.oid IS NOT NULL AND NOT i.indisvalid AS invalid,
      pn.nspname AS parent_schema, pc.relname AS parent_relation, pk.conname AS parent_name,
      ipn.nspname AS index_parent_schema, ip.relname AS index_parent,
      NOT k.conislocal AND k.contype = 'c' AS inherited,
      CASE WHEN k.contype = 'c' AND NOT k.conislocal THEN (
        SELECT json_agg(json_build_array(hn.nspname, hc.relname))
        FROM pg_inherits h
        JOIN pg_class hc ON hc.oid = h.inhparent
        JOIN pg_namespace hn ON hn.oid = hc.relnamespace
        WHERE h.inhrelid = k.conrelid
      ) END AS above,
      (SELECT json_agg((
          SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = u.number
        ) ORDER BY u.place)
        FROM unnest(k.conkey) WITH ORDINALITY u(number, place)) AS columns,
      fn.nspname AS referenced_schema, fc.relname AS referenced,
      CASE WHEN k.contype = 'x' THEN (
        SELECT json_agg(json_build_array(a.attnum, a.attstattarget) ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = ic.oid AND a.attstattarget >= 0
      ) END AS statistics,
      k.coninhcount > 0 AND k.conparentid = 0 AS merged,
      ${commentOn("pg_constraint", "k.oid")} AS comment,
      CASE WHEN ic.oid IS NOT NULL THEN ${commentOn("pg_class", "ic.oid")} END AS index_comment
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class ic ON ic.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
    LEFT JOIN pg_index i ON i.indexrelid = ic.oid
    LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
    LEFT JOIN (pg_class fc
      JOIN pg_namespace fn ON fn.oid = fc.relnamespace) ON fc.oid = k.confrelid
    LEFT JOIN (pg_constraint pk
      JOIN pg_class pc ON pc.oid = pk.conrelid
      JOIN pg_namespace pn ON pn.oid = pc.relnamespace) ON pk.oid = k.conparentid
    LEFT JOIN (pg_inherits ih
      JOIN pg_class ip ON ip.oid = ih.inhparent
      JOIN pg_namespace ipn ON ipn.oid = ip.relnamespace) ON ih.inhrelid = ic.oid AND k.conparentid = 0
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
      AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
      AND (k.conislocal OR k.contype IN ('p', 'u', 'x') OR k.contype = 'c' AND EXISTS (
        SELECT FROM pg_inherits h
        JOIN pg_constraint above ON above.conrelid = h.inhparent AND above.conname = k.conname
          AND above.contype = 'c'
        WHERE h.inhrelid = k.conrelid AND above.convalidated <> k.convalidated))
      AND (k.conparentid = 0 OR k.contype <> 'f')
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_class", "c.oid")}
    ORDER BY n.nspname, c.relname, k.conname`,
  read: (row) => {
    const relation = joinName(row.schema, row.relation);
    const name = joinName(row.schema, row.relation, row.name);
    const attached = row.parent_name === null
      ? null
      : joinName(row.parent_schema ?? "", row.parent_relation ?? "", row.parent_name);
    return {
      object: {
        id: objectId("constraint", name),
        kind: "constraint",
        name,
        parent: objectId(row.relkind === "f" ? "foreign table" : "table", relation),
        facts: compact<ConstraintFacts>({
          type: TYPES[row.contype] ?? "check",
          definition: bare(row),
          columns: row.columns,
          references: row.referenced === null
            ? null
            : joinName(row.referenced_schema ?? "", row.referenced),
          deferrable: row.deferrable,
          deferred: row.deferred,
          not_valid: row.enforced && !row.validated,
          not_enforced: !row.enforced,
          options: row.options,
          tablespace: row.tablespace,
          clustered: row.clustered,
          replica_identity: row.replica_identity,
          statistics: row.statistics,
          invalid: row.invalid,
          inherited: row.inherited,
          attached_to: attached,
          attached_index: row.index_parent === null
            ? null
            : joinName(row.index_parent_schema ?? "", row.index_parent),
          merged: row.merged && !row.inherited,
          ...commentFacts(row.comment),
          index_comment: row.index_comment,
        }),
      },
      address: `pg_constraint/${row.oid}/0`,
      aliases: row.index_oid === null ? [] : [`pg_class/${row.index_oid}/0`],
      ...attached === null ? {} : { droppedWith: [objectId("constraint", attached)] },
      ...row.above === null
        ? {}
        : { dependsOn: row.above.map(([schema, table]) => aboveId(schema, table, row.name)) },
    };
  },
};

function aboveId(schema: string, table: string, name: string): string {
  return objectId("constraint", joinName(schema, table, name));
}

/** The definition without what is told by facts of its own and can be altered in place. */
function bare(row: Row): string {
  let text = row.definition;
  for (
    const [holds, ending] of [
      [!row.validated && row.enforced, " NOT VALID"],
      [!row.enforced, " NOT ENFORCED"],
      [row.deferred, " INITIALLY DEFERRED"],
      [row.deferrable, " DEFERRABLE"],
    ] as const
  ) {
    if (holds && text.endsWith(ending)) text = text.slice(0, -ending.length);
  }
  return normalized(text);
}
