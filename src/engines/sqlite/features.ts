/** What SQLite gained with its versions, as far as a migration may use it; from its release notes. */

import type { VersionFeature } from "../version_features.ts";

/** Oldest first. */
export const features: readonly VersionFeature[] = [
  {
    since: "3.24",
    what: "ON CONFLICT DO UPDATE or NOTHING",
    pattern: /\bON\s+CONFLICT\b.*\bDO\b/is,
  },
  {
    since: "3.25",
    what: "ALTER TABLE ... RENAME COLUMN",
    pattern: /\bALTER\s+TABLE\b.*\bRENAME\s+(?!TO\b)/is,
  },
  { since: "3.25", what: "window functions", pattern: /\bOVER\s*(?:\(|[a-z_])/i },
  { since: "3.30", what: "NULLS FIRST, NULLS LAST", pattern: /\bNULLS\s+(?:FIRST|LAST)\b/i },
  { since: "3.30", what: "FILTER (WHERE ...)", pattern: /\bFILTER\s*\(\s*WHERE\b/i },
  {
    since: "3.31",
    what: "generated columns",
    pattern: /\bGENERATED\s+ALWAYS\b|\bAS\s*\(.*\)\s*(?:STORED|VIRTUAL)\b/is,
  },
  { since: "3.32", what: "iif()", pattern: /\biif\s*\(/i },
  { since: "3.33", what: "UPDATE ... FROM", pattern: /^\s*UPDATE\b.*\bSET\b[^()]*\bFROM\b/is },
  {
    since: "3.35",
    what: "ALTER TABLE ... DROP COLUMN",
    pattern: /\bALTER\s+TABLE\b.*\bDROP\s+(?:COLUMN\b|\w|'')/is,
  },
  { since: "3.35", what: "RETURNING", pattern: /\bRETURNING\b/i },
  { since: "3.35", what: "MATERIALIZED in WITH", pattern: /\bAS\s+(?:NOT\s+)?MATERIALIZED\b/i },
  {
    since: "3.35",
    what: "ln(), sqrt(), pow() and their like",
    pattern: /\b(?:ln|sqrt|pow|power|ceil|floor|mod|trunc)\s*\(/i,
  },
  { since: "3.37", what: "STRICT tables", pattern: /\)\s*(?:WITHOUT\s+ROWID\s*,\s*)?STRICT\b/i },
  { since: "3.38", what: "-> and ->>", pattern: /->/ },
  { since: "3.38", what: "unixepoch(), format()", pattern: /\b(?:unixepoch|format)\s*\(/i },
  {
    since: "3.39",
    what: "RIGHT and FULL JOIN, IS DISTINCT FROM",
    pattern: /\b(?:RIGHT|FULL)\s+(?:OUTER\s+)?JOIN\b|\bIS\s+(?:NOT\s+)?DISTINCT\s+FROM\b/i,
  },
  { since: "3.41", what: "unhex()", pattern: /\bunhex\s*\(/i },
  {
    since: "3.43",
    what: "octet_length(), timediff()",
    pattern: /\b(?:octet_length|timediff)\s*\(/i,
  },
  {
    since: "3.44",
    what: "concat(), concat_ws(), string_agg()",
    pattern: /\b(?:concat|concat_ws|string_agg)\s*\(/i,
  },
  { since: "3.45", what: "jsonb functions", pattern: /\bjsonb(?:_\w+)?\s*\(/i },
  { since: "3.46", what: "numbers with underscores", pattern: /\b\d+_\d/ },
  { since: "3.50", what: "unistr()", pattern: /\bunistr(?:_quote)?\s*\(/i },
];
