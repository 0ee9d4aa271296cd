/** What MySQL and MariaDB gained with their versions, as far as a migration may use it; from their manuals. */

import type { VersionFeature } from "../version_features.ts";

const RENAME_COLUMN = {
  what: "ALTER TABLE ... RENAME COLUMN",
  pattern: /\bALTER\s+TABLE\b.*\bRENAME\s+COLUMN\b/is,
};
const RENAME_INDEX = {
  what: "ALTER TABLE ... RENAME INDEX",
  pattern: /\bALTER\s+TABLE\b.*\bRENAME\s+(?:INDEX|KEY)\b/is,
};
const EXPRESSION_DEFAULT = {
  what: "a default in parentheses",
  pattern: /\bDEFAULT\s*\(/i,
};
const INVISIBLE_COLUMN = {
  what: "invisible columns",
  pattern:
    /\b(?:ADD|MODIFY|CHANGE)\s+COLUMN\b[^,]*\bINVISIBLE\b|\bCREATE\s+TABLE\b.*[\w'")]\s+INVISIBLE\b/is,
};
const JSON_TABLE = { what: "JSON_TABLE()", pattern: /\bJSON_TABLE\s*\(/i };
const WINDOW = { what: "window functions", pattern: /\bOVER\s*\(/i };
const COMMON_TABLE = { what: "WITH", pattern: /^\s*WITH\b|\bAS\s*\(?\s*WITH\b/i };

const ROUTINE_IF_NOT_EXISTS =
  /\bCREATE\b.*\b(?:PROCEDURE|FUNCTION|TRIGGER)\s+IF\s+NOT\s+EXISTS\b/is;

/** MySQL's, oldest first. */
export const mysqlFeatures: readonly VersionFeature[] = [
  { since: "5.7", ...RENAME_INDEX },
  { since: "5.7", what: "generated columns", pattern: /\bGENERATED\s+ALWAYS\s+AS\b/i },
  { since: "5.7.8", what: "type JSON", pattern: /\bJSON\b(?!\s*_)/i },
  { since: "8.0", ...RENAME_COLUMN },
  { since: "8.0", ...WINDOW },
  { since: "8.0", ...COMMON_TABLE },
  {
    since: "8.0",
    what: "descending indexes",
    pattern: /\b(?:INDEX|KEY)\b[^;]*\([^()]*\bDESC\b[^()]*\)/i,
  },
  {
    since: "8.0",
    what: "invisible indexes",
    pattern: /\bALTER\s+INDEX\b.*\b(?:IN)?VISIBLE\b|\)\s*INVISIBLE\b/is,
  },
  { since: "8.0.3", what: "SRID of columns", pattern: /\bSRID\s+\d/i },
  { since: "8.0.4", ...JSON_TABLE },
  { since: "8.0.13", ...EXPRESSION_DEFAULT },
  { since: "8.0.13", what: "functional indexes", pattern: /\b(?:INDEX|KEY)\b[^;]*\(\s*\(/i },
  { since: "8.0.16", what: "CHECK that is enforced", pattern: /\bCHECK\s*\(|\bDROP\s+CHECK\b/i },
  {
    since: "8.0.17",
    what: "indexes over several values",
    pattern: /\bCAST\s*\([^;]*\bAS\b[^;()]*(?:\([^()]*\))?\s*ARRAY\s*\)/i,
  },
  {
    since: "8.0.21",
    what: "attributes of the engine",
    pattern: /\b(?:SECONDARY_)?ENGINE_ATTRIBUTE\b/i,
  },
  { since: "8.0.23", what: "AUTOEXTEND_SIZE of tables", pattern: /\bAUTOEXTEND_SIZE\b/i },
  { since: "8.0.23", ...INVISIBLE_COLUMN },
  {
    since: "8.0.29",
    what: "IF NOT EXISTS of routines and triggers",
    pattern: ROUTINE_IF_NOT_EXISTS,
  },
  { since: "8.0.31", what: "INTERSECT, EXCEPT", pattern: /\b(?:INTERSECT|EXCEPT)\b/i },
  { since: "8.2", what: "PARALLEL", pattern: /\bPARALLEL\s*=/i },
  { since: "9.0", what: "type VECTOR", pattern: /\bVECTOR\b/i },
  {
    since: "9.0",
    what: "routines in JavaScript",
    pattern: /\bCREATE\b.*\bLANGUAGE\s+JAVASCRIPT\b/is,
  },
  { since: "9.2", what: "libraries", pattern: /\bCREATE\s+LIBRARY\b/i },
];

/** MariaDB's, oldest first. */
export const mariadbFeatures: readonly VersionFeature[] = [
  { since: "10.2", what: "checks", pattern: /\bCHECK\s*\(/i },
  { since: "10.2", ...WINDOW },
  { since: "10.2", ...COMMON_TABLE },
  { since: "10.2.1", ...EXPRESSION_DEFAULT },
  { since: "10.3", what: "sequences", pattern: /\bSEQUENCE\b|\bNEXTVAL\s*\(/i },
  { since: "10.3", what: "system versioning", pattern: /\bSYSTEM\s+VERSIONING\b/i },
  { since: "10.3", what: "packages", pattern: /\bPACKAGE\b/i },
  { since: "10.3", ...INVISIBLE_COLUMN },
  { since: "10.3", what: "INTERSECT, EXCEPT", pattern: /\b(?:INTERSECT|EXCEPT)\b/i },
  { since: "10.4.3", what: "periods of an application", pattern: /\bPERIOD\s+FOR\b/i },
  { since: "10.5.2", ...RENAME_COLUMN },
  { since: "10.5.2", ...RENAME_INDEX },
  { since: "10.5.3", what: "WITHOUT OVERLAPS", pattern: /\bWITHOUT\s+OVERLAPS\b/i },
  { since: "10.6", what: "ignored indexes", pattern: /\bIGNORED\b/i },
  { since: "10.6", ...JSON_TABLE },
  { since: "10.7", what: "type UUID", pattern: /\bUUID\b(?!\s*\()/i },
  {
    since: "10.8",
    what: "descending indexes",
    pattern: /\b(?:INDEX|KEY)\b[^;]*\([^()]*\bDESC\b[^()]*\)/i,
  },
  { since: "10.10", what: "type INET4", pattern: /\bINET4\b/i },
  { since: "11.5", what: "types of sequences", pattern: /\bSEQUENCE\s+(?:\S+\s+)AS\b/i },
  { since: "11.7", what: "type VECTOR", pattern: /\bVECTOR\b/i },
  {
    since: "11.8",
    what: "triggers on some columns",
    pattern: /\bTRIGGER\b[^;]*\b(?:BEFORE|AFTER)\s[^;]*\bUPDATE\s+OF\b/is,
  },
  {
    since: "12.0",
    what: "triggers on several events",
    pattern: /\bTRIGGER\b.*\b(?:INSERT|UPDATE|DELETE)\s+OR\s+(?:INSERT|UPDATE|DELETE)\b/is,
  },
];
