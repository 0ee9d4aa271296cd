/** What Postgres gained with its versions, as far as a schema or a migration may use it; from the release notes of each. */

import { UsageError } from "../../core/error.ts";
import type { Hints, Plan } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Options } from "./catalog/options.ts";
import { usedFeature, type VersionFeature } from "../version_features.ts";
import { isGeneratedDomainNotNull, isGeneratedNotNull } from "./generated_name.ts";
import { lexicon } from "./lexicon.ts";
import { lastName } from "./names.ts";
import type { PostgresObject, PostgresSnapshot } from "./objects.ts";

/** The version that a plan keeps to while neither the settings nor the schema ask for a later one. */
export const OLDEST_PLANNED = 13;

/** A feature, and which objects cannot be without it. */
export interface PostgresFeature extends VersionFeature {
  readonly isUsed?: (object: PostgresObject) => boolean;
  /** Functions that a schema may have brought itself before. */
  readonly functions?: readonly string[];
}

/** Oldest first. */
export const features: readonly PostgresFeature[] = [
  { since: "11", what: "CREATE PROCEDURE", pattern: /\bCREATE\s+(?:OR\s+REPLACE\s+)?PROCEDURE\b/i },
  { since: "11", what: "INCLUDE columns of indexes", pattern: /\bINCLUDE\s*\(/i },
  {
    since: "12",
    what: "generated columns (GENERATED ALWAYS AS (...) STORED)",
    pattern: /\bGENERATED\s+ALWAYS\s+AS\s*\(/i,
  },
  { since: "12", what: "REINDEX CONCURRENTLY", pattern: /\bREINDEX\b.*\bCONCURRENTLY\b/is },
  {
    since: "13",
    what: "gen_random_uuid() without an extension",
    pattern: /\bgen_random_uuid\b/i,
    functions: ["gen_random_uuid"],
  },
  { since: "13", what: "DROP EXPRESSION", pattern: /\bDROP\s+EXPRESSION\b/i },
  {
    since: "14",
    what: "SET COMPRESSION, COMPRESSION of columns",
    pattern: /\bCOMPRESSION\s+(?:pglz|lz4|default)\b/i,
    isUsed: ({ kind, facts }) => kind === "column" && facts.compression !== undefined,
  },
  {
    since: "14",
    what: "CREATE OR REPLACE TRIGGER",
    pattern: /\bCREATE\s+OR\s+REPLACE\s+TRIGGER\b/i,
  },
  {
    since: "14",
    what: "SQL function bodies without quotes (BEGIN ATOMIC, RETURN)",
    pattern: /\bBEGIN\s+ATOMIC\b/i,
    isUsed: ({ kind, facts }) =>
      (kind === "function" || kind === "procedure") && facts.atomic === true,
  },
  {
    since: "14",
    what: "OUT parameters of procedures",
    pattern: /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?PROCEDURE\b[^)]*[(,]\s*OUT\s/i,
    isUsed: ({ kind, facts }) =>
      kind === "procedure" && JSON.stringify(facts.arguments ?? []).includes('"out"'),
  },
  {
    since: "14",
    what: "DETACH PARTITION CONCURRENTLY",
    pattern: /\bDETACH\s+PARTITION\b.*\bCONCURRENTLY\b/is,
  },
  {
    since: "14",
    what: "multirange types",
    pattern: /\b(?:int4|int8|num|ts|tstz|date)multirange\b|\bMULTIRANGE_TYPE_NAME\b/i,
    isUsed: ({ kind, facts }) => kind === "range" && facts.multirange !== undefined,
  },
  { since: "14", what: "SUBSCRIPT of types", pattern: /\bSUBSCRIPT\s*=/i },
  {
    since: "14",
    what: "statistics on expressions",
    pattern: /^\s*CREATE\s+STATISTICS\b.*\bON\b.*\(.*\bFROM\b/is,
    isUsed: (object) => object.kind === "statistics" && says(object, / ON .*\(.* FROM /s),
  },
  { since: "14", what: "date_bin()", pattern: /\bdate_bin\s*\(/i, functions: ["date_bin"] },
  {
    since: "14",
    what: "SEARCH and CYCLE of recursive queries",
    pattern: /\)\s*(?:SEARCH\s+(?:DEPTH|BREADTH)\s+FIRST\s+BY|CYCLE\s+.+?\s+SET)\b/is,
  },
  {
    since: "14",
    what: "bit_xor(), bit_count(), string_to_table(), trim_array(), unistr()",
    pattern: /\b(?:bit_xor|bit_count|string_to_table|trim_array|unistr)\s*\(/i,
    functions: ["bit_xor", "bit_count", "string_to_table", "trim_array", "unistr"],
  },
  {
    since: "14",
    what: "INCLUDE columns of SP-GiST indexes",
    pattern: /\bUSING\s+spgist\b.*\bINCLUDE\s*\(/is,
  },
  {
    since: "14",
    what: "the roles pg_database_owner, pg_read_all_data, pg_write_all_data",
    pattern: /\bpg_(?:database_owner|read_all_data|write_all_data)\b/i,
  },
  { since: "15", what: "MERGE", pattern: /^\s*(?:WITH\b.*)?\bMERGE\s+INTO\b/is },
  {
    since: "15",
    what: "UNIQUE NULLS NOT DISTINCT",
    pattern: /\bNULLS\s+(?:NOT\s+)?DISTINCT\b/i,
    isUsed: (object) =>
      (object.kind === "constraint" || object.kind === "index") &&
      says(object, /NULLS NOT DISTINCT/),
  },
  {
    since: "15",
    what: "views WITH (security_invoker)",
    pattern: /\bsecurity_invoker\b/i,
    isUsed: ({ kind, facts }) =>
      kind === "view" && JSON.stringify(facts.options ?? null).includes("security_invoker"),
  },
  {
    since: "15",
    what: "ON DELETE SET NULL (columns), SET DEFAULT (columns)",
    pattern: /\bON\s+DELETE\s+SET\s+(?:NULL|DEFAULT)\s*\(/i,
    isUsed: (object) =>
      object.kind === "constraint" && says(object, /ON DELETE SET (?:NULL|DEFAULT) \(/),
  },
  {
    since: "15",
    what: "publications FOR TABLES IN SCHEMA",
    pattern: /\bTABLES\s+IN\s+SCHEMA\b/i,
    isUsed: ({ kind }) => kind === "publication schema",
  },
  {
    since: "15",
    what: "publications of columns and rows",
    pattern:
      /^\s*(?:CREATE|ALTER)\s+PUBLICATION\b(?:(?!\bWITH\s*\().)*\bTABLE\b(?:(?!\bWITH\s*\().)*(?:\(|\bWHERE\b)/is,
    isUsed: ({ kind, facts }) =>
      kind === "publication table" && (facts.columns ?? facts.where) !== undefined,
  },
  {
    since: "15",
    what: "unlogged sequences",
    pattern: /\bUNLOGGED\s+SEQUENCE\b|\bALTER\s+SEQUENCE\b.*\bSET\s+(?:UN)?LOGGED\b/i,
    isUsed: ({ kind, facts }) =>
      (kind === "sequence" && facts.unlogged === true) ||
      (kind === "column" && facts.identity?.persistence_differs === true),
  },
  {
    since: "15",
    what: "SET ACCESS METHOD",
    pattern: /\bSET\s+ACCESS\s+METHOD\b/i,
    // Without it the table is recreated with all its rows, for the sake of versions that hardly have such tables.
    isUsed: ({ kind, facts }) =>
      (kind === "table" || kind === "materialized view") && facts.access_method !== undefined,
  },
  {
    since: "15",
    what: "regexp_count(), regexp_like(), regexp_substr(), regexp_instr()",
    pattern: /\bregexp_(?:count|like|substr|instr)\s*\(/i,
    functions: ["regexp_count", "regexp_like", "regexp_substr", "regexp_instr"],
  },
  {
    since: "15",
    what: "numeric types with a negative scale, or one that exceeds the precision",
    pattern: /\bnumeric\s*\(\s*\d+\s*,\s*-/i,
  },
  {
    since: "15",
    what: "privileges on parameters",
    pattern: /^\s*(?:GRANT|REVOKE)\b.*\bON\s+PARAMETER\b/is,
  },
  {
    since: "15",
    what: "the role pg_checkpoint",
    pattern: /\bpg_checkpoint\b/i,
  },
  {
    since: "15",
    what: "two_phase and disable_on_error of subscriptions",
    pattern: /\bSUBSCRIPTION\b.*\b(?:two_phase|disable_on_error)\b/is,
    isUsed: ({ kind, facts }) =>
      kind === "subscription" && usesOption(facts.options, ["two_phase", "disable_on_error"]),
  },
  { since: "16", what: "SET STORAGE DEFAULT", pattern: /\bSTORAGE\s+DEFAULT\b/i },
  {
    since: "16",
    what: "STORAGE in CREATE TABLE",
    pattern: /\bCREATE\b.*\bTABLE\b.*\bSTORAGE\s+(?:PLAIN|EXTERNAL|EXTENDED|MAIN|DEFAULT)\b/is,
  },
  { since: "16", what: "any_value()", pattern: /\bany_value\s*\(/i, functions: ["any_value"] },
  {
    since: "16",
    what: "IS JSON, JSON_ARRAY(), JSON_ARRAYAGG(), JSON_OBJECTAGG()",
    pattern: /\bIS\s+(?:NOT\s+)?JSON\b|\bJSON_(?:ARRAY|ARRAYAGG|OBJECTAGG)\s*\(/i,
  },
  {
    since: "16",
    what: "numbers with underscores, and in other bases",
    pattern: /\b\d+_\d|\b0[xob][0-9a-f]/i,
  },
  {
    since: "16",
    what: "RULES of collations",
    pattern: /^\s*CREATE\s+COLLATION\b.*\bRULES\s*=/is,
    isUsed: ({ kind, facts }) => kind === "collation" && facts.rules !== undefined,
  },
  {
    since: "16",
    what: "CREATE STATISTICS without a name",
    pattern: /^\s*CREATE\s+STATISTICS\s+(?:\([^)]*\)\s*)?ON\b/i,
  },
  {
    since: "16",
    what: "GRANT of a role WITH INHERIT, WITH SET",
    pattern: /^\s*GRANT\b.*\bWITH\b.*\b(?:INHERIT|SET)\s+(?:TRUE|FALSE|OPTION)\b/is,
  },
  {
    since: "16",
    what: "the roles pg_create_subscription, pg_use_reserved_connections",
    pattern: /\bpg_(?:create_subscription|use_reserved_connections)\b/i,
  },
  {
    since: "16",
    what: "origin, password_required and run_as_owner of subscriptions",
    pattern: /\bSUBSCRIPTION\b.*\b(?:origin|password_required|run_as_owner)\s*=/is,
    isUsed: ({ kind, facts }) =>
      kind === "subscription" &&
      usesOption(facts.options, ["origin", "password_required", "run_as_owner"]),
  },
  {
    since: "16",
    what: "pg_input_is_valid(), random_normal(), date_add(), array_sample(), array_shuffle()",
    pattern:
      /\b(?:pg_input_is_valid|random_normal|date_add|date_subtract|array_sample|array_shuffle)\s*\(/i,
    functions: [
      ...["pg_input_is_valid", "random_normal", "date_add", "date_subtract"],
      ...["array_sample", "array_shuffle"],
    ],
  },
  {
    since: "17",
    what: "SET EXPRESSION AS",
    pattern: /\bSET\s+EXPRESSION\s+AS\b/i,
  },
  {
    since: "17",
    what: "JSON_TABLE(), JSON_EXISTS(), JSON_QUERY(), JSON_VALUE()",
    pattern: /\bJSON_(?:TABLE|EXISTS|QUERY|VALUE|SCALAR|SERIALIZE)\s*\(/i,
  },
  {
    since: "17",
    what: "the MAINTAIN privilege",
    pattern: /\b(?:GRANT|REVOKE)\b.*\bMAINTAIN\b/is,
    isUsed: ({ facts }) => "grants" in facts && JSON.stringify(facts.grants).includes('"MAINTAIN"'),
  },
  {
    since: "17",
    what: "access methods of partitioned tables",
    pattern: /\bSET\s+ACCESS\s+METHOD\s+DEFAULT\b|\)\s+PARTITION\s+BY\b.*\)\s+USING\s/is,
    isUsed: ({ kind, facts }) =>
      kind === "table" && facts.partition_by !== undefined && facts.access_method !== undefined,
  },
  {
    since: "17",
    what: "names of a domain's NOT NULL",
    pattern: /\bALTER\s+DOMAIN\b.*\bADD\s+CONSTRAINT\s+\S+\s+NOT\s+NULL\b/i,
    isUsed: ({ kind, facts }) =>
      kind === "domain" && (facts.not_null_comment !== undefined ||
        !isGeneratedDomainNotNull(facts.not_null_name)),
  },
  {
    since: "17",
    what: "MERGE ... RETURNING, WHEN NOT MATCHED BY SOURCE",
    pattern: /\bMERGE\b.*\b(?:RETURNING|NOT\s+MATCHED\s+BY)\b/is,
  },
  {
    since: "17",
    what: "event triggers ON login",
    pattern: /^\s*CREATE\s+EVENT\s+TRIGGER\b.*\bON\s+login\b/is,
    isUsed: ({ kind, facts }) => kind === "event trigger" && facts.event === "login",
  },
  {
    since: "17",
    what: "collations of the provider builtin",
    pattern: /^\s*CREATE\s+COLLATION\b.*\bPROVIDER\s*=\s*builtin\b/is,
    isUsed: ({ kind, facts }) => kind === "collation" && facts.provider === "builtin",
  },
  {
    since: "17",
    what: "SET STATISTICS DEFAULT",
    pattern: /\bSET\s+STATISTICS\s+DEFAULT\b/i,
  },
  {
    since: "17",
    what: "the role pg_maintain",
    pattern: /\bpg_maintain\b/i,
  },
  {
    since: "17",
    what: "failover of subscriptions",
    pattern: /\bSUBSCRIPTION\b.*\bfailover\s*=/is,
    isUsed: ({ kind, facts }) => kind === "subscription" && usesOption(facts.options, ["failover"]),
  },
  {
    since: "17",
    what: "to_bin(), to_oct(), uuid_extract_timestamp(), uuid_extract_version()",
    pattern: /\b(?:to_bin|to_oct|uuid_extract_timestamp|uuid_extract_version)\s*\(/i,
    functions: ["to_bin", "to_oct", "uuid_extract_timestamp", "uuid_extract_version"],
  },
  { since: "17", what: "AT LOCAL", pattern: /\bAT\s+LOCAL\b/i },
  {
    since: "18",
    what: "virtual generated columns (GENERATED ALWAYS AS (...) without STORED)",
    pattern:
      /\bGENERATED\s+ALWAYS\s+AS\s*\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)(?!\s*STORED\b)/i,
    isUsed: ({ kind, facts }) => kind === "column" && facts.generated?.kind === "virtual",
  },
  {
    since: "18",
    what: "NOT NULL as a table constraint (ADD CONSTRAINT n NOT NULL c, ADD NOT NULL c, NOT VALID)",
    // In a column's clause every version reads the name; the older ones forget it.
    pattern:
      /^(?!\s*ALTER\s+DOMAIN\b).*\bADD\s+(?:CONSTRAINT\s+\S+\s+)?NOT\s+NULL\b|[(,]\s*(?:CONSTRAINT\s+\S+\s+)?NOT\s+NULL\s|\bALTER\s+CONSTRAINT\b.*\bINHERIT\b|\bRENAME\s+CONSTRAINT\s+\S+_not_null\d*\s/is,
    isUsed: ({ kind, facts }) =>
      kind === "column" && (
        facts.not_null_not_valid === true || facts.not_null_no_inherit === true ||
        facts.not_null_comment !== undefined || !isGeneratedNotNull(facts.not_null_name)
      ),
  },
  {
    since: "18",
    what: "NOT ENFORCED constraints",
    pattern: /\)\s*(?:NOT\s+)?ENFORCED\b|\bALTER\s+CONSTRAINT\s+\S+\s+(?:NOT\s+)?ENFORCED\b/i,
    isUsed: ({ kind, facts }) => kind === "constraint" && facts.not_enforced === true,
  },
  {
    since: "18",
    what: "WITHOUT OVERLAPS and PERIOD in keys",
    pattern: /\bWITHOUT\s+OVERLAPS\b|\bPERIOD\s+(?:\w+|'')\s*\)/i,
    isUsed: (object) => object.kind === "constraint" && says(object, /WITHOUT OVERLAPS|PERIOD /),
  },
  {
    since: "18",
    what: "publications of generated columns",
    pattern: /\bpublish_generated_columns\b/i,
    isUsed: ({ kind, facts }) => kind === "publication" && facts.generated_columns !== undefined,
  },
  {
    since: "18",
    what: "uuidv7(), uuidv4()",
    pattern: /\buuidv[47]\s*\(/i,
    functions: ["uuidv7", "uuidv4"],
  },
  {
    since: "18",
    what: "casefold(), crc32(), crc32c(), array_sort(), array_reverse(), gamma(), lgamma()",
    pattern: /\b(?:casefold|crc32c?|array_sort|array_reverse|l?gamma)\s*\(/i,
    functions: [
      ...["casefold", "crc32", "crc32c", "array_sort", "array_reverse", "gamma", "lgamma"],
    ],
  },
  {
    since: "18",
    what: "default privileges of large objects",
    pattern: /^\s*ALTER\s+DEFAULT\s+PRIVILEGES\b.*\bON\s+LARGE\s+OBJECTS\b/is,
  },
  {
    since: "18",
    what: "the role pg_signal_autovacuum_worker",
    pattern: /\bpg_signal_autovacuum_worker\b/i,
  },
  { since: "18", what: "RETURNING OLD and NEW", pattern: /\bRETURNING\b.*\b(?:old|new)\s*\./is },
];

/**
 * The plan for a schema, when the deployed version takes all of it.
 *
 * @throws {UsageError} for a feature that it does not have, with the object that needs it.
 */
export function checkedPlan(plan: Plan, to: Snapshot, { deployedVersion }: Hints): Plan {
  if (deployedVersion === null) return plan;
  const deployed = parseInt(deployedVersion);
  const lacking = features.filter((feature) =>
    parseInt(feature.since) > deployed && !isBrought(feature, to)
  );
  for (const { sql, serves } of plan.statements) {
    const feature = usedFeature(sql, lacking, lexicon);
    if (feature === null) continue;
    const [id = ""] = serves;
    const object = `${id.slice(0, id.indexOf(":"))} ${id.slice(id.indexOf(":") + 1)}`;
    const [line = ""] = sql.split("\n");
    throw new UsageError(
      `Cannot plan for Postgres ${deployed}: ${object} needs "${feature.what}"`,
      {
        code: "engine-version",
        hint: `Postgres has this from version ${feature.since} on; the statement is: ${line}`,
      },
    );
  }
  return plan;
}

/** True when the schema has the functions of a feature by itself or by an extension. */
function isBrought({ functions = [] }: PostgresFeature, { objects }: Snapshot): boolean {
  if (functions.includes("gen_random_uuid") && objects.has("extension:pgcrypto")) return true;
  return functions.length > 0 &&
    [...objects.values()].some(({ kind, name }) =>
      kind === "function" && functions.includes(lastName(name))
    );
}

const neededCache = new WeakMap<PostgresSnapshot, number>();

/** The major version from which on a server can hold the schema, as far as its catalog tells; 0 where every one can. */
export function versionNeeded(snapshot: PostgresSnapshot): number {
  const known = neededCache.get(snapshot);
  if (known !== undefined) return known;
  let needed = 0;
  for (const object of snapshot.objects.values()) {
    for (const { since, isUsed } of features) {
      const version = parseInt(since);
      if (version > needed && isUsed?.(object) === true) needed = version;
    }
  }
  neededCache.set(snapshot, needed);
  return needed;
}

function usesOption(options: Options | undefined, names: readonly string[]): boolean {
  return options !== undefined && names.some((name) => Object.hasOwn(options, name));
}

function says(object: { readonly facts: { readonly definition: string } }, term: RegExp) {
  return term.test(object.facts.definition);
}
