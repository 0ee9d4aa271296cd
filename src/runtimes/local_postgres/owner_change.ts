/** `ALTER ... OWNER TO`: a superuser may give an object to any role, an owner only to one that could have made it itself. */

import { quoteText } from "../postgres_server/administration.ts";
import { SCRIPT_ROLE } from "./roles.ts";

/**
 * A query that says, in the session's own search path, whether a statement gives an object of the schema to a role that is no
 * superuser; null for any other statement. No code of the schema runs in such a statement: a name is all that stands in it.
 */
export function ownerQuery(sql: string): string | null {
  const [, kind = "", name = "", role = ""] = OWNER.exec(sql) ?? [];
  if (kind === "") return null;
  const owner = unquoted(role);
  // What it owns already it may give itself.
  if (owner === SCRIPT_ROLE) return null;
  if (KEYWORDS.test(role) || /^pg_/.test(owner)) return null;
  const isPlain =
    `EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) ${
      quoteText(owner)
    } AND NOT r.rolsuper)`;
  return `SELECT (${isOfSchema(kind.toUpperCase(), name)}) AND ${isPlain}`;
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;
/** Signs of an operator that begin no comment. */
const SIGNS = String.raw`(?:(?!--|/\*)[-+*/<>=~!@#%^&|\`?])+`;
const OWNER = new RegExp(
  String
    .raw`^ALTER\s+(TABLE|VIEW|MATERIALIZED\s+VIEW|FOREIGN\s+TABLE|SEQUENCE|TYPE|DOMAIN|SCHEMA|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|` +
    String
      .raw`OPERATOR(?:\s+(?:CLASS|FAMILY))?|COLLATION|CONVERSION|STATISTICS|TEXT\s+SEARCH\s+(?:CONFIGURATION|DICTIONARY))\s+` +
    String
      .raw`(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?((?:${NAME}\s*\.\s*)?(?:${NAME}|${SIGNS}))(?:\s*\([^()'";$]*\))?(?:\s+USING\s+${NAME})?\s+` +
    String.raw`OWNER\s+TO\s+(${NAME})\s*;?\s*$`,
  "i",
);

/** They stand for a role; one of these names is written in quotes. */
const KEYWORDS = /^(?:current_role|current_user|session_user|public|none)$/i;

/** A condition that holds for nothing of the server's own, whatever the search path makes of the name. */
function isOfSchema(kind: string, name: string): string {
  const text = quoteText(name);
  const bare = unquoted(/(?:^|\.)\s*("(?:[^"]|"")+"|[^".\s]+)$/.exec(name)?.[1] ?? name);
  switch (kind.replace(/\s+/g, " ")) {
    case "SCHEMA":
      return /^(?:pg_|information_schema$)/.test(bare) ? "false" : "true";
    case "TYPE":
    case "DOMAIN":
      return isUsers(`pg_catalog.to_regtype(${text})`);
    case "FUNCTION":
    case "PROCEDURE":
    case "ROUTINE":
    case "AGGREGATE":
      return isNobodyElses("pg_proc", "proname", bare);
    case "OPERATOR":
      return isNobodyElses("pg_operator", "oprname", bare);
    case "OPERATOR CLASS":
      return isNobodyElses("pg_opclass", "opcname", bare);
    case "OPERATOR FAMILY":
      return isNobodyElses("pg_opfamily", "opfname", bare);
    case "COLLATION":
      return isNobodyElses("pg_collation", "collname", bare);
    case "CONVERSION":
      return isNobodyElses("pg_conversion", "conname", bare);
    case "STATISTICS":
      return isNobodyElses("pg_statistic_ext", "stxname", bare);
    case "TEXT SEARCH CONFIGURATION":
      return isNobodyElses("pg_ts_config", "cfgname", bare);
    case "TEXT SEARCH DICTIONARY":
      return isNobodyElses("pg_ts_dict", "dictname", bare);
    default:
      return isUsers(`pg_catalog.to_regclass(${text})`);
  }
}

/** The server itself has none of that name. */
function isNobodyElses(catalog: string, column: string, name: string): string {
  return `NOT EXISTS (SELECT FROM pg_catalog.${catalog} p WHERE p.${column} OPERATOR(pg_catalog.=) ${
    quoteText(name)
  } AND p.oid OPERATOR(pg_catalog.<) ${FIRST_USER_OID})`;
}

/** Operators are named with their schema: a script may have put others before them. */
function isUsers(object: string): string {
  return `${object}::pg_catalog.oid OPERATOR(pg_catalog.>=) ${FIRST_USER_OID}`;
}

/** Object ids below are the server's own. */
const FIRST_USER_OID = "16384::pg_catalog.oid";

/** As the catalog keeps it. */
function unquoted(name: string): string {
  return name.startsWith('"')
    ? name.slice(1, -1).replaceAll('""', '"')
    : name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
