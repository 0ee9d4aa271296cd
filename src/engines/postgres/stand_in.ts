/** Empty extensions in place of those that an embedded server lacks. */

import type { DatabaseError } from "../../core/error.ts";
import type { StandIn } from "../../runtimes/runtime.ts";
import { unquoted } from "../../sql/name.ts";
import { KNOWN_EXTENSIONS } from "./known_extensions.ts";
import { ident, literal } from "./quote.ts";

/** An extension as scripts create it. */
export interface WantedExtension {
  readonly name: string;
  /** Versions that are asked for, to create or to update to. */
  readonly versions: readonly string[];
  /** The comment that a script sets, which then is the one that it came with; null where none does. */
  readonly comment: string | null;
}

/** The files of an empty extension; null for a name that no extension has. */
export function standInFor({ name, versions, comment }: WantedExtension): StandIn | null {
  if (!VALID.test(name) || name.includes("--")) return null;
  const known = KNOWN_EXTENSIONS[name] ?? {};
  const asked = versions.filter((version) => VALID_VERSION.test(version));
  const latest = known.version ?? asked.at(-1) ?? "1.0";
  const all = [...new Set([latest, ...asked])].slice(0, MOST_VERSIONS);
  const control = [
    `default_version = ${setting(latest)}`,
    ...comment === null ? [] : [`comment = ${setting(comment)}`],
    ...known.schema === undefined ? ["relocatable = true"] : [`schema = ${setting(known.schema)}`],
    ...known.requires === undefined ? [] : [`requires = ${setting(known.requires.join(", "))}`],
  ];
  const files: Record<string, string> = { [`${name}.control`]: `${control.join("\n")}\n` };
  for (const version of all) {
    files[`${name}--${version}.sql`] = script(name);
    for (const other of all) {
      if (other !== version) files[`${name}--${version}--${other}.sql`] = "SELECT 1;\n";
    }
  }
  return { name, files };
}

/** What Postgres takes for the name of an extension, and more than we need of it. */
const VALID = /^(?=.{1,63}$)[A-Za-z0-9_][\w.-]*$/;
const VALID_VERSION = /^(?=.{1,14}$)[A-Za-z0-9_.]+(?:-[A-Za-z0-9_.]+)*$/;

/** Each has a file for the way to each other. */
const MOST_VERSIONS = 8;

function script(name: string): string {
  const { makes = [], wrappers = [] } = KNOWN_EXTENSIONS[name] ?? {};
  const schemas = makes.map((schema) => `
    DO $$ BEGIN
      IF to_regnamespace(${literal(schema)}) IS NULL THEN CREATE SCHEMA ${ident(schema)}; END IF;
    END $$;`);
  const servers = wrappers.map((wrapper) => `CREATE FOREIGN DATA WRAPPER ${ident(wrapper)};`);
  return ["SELECT 1;", ...schemas, ...servers].join("\n") + "\n";
}

/** A value of a control file, which has no line breaks. */
function setting(text: string): string {
  return `'${text.replaceAll(/[\r\n]+/g, " ").replaceAll("'", "''")}'`;
}

/**
 * The one of these extensions that would have brought what an error says is missing; null where none is known to. `schemas` are those
 * that they were created in, by extension.
 */
export function missingExtension(
  { message }: DatabaseError,
  names: readonly string[],
): string | null {
  const missing = missingName(message);
  if (missing === null) return null;
  const parts = [...missing.matchAll(/"(?:[^"]|"")*"|[^."]+/g)].map(([part]) => unquoted(part));
  const own = (parts.at(-1) ?? "").toLowerCase();
  const schema = parts.length > 1 ? parts.at(-2) ?? "" : null;
  return names.find((name) => {
    const { schema: fixed, makes = [], brings } = KNOWN_EXTENSIONS[name] ?? {};
    const schemas = [
      name,
      ...makes,
      ...fixed === undefined || fixed === "pg_catalog" ? [] : [fixed],
    ];
    if (/^schema /.test(message)) return schemas.includes(own);
    return schema !== null && schemas.includes(schema) || brings?.test(own) === true ||
      own.startsWith(name);
  }) ?? null;
}

/** The name in "relation "cron.job" does not exist", "function cron.schedule(unknown) does not exist" and their like. */
function missingName(message: string): string | null {
  return /^(?:type|relation|schema|language|access method|operator class|foreign-data wrapper|text search configuration|text search parser|collation|extension|server) "(.+?)" (?:.*)?does not exist/
    .exec(message)?.[1] ??
    /^(?:function|procedure|aggregate|type|column) ([^(\s]+)(?:\(.*\))? does not exist/.exec(
      message,
    )
      ?.[1] ??
    null;
}
