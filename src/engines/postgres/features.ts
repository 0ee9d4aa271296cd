/** What Postgres gained with its versions, as far as a migration may use it; from the release notes of each. */

import type { VersionFeature } from "../version_features.ts";

/** Oldest first. */
export const features: readonly VersionFeature[] = [
  { since: "11", what: "CREATE PROCEDURE", pattern: /\bCREATE\s+(?:OR\s+REPLACE\s+)?PROCEDURE\b/i },
  { since: "11", what: "INCLUDE columns of indexes", pattern: /\bINCLUDE\s*\(/i },
  {
    since: "12",
    what: "generated columns (GENERATED ALWAYS AS (...) STORED)",
    pattern: /\bGENERATED\s+ALWAYS\s+AS\s*\(/i,
  },
  { since: "12", what: "REINDEX CONCURRENTLY", pattern: /\bREINDEX\b.*\bCONCURRENTLY\b/is },
  { since: "13", what: "gen_random_uuid() without an extension", pattern: /\bgen_random_uuid\b/i },
  { since: "13", what: "DROP EXPRESSION", pattern: /\bDROP\s+EXPRESSION\b/i },
  {
    since: "14",
    what: "SET COMPRESSION, COMPRESSION of columns",
    pattern: /\bCOMPRESSION\s+(?:pglz|lz4|default)\b/i,
  },
  {
    since: "14",
    what: "SQL function bodies without quotes (BEGIN ATOMIC, RETURN)",
    pattern: /\bBEGIN\s+ATOMIC\b/i,
  },
  {
    since: "14",
    what: "DETACH PARTITION CONCURRENTLY",
    pattern: /\bDETACH\s+PARTITION\b.*\bCONCURRENTLY\b/is,
  },
  {
    since: "14",
    what: "multirange types",
    pattern: /\b(?:int4|int8|num|ts|tstz|date)multirange\b/i,
  },
  { since: "14", what: "date_bin()", pattern: /\bdate_bin\s*\(/i },
  { since: "15", what: "MERGE", pattern: /^\s*(?:WITH\b.*)?\bMERGE\s+INTO\b/is },
  {
    since: "15",
    what: "UNIQUE NULLS NOT DISTINCT",
    pattern: /\bNULLS\s+(?:NOT\s+)?DISTINCT\b/i,
  },
  {
    since: "15",
    what: "views WITH (security_invoker)",
    pattern: /\bsecurity_invoker\b/i,
  },
  {
    since: "15",
    what: "ON DELETE SET NULL (columns), SET DEFAULT (columns)",
    pattern: /\bON\s+DELETE\s+SET\s+(?:NULL|DEFAULT)\s*\(/i,
  },
  {
    since: "15",
    what: "publications FOR TABLES IN SCHEMA",
    pattern: /\bTABLES\s+IN\s+SCHEMA\b/i,
  },
  {
    since: "15",
    what: "regexp_count(), regexp_like(), regexp_substr(), regexp_instr()",
    pattern: /\bregexp_(?:count|like|substr|instr)\s*\(/i,
  },
  { since: "16", what: "SET STORAGE DEFAULT", pattern: /\bSTORAGE\s+DEFAULT\b/i },
  {
    since: "16",
    what: "STORAGE in CREATE TABLE",
    pattern: /\bCREATE\b.*\bTABLE\b.*\bSTORAGE\s+(?:PLAIN|EXTERNAL|EXTENDED|MAIN|DEFAULT)\b/is,
  },
  { since: "16", what: "any_value()", pattern: /\bany_value\s*\(/i },
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
    since: "17",
    what: "SET EXPRESSION AS",
    pattern: /\bSET\s+EXPRESSION\s+AS\b/i,
  },
  {
    since: "17",
    what: "JSON_TABLE(), JSON_EXISTS(), JSON_QUERY(), JSON_VALUE()",
    pattern: /\bJSON_(?:TABLE|EXISTS|QUERY|VALUE|SCALAR|SERIALIZE)\s*\(/i,
  },
  { since: "17", what: "the MAINTAIN privilege", pattern: /\b(?:GRANT|REVOKE)\b.*\bMAINTAIN\b/is },
  {
    since: "17",
    what: "MERGE ... RETURNING, WHEN NOT MATCHED BY SOURCE",
    pattern: /\bMERGE\b.*\b(?:RETURNING|NOT\s+MATCHED\s+BY)\b/is,
  },
  {
    since: "18",
    what: "virtual generated columns (GENERATED ALWAYS AS (...) without STORED)",
    pattern: /\bGENERATED\s+ALWAYS\s+AS\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?!\s*STORED\b)/i,
  },
  {
    since: "18",
    what:
      "NOT NULL as a named or table constraint (CONSTRAINT n NOT NULL, ADD NOT NULL c, NOT VALID)",
    pattern:
      /\bCONSTRAINT\s+(?:\w+|'')\s+NOT\s+NULL\b|\bADD\s+NOT\s+NULL\b|\bALTER\s+CONSTRAINT\b.*\bINHERIT\b/is,
  },
  {
    since: "18",
    what: "NOT ENFORCED constraints",
    pattern: /\)\s*(?:NOT\s+)?ENFORCED\b|\bALTER\s+CONSTRAINT\s+\S+\s+(?:NOT\s+)?ENFORCED\b/i,
  },
  {
    since: "18",
    what: "WITHOUT OVERLAPS and PERIOD in keys",
    pattern: /\bWITHOUT\s+OVERLAPS\b|\bPERIOD\s+(?:\w+|'')\s*\)/i,
  },
  { since: "18", what: "uuidv7(), uuidv4()", pattern: /\buuidv[47]\s*\(/i },
  { since: "18", what: "RETURNING OLD and NEW", pattern: /\bRETURNING\b.*\b(?:old|new)\s*\./is },
];
