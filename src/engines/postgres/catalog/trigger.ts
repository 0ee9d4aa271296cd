/** Triggers and rules of tables, foreign tables and views. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commentFacts, commentOn, type CommonFacts, compact } from "./common.ts";
import { normalized } from "./normalized_expression.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row {
  readonly oid: string;
  readonly schema: string;
  readonly relation: string;
  readonly relkind: string;
  readonly name: string;
  readonly definition: string;
  readonly enabled: string;
  readonly comment: string | null;
}

interface TriggerRow extends Row {
  readonly table: string;
  readonly constraint_oid: string | null;
  readonly clone: boolean;
}

/** The facts of a `trigger`. What a partition has from its parent is an object only where its state differs: a clone. */
export interface TriggerFacts extends CommonFacts {
  /** From the timing on; a clone has none. */
  readonly definition?: string;
  readonly constraint?: true;
  readonly clone?: true;
  /** Absent when it fires as usual. */
  readonly enabled?: "disabled" | "replica" | "always";
}

/** Reads `trigger`s. */
export const triggers: Reader<TriggerRow> = {
  kinds: ["trigger"],
  sql: (version) => `
    SELECT t.oid::int8::text AS oid, n.nspname AS schema, c.relname AS relation, c.relkind::text AS relkind,
      t.tgname AS name,
      pg_get_triggerdef(t.oid) AS definition,
      quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS "table",
      t.tgenabled::text AS enabled,
      nullif(t.tgconstraint, 0)::int8::text AS constraint_oid,
      ${version >= 130000 ? "t.tgparentid <> 0" : "false"} AS clone,
      ${commentOn("pg_trigger", "t.oid")} AS comment
    FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    ${version >= 130000 ? "LEFT JOIN pg_trigger p ON p.oid = t.tgparentid" : ""}
    WHERE ${
    version >= 150000
      ? "NOT t.tgisinternal AND (t.tgparentid = 0 OR t.tgenabled <> p.tgenabled)"
      : version >= 130000
      ? `(NOT t.tgisinternal AND t.tgparentid = 0
        OR t.tgparentid <> 0 AND NOT p.tgisinternal AND t.tgenabled <> p.tgenabled)`
      : "NOT t.tgisinternal"
  }
      AND c.relpersistence <> 't'
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_trigger", "t.oid")}
      AND ${notOfExtension("pg_class", "c.oid")}
    ORDER BY n.nspname, c.relname, t.tgname`,
  read: (row) => {
    const name = joinName(row.schema, row.relation, row.name);
    const constraint = row.definition.startsWith("CREATE CONSTRAINT TRIGGER ");
    return {
      object: {
        id: objectId("trigger", name),
        kind: "trigger",
        name,
        parent: objectId(RELATION[row.relkind] ?? "table", joinName(row.schema, row.relation)),
        facts: compact<TriggerFacts>({
          definition: row.clone ? null : normalized(triggerBody(row)),
          constraint: constraint && !row.clone,
          clone: row.clone,
          enabled: ENABLED[row.enabled],
          ...commentFacts(row.comment),
        }),
      },
      address: `pg_trigger/${row.oid}/0`,
      aliases: constraint && row.constraint_oid !== null
        ? [`pg_constraint/${row.constraint_oid}/0`]
        : [],
    };
  },
};

/** The facts of a `rule`. The rule that makes a view a view is the view. */
export interface RuleFacts extends CommonFacts {
  /** From ON on. */
  readonly definition: string;
  /** Absent when it works as usual. */
  readonly enabled?: "disabled" | "replica" | "always";
}

/** Reads `rule`s. */
export const rules: Reader<Row> = {
  kinds: ["rule"],
  rare: true,
  sql: () => `
    SELECT r.oid::int8::text AS oid, n.nspname AS schema, c.relname AS relation, c.relkind::text AS relkind,
      r.rulename AS name,
      substr(pg_get_ruledef(r.oid, true), 1 + length('CREATE RULE ' || quote_ident(r.rulename) || ' AS')) AS definition,
      r.ev_enabled::text AS enabled,
      ${commentOn("pg_rewrite", "r.oid")} AS comment
    FROM pg_rewrite r
    JOIN pg_class c ON c.oid = r.ev_class
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN'
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_class", "c.oid")}
      AND ${notOfExtension("pg_rewrite", "r.oid")}
    ORDER BY n.nspname, c.relname, r.rulename`,
  read: (row) => {
    const name = joinName(row.schema, row.relation, row.name);
    return {
      object: {
        id: objectId("rule", name),
        kind: "rule",
        name,
        parent: objectId(RELATION[row.relkind] ?? "table", joinName(row.schema, row.relation)),
        facts: compact<RuleFacts>({
          definition: normalized(row.definition.trim().replace(/;$/, "")),
          enabled: ENABLED[row.enabled],
          ...commentFacts(row.comment),
        }),
      },
      address: `pg_rewrite/${row.oid}/0`,
    };
  },
};

const RELATION: Readonly<Record<string, string>> = {
  f: "foreign table",
  m: "materialized view",
  v: "view",
};

const ENABLED: Readonly<Record<string, TriggerFacts["enabled"]>> = {
  D: "disabled",
  R: "replica",
  A: "always",
};

/** The definition without its name, and with the table as written by hand. */
function triggerBody(row: TriggerRow): string {
  const head = /^CREATE (?:CONSTRAINT )?TRIGGER (?:"(?:[^"]|"")*"|[^ ]+) /.exec(row.definition);
  const body = row.definition.slice(head?.[0].length ?? 0);
  return row.schema === "public"
    ? body.replace(` ON ${row.table} `, () => ` ON ${row.table.slice("public.".length)} `)
    : body;
}
